import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { Change } from '../change/change.ts';
import { GIVES_ACCESS } from '../change/risk.ts';
import type { GuardServices } from '../services.ts';
import { addedSince } from './added-devices.ts';
import type { Alert } from './alert.ts';
import type { EndOnReport } from './end-on-report.ts';
import type { Reports } from './reports.ts';

/** How long SecurID may take, in milliseconds. */
const END_WITHIN = 4000;

/**
 * A change was made whose user reported another while SecurID was asked: what the report would have ended is
 * ended now, and security reads of it. Never throws.
 */
export type EndLate = (change: Change, user: UserDetails, call: Pick<Call, 'log'>) => Promise<void>;

export function createEndLate(
  services: GuardServices,
  reports: Reports,
  { post: alert, endOnReport }: { post: Alert; endOnReport: EndOnReport },
): EndLate {
  const { blocks, clock, changes } = services;

  async function end(target: string, { log }: Pick<Call, 'log'>): Promise<void> {
    const last = (await reports.open(target)).at(-1);
    if (!last) return;
    // What was asked for then was not what has just been given.
    const { endingAsked: _, ...report } = last;
    const until = clock.elapsed() + END_WITHIN;
    const about = { securid: { lane: target, took: () => {}, until }, log };
    const ended = await endOnReport(report, about);
    if (ended.length === 0) return;
    await alert(report, { added: await addedSince(services, report, about), ended, log });
  }

  return async ({ risk }, { id }, call) => {
    const isEnded = changes.on.some(({ onReport }) => onReport !== undefined);
    if (!isEnded || !GIVES_ACCESS.has(risk)) return;
    try {
      // A report comes after its block, and looks for itself.
      if (await blocks.isBlocked(id)) await end(id, call);
    } catch (error) {
      call.log.error({ err: error, target: id }, 'a change made during a report was not ended');
    }
  };
}
