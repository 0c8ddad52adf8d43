import type { Log } from '../../log.ts';
import { seeFor } from '../../troubleshooting.ts';
import type { GuardServices } from '../services.ts';
import { actingOn } from './act.ts';
import type { Added } from './added-devices.ts';
import * as view from './alert-view.ts';
import type { Ended } from './end-on-report.ts';
import { sealMade } from './made.ts';
import { LIFETIME, type Report, type Reports } from './reports.ts';
import { textsOf } from './texts.ts';

/** Goes first, and is retried for ten minutes. Twice is better than never. */
const ALERT = { priority: 'report', patience: 10 * 60_000, repeatable: true } as const;

/**
 * Posts a report to SECURID_SECURITY_CHANNEL and remembers its message. Resolves to whether it
 * arrived; never throws.
 */
export type Alert = (report: Report, about: About) => Promise<boolean>;

/** `undefined` if SecurID did not say what was added since. */
type About = { added: Added[] | undefined; ended: Ended[]; log: Log };

export function createAlert(services: GuardServices, reports: Reports): Alert {
  const { changes, securityChannel } = services;
  const { seal, channels } = services.slack;

  const acts = actingOn(services).map(({ name, onAlert }) => ({ name, label: onAlert.button }));

  return async (report, { added, ended, log }) => {
    if (!securityChannel) return false;
    try {
      const value = await sealMade(seal, view.LIFT, report, LIFETIME);
      const alert = await channels.post(
        securityChannel,
        view.alert(textsOf(changes, report), report, { added, ended, value, acts }),
        ALERT,
      );
      // The block may have been lifted before the alert arrived.
      const now = await reports.find(report.id).catch(() => undefined);
      if (now?.liftedBy) {
        await channels.update(
          alert,
          view.lifted(textsOf(changes, now), now, now.liftedBy),
          ALERT.patience,
        );
      } else await reports.keep({ ...report, alert });
      return true;
    } catch (error) {
      log.error(
        { err: error, see: seeFor(error, 'a-channel-does-not-accept-messages') },
        'SECURID_SECURITY_CHANNEL did not get an alert: is the bot in it?',
      );
      return false;
    }
  };
}
