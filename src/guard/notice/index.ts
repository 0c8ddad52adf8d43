import type { Listeners } from '../../desk/operation.ts';
import type { GuardServices } from '../services.ts';
import { actPresses } from './act.ts';
import { createAlert } from './alert.ts';
import { DEVICES, LIFT } from './alert-view.ts';
import { createEndLate } from './end-late.ts';
import { createEndOnReport } from './end-on-report.ts';
import { createTellLeft, type TellLeft } from './left.ts';
import { createLift, type Lift, pressLift } from './lift.ts';
import { confirm, report, showDevices } from './report.ts';
import { createReports } from './reports.ts';
import { createTell, type Tell } from './tell.ts';
import { CONFIRM, REPORT } from './view.ts';

export type Notice = {
  tell: Tell;
  lift: Lift;
  tellLeft: TellLeft;
  presses: NonNullable<Listeners['presses']>;
};

/** How users hear of a change, and how they can respond. */
export function createNotice(services: GuardServices): Notice {
  const reports = createReports(services);
  const lift = createLift(services, reports);
  const alerting = {
    post: createAlert(services, reports),
    endOnReport: createEndOnReport(services, reports),
  };
  const tell = createTell(services);
  const endLate = createEndLate(services, reports, alerting);
  return {
    tellLeft: createTellLeft(services, reports, alerting),
    tell(change, user, about) {
      void services.slack.lasting(endLate(change, user, about.call));
      return tell(change, user, about);
    },
    lift,
    presses: {
      [REPORT]: { role: undefined, handle: report(services, reports, alerting) },
      [CONFIRM]: { role: undefined, handle: confirm(services, reports) },
      [LIFT]: { role: 'approver', fresh: true, handle: pressLift(services, reports, lift) },
      ...actPresses(services, reports),
      [DEVICES]: { role: 'approver', handle: showDevices(services) },
    },
  };
}
