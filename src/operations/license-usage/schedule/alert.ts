import type { Audit } from '../../../audit/index.ts';
import type { Clock } from '../../../clock.ts';
import { LICENSES_SHORT, type Switches } from '../../../guard/switches/switches.ts';
import type { Log } from '../../../log.ts';
import { StoreError } from '../../../store/index.ts';
import type { Licenses } from '../licenses.ts';
import type { ScheduledPost, Turn } from './scheduled-post.ts';
import { LOOK_UP_WITHIN } from './summary.ts';
import * as view from './view.ts';

type Wiring = {
  licenses: Licenses;
  switches: Switches;
  audit: Audit;
  channel: string;
  clock: Clock;
  log: Log;
};

/** Warns once when licenses run short, and again only after there were enough in between. */
export function alert({ licenses, switches, audit, channel, clock, log }: Wiring): ScheduledPost {
  const { purchased, warnFrom } = licenses.policy;

  async function enough({ due, incident }: Turn, failure?: string): Promise<void> {
    const { told } = await switches.set(LICENSES_SHORT, false);
    if (!told) throw new StoreError('the other instances could not be told of an alert');
    await audit.note({ event: 'licences enough', channel, target: due, incident, failure });
  }

  return {
    name: 'license check',
    key: 'licence check',
    async message(turn) {
      const months = await licenses.months({ until: clock.elapsed() + LOOK_UP_WITHIN });
      const used = months.at(-1)?.mfaLicensesUsed;
      const share = licenses.share(months);
      if (purchased === undefined || used === undefined || share === undefined) return undefined;
      const known = await switches.isOn(LICENSES_SHORT);
      if (share < warnFrom && known) await enough(turn);
      if (share < warnFrom || known) return undefined;
      return { message: view.short({ used, purchased, share, warnFrom }) };
    },
    async begins({ due, incident }) {
      await audit.note({ event: 'licences short', channel, target: due, incident });
      // It holds here right away; the other instances are told when the store is available again.
      await switches.set(LICENSES_SHORT, true);
    },
    posted: async () => {},
    refused: (turn, failure) =>
      enough(turn, failure).catch((error) => {
        log.warn(
          { err: error, incident: turn.incident },
          'an alert that was refused is kept as said',
        );
      }),
  };
}
