import type { Listeners, Operation } from '../../desk/operation.ts';
import { type Approvals, createApprovals } from '../approval/approvals.ts';
import { type Ask, createAsk } from '../form/ask.ts';
import { cancel } from '../form/cancel.ts';
import { idsOf } from '../form/card.ts';
import { submitVerification, verify } from '../form/verify.ts';
import { createJudge } from '../gate/judge.ts';
import { createNotice } from '../notice/index.ts';
import type { Lift } from '../notice/lift.ts';
import type { GuardServices } from '../services.ts';
import { createCarryOut } from './carry-out.ts';
import type { Change } from './change.ts';
import { changeCommand } from './command.ts';
import { hide } from './hide.ts';
import { createShownSecrets, type ShownSecrets } from './shown.ts';
import { switchedOff } from './switched-off.ts';

export type WayOfChange = {
  /** Commands of the changes that are switched on. */
  commands: Operation[];
  /** Commands that answer that a change is not switched on. */
  switchedOff: Operation[];
  listeners: Required<Listeners>;
  /**
   * Closes requests for approval that an earlier process left
   * waiting, and posts what it could not post.
   */
  closeLeft: Approvals['closeLeft'];
  lift: Lift;
  /** Withdraws requests for approval, and erases every secret that is still on a screen. */
  stop(): Promise<void>;
};

/**
 * Everything that happens with a declared change: the command, its card, the form, approval, the
 * notice and the erasing.
 */
export function createWayOfChange(services: GuardServices): WayOfChange {
  const { on, off } = services.changes;
  const shown = createShownSecrets(services);
  const notice = createNotice(services);
  const judge = createJudge(services);
  const carryOut = createCarryOut(services, shown, notice.tell);
  const approvals = createApprovals(services, { judge, carryOut });
  const ask = createAsk(services, { judge, carryOut, approvals });
  const all = on.map((change) => listenersOf(services, change, { ask, shown }));

  return {
    commands: on.map((change) => changeCommand(services, change)),
    switchedOff: off.map(switchedOff),
    lift: notice.lift,
    listeners: {
      presses: Object.assign(
        { ...approvals.listeners.presses, ...notice.presses },
        ...all.map(({ presses }) => presses),
      ),
      submissions: Object.assign(
        { ...approvals.listeners.submissions },
        ...all.map(({ submissions }) => submissions),
      ),
    },
    async closeLeft(rows) {
      void services.slack.lasting(notice.tellLeft(rows));
      await approvals.closeLeft(rows);
    },
    async stop() {
      await Promise.all([approvals.stop(), shown.eraseAll()]);
    },
  };
}

function listenersOf(
  services: GuardServices,
  change: Change,
  { ask, shown }: { ask: Ask; shown: ShownSecrets },
): Listeners {
  const ids = idsOf(change);
  return {
    presses: {
      [ids.verify]: verify(services, change),
      [ids.cancel]: { role: undefined, handle: cancel(services, change) },
      ...(change.isSecret && {
        [ids.hide]: { role: undefined, handle: hide(services, change, shown) },
      }),
    },
    submissions: { [ids.form]: submitVerification(services, change, ask) },
  };
}
