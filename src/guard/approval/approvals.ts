import type { Listeners } from '../../desk/operation.ts';
import { idsOf } from '../form/card.ts';
import type { GuardServices } from '../services.ts';
import { createApprove, type Wiring } from './approve.ts';
import { type Closing, createClosing } from './closing.ts';
import { createDeny } from './deny.ts';
import { createLeftRequests } from './left.ts';
import { createWaitingRequests, type WaitingRequests } from './waiting.ts';

export type Approvals = Pick<WaitingRequests, 'ask' | 'stop'> & {
  listeners: Required<Listeners>;
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
  const approve = createApprove(services, waiting, wiring);
  const deny = createDeny(services, waiting);
  const { on } = services.changes;
  const byApprover = { role: 'approver', fresh: true } as const;

  return {
    ask: waiting.ask,
    listeners: {
      presses: Object.fromEntries(
        on.flatMap((change) => [
          [idsOf(change).approve, { ...byApprover, handle: (press) => approve(change, press) }],
          [
            idsOf(change).deny,
            {
              ...byApprover,
              modal: (press) => deny.form(change, press),
              handle: (press) => deny.press(change, press),
            },
          ],
        ]),
      ),
      submissions: Object.fromEntries(
        on.map((change) => [idsOf(change).denial, (submission) => deny.submit(change, submission)]),
      ),
    },
    async closeLeft(rows) {
      waiting.start();
      await closing.closeLeft(rows);
    },
    async stop() {
      closing.stop();
      await waiting.stop();
    },
  };
}
