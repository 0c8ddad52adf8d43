import type { Audit } from '../../../audit/index.ts';
import type { Clock } from '../../../clock.ts';
import type { Switches } from '../../../guard/switches/switches.ts';
import type { Log } from '../../../log.ts';
import type { Channels } from '../../../slack/channel.ts';
import type { Store } from '../../../store/index.ts';
import { see } from '../../../troubleshooting.ts';
import type { Licenses } from '../licenses.ts';
import { alert } from './alert.ts';
import { createPostOnce } from './post-once.ts';
import { handledUntil, SummaryWord, summary } from './summary.ts';
import { createTimes, EVERY_DAY, type LicenseSchedule } from './times.ts';
import { createTimetable } from './timetable.ts';

export type Schedule = {
  /**
   * @param last the last row about the summary from an earlier process, if any
   */
  start(last: unknown): void;
  /** Does not wait for work under way. */
  stop(): void;
};

type Wiring = {
  schedule: LicenseSchedule;
  licenses: Licenses;
  switches: Switches;
  store: Store;
  channels: Channels;
  audit: Audit;
  clock: Clock;
  log: Log;
  count: (work: Promise<unknown>) => Promise<void>;
};

/** The license summary on schedule, and a daily check whether licenses run short. */
export function createSchedule({ schedule, ...wiring }: Wiring): Schedule {
  const { channel, cron, timeZone } = schedule;
  const { licenses, clock, log } = wiring;
  if (channel === undefined) return { start: () => {}, stop: () => {} };

  const postOnce = createPostOnce({ ...wiring, channel });
  const posts = {
    summary: summary({ ...wiring, channel }),
    alert: alert({ ...wiring, channel }),
  };
  const summaries = createTimetable({
    times: createTimes(cron, timeZone),
    clock,
    run: (due) => postOnce(posts.summary, due),
  });
  const checks = createTimetable({
    times: createTimes(EVERY_DAY, timeZone),
    clock,
    run: (due) => postOnce(posts.alert, due),
  });

  return {
    start(last) {
      const handled = handledUntil(SummaryWord.safeParse(last).data);
      if (handled?.surely === false) {
        log.warn(
          {
            due: new Date(handled.at).toISOString(),
            see: see('the-license-summary-was-not-posted'),
          },
          'unknown whether a license summary was posted: an earlier process ended before the answer',
        );
      }
      summaries.start(handled?.at);
      if (licenses.policy.purchased !== undefined) checks.start();
    },
    stop() {
      summaries.stop();
      checks.stop();
    },
  };
}
