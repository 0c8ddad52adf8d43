import { randomUUID } from 'node:crypto';
import { TOO_OLD } from '../../desk/failures.ts';
import type { Press, PressHandler } from '../../desk/operation.ts';
import type { GuardServices } from '../services.ts';
import { addedSince } from './added-devices.ts';
import type { Alert } from './alert.ts';
import { Issued } from './made.ts';
import { Report, type Reports } from './reports.ts';
import * as view from './view.ts';

/** For how long the person waits to hear whether security was told. */
const ALERT_WITHIN = 5000;

/** What the notice's buttons carry, if it is the presser's. */
async function readNotice(
  { seal, names }: GuardServices,
  press: Press,
): Promise<Issued | undefined> {
  const { data: issued } = Issued.safeParse(await seal.open(view.REPORT, press.value));
  if (issued?.person !== press.userId) return undefined;
  names.learn({ userId: issued.target, name: issued.name, email: issued.email });
  return issued;
}

/** @returns whether it is on disk */
const record = ({ audit }: Press, { change, target, incident, agent }: Issued): Promise<boolean> =>
  audit.of(change).note('reported', { target, reason: `issued by ${agent}`, incident });

/** *This wasn't me*: no more codes for this user, and somebody hears of it. */
export function report(services: GuardServices, reports: Reports, post: Alert): PressHandler {
  const { blocks, clock, securityChannel } = services;

  return async (press) => {
    const issued = await readNotice(services, press);
    if (!issued) return press.reply(view.TOO_LATE);
    const { target, agent } = issued;

    // First of all, and whatever fails after it.
    const given = await blocks.block(target);
    if (!given.told) press.log.error({ target }, 'not every instance knows of a block');
    press.log.warn({ target, agent }, 'a registration code was reported as not asked for');
    const kept = { ...issued, id: randomUUID(), reportedAt: clock.now() };
    const isNew = await reports.isFirst(issued);
    if (isNew) await reports.keep(kept);
    // The next start learns of the block from the state or from the trail.
    const isRecorded = (isNew || !given.outlivesRestart) && (await record(press, issued));
    const outlivesRestart = given.outlivesRestart || isRecorded;
    const alerted = isNew ? await alert(press, kept) : true;
    await press.reply(view.reported({ alerted, outlivesRestart }), {
      replace: true,
      visibility: 'in_channel',
    });
  };

  async function alert(press: Press, kept: Report): Promise<boolean> {
    if (!securityChannel) return false;
    const added = await addedSince(services, kept, press);
    return inTime(post(kept, { added, log: press.log }));
  }

  /** The person hears in time whether to call; the alert is tried on. */
  function inTime(arrived: Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      const stopWaiting = clock.after(ALERT_WITHIN, () => resolve(false));
      void arrived.then(resolve).finally(stopWaiting);
    });
  }
}

/** *It was me*: goes on record, and lifts nothing. What the person said can still be taken back. */
export function confirm(services: GuardServices, reports: Reports): PressHandler {
  return async (press) => {
    const issued = await readNotice(services, press);
    if (!issued) return press.reply(view.TOO_LATE);
    const { change, target, incident, agent } = issued;
    await press.audit
      .of(change)
      .note('confirmed', { target, reason: `issued by ${agent}`, incident });
    const open = await reports.open(target).catch(() => []);
    if (open.some((one) => one.incident === incident)) return press.reply(view.STAYS_BLOCKED);
    await press.reply(view.confirmed(issued, press.value), {
      replace: true,
      visibility: 'in_channel',
    });
  };
}

/** *Show the devices*, on the alert: their names, for whoever presses. */
export function showDevices(services: GuardServices): PressHandler {
  return async (press) => {
    const { data } = Report.safeParse(await services.seal.open(view.LIFT, press.value));
    if (!data) return press.reply(TOO_OLD);
    await press.audit.note('look-up', { target: data.target });
    await press.reply(view.devices(data, await addedSince(services, data, press)));
  };
}
