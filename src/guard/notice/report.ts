import { randomUUID } from 'node:crypto';
import { TOO_OLD } from '../../desk/failures.ts';
import type { Press, PressHandler } from '../../desk/operation.ts';
import type { Changes } from '../change/changes.ts';
import type { GuardServices } from '../services.ts';
import { addedSince } from './added-devices.ts';
import type { Alert } from './alert.ts';
import * as alertView from './alert-view.ts';
import type { EndOnReport } from './end-on-report.ts';
import { Made } from './made.ts';
import { Report, type Reports } from './reports.ts';
import { textsOf } from './texts.ts';
import * as view from './view.ts';

/** How long the user waits to hear whether security was told, in milliseconds. */
const ALERT_WITHIN = 5000;

/** What the notice's buttons carry, if the notice is for whoever pressed. */
async function readNotice(
  { names, slack: { seal } }: GuardServices,
  press: Press,
): Promise<Made | undefined> {
  const { data: made } = Made.safeParse(await seal.open(view.REPORT, press.value));
  if (made?.person !== press.userId) return undefined;
  names.learn({ userId: made.target, name: made.name, email: made.email });
  return made;
}

/** @returns whether it is on disk */
const record = (
  { changes }: GuardServices,
  { audit }: Press,
  { change, target, incident, agent }: Made,
): Promise<boolean> =>
  audit
    .of(change)
    .note('reported', { target, reason: madeBy(changes, { change, agent }), incident });

const madeBy = (changes: Changes, { change, agent }: Pick<Made, 'change' | 'agent'>) =>
  `${changes.textOf(change).words.done} by ${agent}`;

/** *This wasn't me*: blocks the user, ends what a report ends, and alerts security. */
export function report(
  services: GuardServices,
  reports: Reports,
  { post, endOnReport }: { post: Alert; endOnReport: EndOnReport },
): PressHandler {
  const { blocks, clock, changes, securityChannel } = services;

  return async (press) => {
    const made = await readNotice(services, press);
    if (!made) return press.reply(view.tooLate(services.changes.stopped));
    const { target, agent } = made;

    // First of all, whatever fails afterwards.
    const given = await blocks.block(target);
    if (!given.told) press.log.error({ target }, 'not every instance knows of a block');
    press.log.warn(
      { target, agent },
      `${changes.textOf(made.change).words.one} was reported as not asked for`,
    );
    const kept = { ...made, id: randomUUID(), reportedAt: clock.now() };
    const isNew = await reports.isFirst(made);
    if (isNew) await reports.keep(kept);
    const ending = isNew ? endOnReport(kept, press) : Promise.resolve([]);
    // The next start learns of the block from the state or the trail.
    const isRecorded = (isNew || !given.outlivesRestart) && (await record(services, press, made));
    const outlivesRestart = given.outlivesRestart || isRecorded;
    const alerted = isNew ? await alert(press, kept, ending) : true;
    const ended = await ending;
    await press.reply(view.reported(changes.stopped, { alerted, outlivesRestart, ended }), {
      replace: true,
      visibility: 'in_channel',
    });
  };

  async function alert(
    press: Press,
    kept: Report,
    ending: ReturnType<EndOnReport>,
  ): Promise<boolean> {
    if (!securityChannel) return false;
    const [added, ended] = await Promise.all([addedSince(services, kept, press), ending]);
    return inTime(post(kept, { added, ended, log: press.log }));
  }

  /** The user hears in time whether to call. The alert is still retried. */
  function inTime(arrived: Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      const stopWaiting = clock.after(ALERT_WITHIN, () => resolve(false));
      void arrived.then(resolve).finally(stopWaiting);
    });
  }
}

/** *It was me*: is recorded and lifts nothing. The user can still report the change. */
export function confirm(services: GuardServices, reports: Reports): PressHandler {
  return async (press) => {
    const made = await readNotice(services, press);
    if (!made) return press.reply(view.tooLate(services.changes.stopped));
    const { target, incident } = made;
    await press.audit.of(made.change).note('confirmed', {
      target,
      reason: madeBy(services.changes, made),
      incident,
    });
    const texts = textsOf(services.changes, made);
    const open = await reports.open(target).catch(() => []);
    if (open.some((one) => one.incident === incident)) return press.reply(view.staysBlocked(texts));
    await press.reply(view.confirmed(texts, made, press.value), {
      replace: true,
      visibility: 'in_channel',
    });
  };
}

/** *Show the devices*, on the alert: shows their names to the person who pressed. */
export function showDevices(services: GuardServices): PressHandler {
  return async (press) => {
    const { data } = Report.safeParse(await services.slack.seal.open(alertView.LIFT, press.value));
    if (!data) return press.reply(TOO_OLD);
    await press.audit.note('look-up', { target: data.target });
    await press.reply(alertView.devices(data, await addedSince(services, data, press)));
  };
}
