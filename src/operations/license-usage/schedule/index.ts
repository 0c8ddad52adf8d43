import type { Audit, Row } from '../../../audit/index.ts';
import type { Clock } from '../../../clock.ts';
import type { Log } from '../../../log.ts';
import type { Channels } from '../../../slack/channel.ts';
import type { Store } from '../../../store/index.ts';
import type { Licenses } from '../licenses.ts';
import { createOnce } from './once.ts';
import { handledUntil, summary } from './summary.ts';
import { createTimes, type LicenseSchedule } from './times.ts';
import { createTimetable } from './timetable.ts';

export type Schedule = {
  /** @param history what an earlier process left in the audit trail */
  start(history: Row[]): void;
  /** What is under way is not waited for. */
  stop(): void;
};

type Wiring = {
  schedule: LicenseSchedule;
  licenses: Licenses;
  store: Store;
  channels: Channels;
  audit: Audit;
  clock: Clock;
  log: Log;
  count: (work: Promise<unknown>) => Promise<void>;
};

/** The licence summary on schedule. */
export function createSchedule({ schedule, ...wiring }: Wiring): Schedule {
  const { channel, cron, timeZone } = schedule;
  const { clock, log } = wiring;
  if (channel === undefined) return { start: () => {}, stop: () => {} };

  const once = createOnce({ ...wiring, channel });
  const errand = summary({ ...wiring, channel });
  const summaries = createTimetable({
    times: createTimes(cron, timeZone),
    clock,
    run: (due) => once(errand, due),
  });

  return {
    start(history) {
      const handled = handledUntil(history);
      if (handled?.surely === false) {
        log.warn(
          { due: new Date(handled.at).toISOString() },
          'unknown whether a licence summary was posted: an earlier process ended before the answer',
        );
      }
      summaries.start(handled?.at);
    },
    stop: summaries.stop,
  };
}
