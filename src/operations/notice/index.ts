import type { Listeners, Services } from '../operation.ts';
import { lift, report } from './report.ts';
import { createTell, type Tell } from './tell.ts';
import { LIFT, REPORT } from './view.ts';

/** What the person concerned hears of a code, and what they can say to it. */
export const createNotice = (
  services: Services,
): { tell: Tell; presses: NonNullable<Listeners['presses']> } => ({
  tell: createTell(services),
  presses: {
    [REPORT]: { role: undefined, handle: report(services) },
    [LIFT]: { role: 'approver', fresh: true, handle: lift(services) },
  },
});
