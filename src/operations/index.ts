import { createCommand } from '../desk/command.ts';
import { FOLLOW_UP } from '../desk/follow-up.ts';
import { MENU } from '../desk/leads.ts';
import type { DeskServices, Operation } from '../desk/operation.ts';
import { createPress, createSubmit } from '../desk/press.ts';
import type { Guard } from '../guard/guard.ts';
import { createCharts } from '../slack/charts.ts';
import type { Store } from '../store/index.ts';
import { authenticators } from './authenticators/handler.ts';
import { choosing, find } from './find/handler.ts';
import { CHOOSE } from './find/view.ts';
import { assignForm } from './hardware-token/assign-form.ts';
import { hardwareToken } from './hardware-token/handler.ts';
import { help } from './help/handler.ts';
import { history } from './history/handler.ts';
import { createHome } from './home/handler.ts';
import { download } from './license-usage/download.ts';
import { licenseUsage } from './license-usage/handler.ts';
import { createLicenses, type LicensePolicy } from './license-usage/licenses.ts';
import { createSchedule } from './license-usage/schedule/index.ts';
import type { LicenseSchedule } from './license-usage/schedule/times.ts';
import { DOWNLOAD } from './license-usage/view.ts';
import { lockdownSwitch } from './lockdown/handler.ts';
import { liftLockdown } from './lockdown/lift.ts';
import { LIFT as LIFT_LOCKDOWN } from './lockdown/view.ts';
import type { Services } from './services.ts';
import { unblock } from './unblock/handler.ts';
import { userDetails } from './user-details/handler.ts';

type Count = (work: Promise<unknown>) => Promise<void>;
type Rooms = { desk: DeskServices; guard: Guard; store: Store };
type Settings = { licenses: LicensePolicy; licenseSchedule: LicenseSchedule };

/**
 * Everything that a person can do, in the order of `help`, and everything that runs on schedule.
 */
export function createOperations(settings: Settings, rooms: Rooms, count: Count) {
  const { desk, guard, store } = rooms;
  const licenses = createLicenses({
    ...desk,
    charts: createCharts(desk.clock),
    policy: settings.licenses,
  });
  const services: Services = { ...desk, guard, licenses };
  const card = userDetails(services);
  const token = hardwareToken(services);
  const operations: Operation[] = [
    card,
    find(services, card),
    authenticators(services),
    history(services),
    token,
    ...guard.commands,
    licenseUsage(services),
  ];
  const known = [...operations, lockdownSwitch(services), unblock(services)];
  const all = [...known, help(services, known.filter(isTyped)), ...guard.switchedOff];
  const home = createHome(services, operations);

  const assign = assignForm(services, token);

  const presses = {
    ...guard.listeners.presses,
    ...assign.presses,
    ...home.listeners.presses,
    [LIFT_LOCKDOWN]: { role: 'approver', fresh: true, handle: liftLockdown(services) } as const,
    [DOWNLOAD]: download(services),
    [CHOOSE]: choosing(card),
  };
  const submissions = {
    ...guard.listeners.submissions,
    ...home.listeners.submissions,
    ...assign.submissions,
  };

  return {
    /** Names of all requests, for the log and the metrics. */
    names: [
      ...all.flatMap(({ name }) => [name, `${FOLLOW_UP}${name}`]),
      MENU,
      ...Object.keys(presses),
      ...Object.keys(submissions),
    ],
    command: createCommand(services, all.filter(isTyped), home.open),
    press: createPress(services, all, presses),
    submit: createSubmit(services, submissions),
    schedule: createSchedule({
      ...services,
      ...{ store, channels: services.slack.channels },
      schedule: settings.licenseSchedule,
      switches: guard.switches,
      count,
    }),
  };
}

const isTyped = (operation: Operation) => operation.isTyped !== false;
