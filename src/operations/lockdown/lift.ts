import { z } from 'zod';
import { refusalByNow } from '../../desk/call.ts';
import { TOO_OLD } from '../../desk/failures.ts';
import type { PressHandler } from '../../desk/operation.ts';
import { NOT_LIFTED } from '../../guard/switches/switches.ts';
import type { Services } from '../services.ts';
import * as view from './view.ts';

/** How long the question can be answered, in milliseconds. */
const LIFETIME = 10 * 60_000;

/** What *Lift the lockdown* carries, sealed: who was asked, and about which lockdown. */
const Question = z.object({ by: z.string(), seq: z.number() });

export const closeQuestion = ({ slack: { seal } }: Services, question: z.output<typeof Question>) =>
  seal.close(view.LIFT, question, LIFETIME);

/** *Lift the lockdown*: recorded first. Does not lift a lockdown given again since the question. */
export function liftLockdown(services: Services): PressHandler {
  const { lockdown, changes, announce } = services.guard;
  const { seal } = services.slack;
  const { stopped } = changes;

  return async (press) => {
    const { value, userId, reply, audit } = press;
    const { data: question } = Question.safeParse(await seal.open(view.LIFT, value));
    if (question?.by !== userId) return reply(TOO_OLD);
    const replace = { replace: true };
    if (!(await lockdown.isOn())) return reply(view.notOn(stopped), replace);
    if (lockdown.lastWord()?.seq !== question.seq) return reply(view.givenAnew(), replace);
    const refusal = await refusalByNow(services, press, 'approver');
    if (refusal) return reply(refusal);

    await audit.write('lockdown off');
    const given = await lockdown.set(false, question.seq);
    if (given.stays) {
      // The trail's last row must match what holds.
      await audit.note('lockdown on', { failure: NOT_LIFTED[given.stays] });
      return reply(view.staysOn(given.stays));
    }
    announce(press, view.liftedBy(stopped, userId), true);
    await reply(view.isOff(stopped, given), replace);
  };
}
