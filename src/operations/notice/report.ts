import { TOO_OLD } from '../failures.ts';
import type { Press, PressHandler, Services } from '../operation.ts';
import { liftBlock } from './lift.ts';
import * as view from './view.ts';

/** An alert stays where it is until somebody deals with it. */
const LIFETIME = 90 * 24 * 60 * 60_000;

/** *This wasn't me*: no more codes for this user, and somebody hears of it. */
export function report({ seal, blocks, channels, securityChannel }: Services): PressHandler {
  return async (press) => {
    const { data: issued } = view.Issued.safeParse(await seal.open(view.REPORT, press.value));
    if (!issued || issued.person !== press.userId) return press.reply(view.TOO_LATE);
    const { target, incident, agent } = issued;

    // First of all, and whatever fails after it.
    const { told, outlivesRestart } = await blocks.block(target);
    if (!told) press.log.error({ target }, 'not every instance knows of a block');
    press.log.warn({ target, agent }, 'a registration code was reported as not asked for');
    await press.audit.note('reported', { target, reason: `issued by ${agent}`, incident });
    const alerted = await alert(press, issued);
    await press.reply(view.reported({ alerted, outlivesRestart }), {
      replace: true,
      visibility: 'in_channel',
    });
  };

  async function alert({ log }: Press, issued: view.Issued): Promise<boolean> {
    if (!securityChannel) return false;
    try {
      const value = await seal.close(view.LIFT, issued, LIFETIME);
      await channels.post(securityChannel, view.alert(issued, value));
      return true;
    } catch (error) {
      log.error({ err: error }, 'SECURID_SECURITY_CHANNEL did not get an alert: is the bot in it?');
      return false;
    }
  }
}

/** *Lift the block*, on the alert. */
export const lift =
  ({ seal, blocks }: Services): PressHandler =>
  async ({ value, userId, reply, audit, course }) => {
    const { data: issued } = view.Issued.safeParse(await seal.open(view.LIFT, value));
    if (!issued) return reply(TOO_OLD);
    const { target, incident, agent, approver, person } = issued;
    if ([agent, approver, person].includes(userId)) {
      course.outcome = 'refused';
      await audit.note('refusal', { target, incident, reason: 'somebody else lifts the block' });
      return reply(view.NOT_YOURS_TO_LIFT);
    }
    if (await blocks.isBlocked(target)) await liftBlock({ blocks }, audit, { target, incident });
    await reply(view.lifted(issued, userId), { replace: true, visibility: 'in_channel' });
  };
