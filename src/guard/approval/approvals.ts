import type { Listeners, Press } from '../../desk/operation.ts';
import type { GuardServices } from '../services.ts';
import { type Closing, createClosing } from './closing.ts';
import { createDecide, type Wiring } from './decide.ts';
import { createLeftRequests } from './left.ts';
import * as view from './view.ts';
import { createWaitingRequests, type WaitingRequests } from './waiting.ts';

export type Approvals = Pick<WaitingRequests, 'ask' | 'stop'> & {
  presses: NonNullable<Listeners['presses']>;
  closeLeft: Closing['closeLeft'];
};

/** A code that needs a second person: asked for in a channel, decided once, on whichever instance. */
export function createApprovals(services: GuardServices, wiring: Wiring): Approvals {
  const left = createLeftRequests(services);
  const waiting = createWaitingRequests(services, left);
  const closing = createClosing(services, left, waiting.isOurs);
  const decide = createDecide(services, waiting, wiring);

  const presses = {
    [view.APPROVE]: {
      role: 'approver' as const,
      fresh: true,
      handle: (press: Press) => decide(press, 'approve'),
    },
    [view.DENY]: {
      role: 'approver' as const,
      fresh: true,
      handle: (press: Press) => decide(press, 'deny'),
    },
  };

  return {
    ask: waiting.ask,
    presses,
    closeLeft: closing.closeLeft,
    async stop() {
      closing.stop();
      await waiting.stop();
    },
  };
}
