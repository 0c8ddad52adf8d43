import type { Listeners, Press } from '../../desk/operation.ts';
import type { Change } from '../change/change.ts';
import { idsOf } from '../form/card.ts';
import type { GuardServices } from '../services.ts';
import { type Closing, createClosing } from './closing.ts';
import { createDecide, type Wiring } from './decide.ts';
import { createLeftRequests } from './left.ts';
import { createWaitingRequests, type WaitingRequests } from './waiting.ts';

export type Approvals = Pick<WaitingRequests, 'ask' | 'stop'> & {
  presses: NonNullable<Listeners['presses']>;
  closeLeft: Closing['closeLeft'];
};

/**
 * Changes that need a second person: requested in a channel and
 * decided once, by whichever instance.
 */
export function createApprovals(services: GuardServices, wiring: Wiring): Approvals {
  const left = createLeftRequests(services);
  const waiting = createWaitingRequests(services, left);
  const closing = createClosing(services, left, waiting.isOurs);
  const decide = createDecide(services, waiting, wiring);

  const deciding = (change: Change, how: 'approve' | 'deny') => ({
    role: 'approver' as const,
    fresh: true,
    handle: (press: Press) => decide(change, press, how),
  });

  return {
    ask: waiting.ask,
    presses: Object.fromEntries(
      services.changes.on.flatMap((change) => [
        [idsOf(change).approve, deciding(change, 'approve')],
        [idsOf(change).deny, deciding(change, 'deny')],
      ]),
    ),
    closeLeft: closing.closeLeft,
    async stop() {
      closing.stop();
      await waiting.stop();
    },
  };
}
