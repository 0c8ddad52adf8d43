import type { Listeners } from '../../desk/operation.ts';
import { type Approvals, createApprovals } from '../approval/approvals.ts';
import { createAsk } from '../form/ask.ts';
import { cancel } from '../form/cancel.ts';
import { CANCEL, HIDE, ISSUE, VERIFY } from '../form/card.ts';
import { submitVerification, verify } from '../form/verify.ts';
import { createJudge } from '../gate/judge.ts';
import { createNotice } from '../notice/index.ts';
import type { Lift } from '../notice/lift.ts';
import type { GuardServices } from '../services.ts';
import { createIssue } from './carry-out.ts';
import { hide } from './hide.ts';
import { createShownCodes } from './shown.ts';

/** The registration code: the command, its card, the second person, the notice, and the erasing. */
export function createRegistrationCode(services: GuardServices): {
  listeners: Listeners;
  /** Closes what an earlier process left waiting for approval, and tells what it could not. */
  closeLeft: Approvals['closeLeft'];
  lift: Lift;
  /** Takes back what waits for approval, and erases every code that is still on somebody's screen. */
  stop(): Promise<void>;
} {
  const shown = createShownCodes(services);
  const notice = createNotice(services);
  const judge = createJudge(services);
  const issue = createIssue(services, shown, notice.tell);
  const approvals = createApprovals(services, { judge, issue });
  const ask = createAsk(services, { judge, issue, approvals });

  return {
    lift: notice.lift,
    listeners: {
      presses: {
        [VERIFY]: verify(services),
        [CANCEL]: { role: undefined, handle: cancel(services) },
        [HIDE]: { role: undefined, handle: hide(services, shown) },
        ...approvals.presses,
        ...notice.presses,
      },
      submissions: { [ISSUE]: submitVerification(services, ask) },
    },
    async closeLeft(rows) {
      void services.lasting(notice.tellLeft(rows));
      await approvals.closeLeft(rows);
    },
    async stop() {
      await Promise.all([approvals.stop(), shown.eraseAll()]);
    },
  };
}
