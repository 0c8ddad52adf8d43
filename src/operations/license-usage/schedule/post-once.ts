import type { Clock } from '../../../clock.ts';
import { newIncident } from '../../../desk/failures.ts';
import type { Log } from '../../../log.ts';
import type { Channels } from '../../../slack/channel.ts';
import type { Store } from '../../../store/index.ts';
import { seeFor } from '../../../troubleshooting.ts';
import { createAttempt } from './attempt.ts';
import { createClaims, PAUSE } from './claims.ts';
import type { ScheduledPost, Turn } from './scheduled-post.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How long to keep trying, in milliseconds. */
const TRY_FOR = 6 * 60 * MINUTE;

type Wiring = {
  store: Store;
  channels: Channels;
  channel: string;
  clock: Clock;
  log: Log;
  /** Keeps track of background work, which the app waits for before it stops. */
  count: (work: Promise<unknown>) => Promise<void>;
};

/**
 * Makes a scheduled post once among all instances.
 * @returns a function that begins; it returns one that ends the post between two attempts
 */
export function createPostOnce({ store, channels, channel, clock, log: appLog, count }: Wiring) {
  return (scheduled: ScheduledPost, dueAt: number): (() => void) => {
    const turn: Turn = { due: new Date(dueAt).toISOString(), incident: newIncident() };
    const log = appLog.child({ incident: turn.incident, due: turn.due, channel });
    const claims = createClaims(store, scheduled.key, turn);
    const { attempt, giveUp } = createAttempt({ scheduled, turn, claims, channels, channel, log });
    const patientUntil = clock.elapsed() + TRY_FOR;
    let stopWaiting = () => {};
    let stopped = false;

    async function go(): Promise<void> {
      let said = false;
      try {
        said = await attempt();
      } catch (error) {
        if (clock.elapsed() >= patientUntil) {
          if (await giveUp(error)) repeat();
          return;
        }
        log.warn(
          { err: error, see: seeFor(error, 'the-license-summary-was-not-posted') },
          `will try again in ten minutes: ${scheduled.name}`,
        );
      }
      if (said) return repeat();
      if (!stopped) stopWaiting = clock.after(PAUSE, () => void count(go()));
    }

    /** Repeats the `said` key for as long as the post could be made up for. */
    function repeat(): void {
      if (stopped || clock.now() - dueAt >= DAY) return;
      stopWaiting = clock.after(MINUTE, () => {
        void claims.repeatSaid();
        repeat();
      });
    }

    void count(go());
    return () => {
      stopped = true;
      stopWaiting();
    };
  };
}
