import type { Clock } from '../clock.ts';

/** Time as the bucket tells it, and the pause that holds by it. */
export function createBucketClock(clock: Clock) {
  /** By how much the bucket's clock is ahead. */
  let ahead = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const now = () => clock.elapsed() + ahead;

  return {
    now,
    /** Goes by the time of an answer, and by the pause that it tells of. */
    adopt(answer: { now: number; pausedFor: number }): void {
      const aheadBefore = ahead;
      ahead = answer.now - clock.elapsed();
      // A pause lasts as long as it did, whatever the bucket's clock says now.
      pausedUntil += ahead - aheadBefore;
      if (answer.pausedFor > 0) pausedUntil = Math.max(pausedUntil, answer.now + answer.pausedFor);
    },
    pause(ms: number): void {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
    pauseLeft: () => Math.max(pausedUntil - now(), 0),
    sinceLastPause: (time: number) => time >= pausedUntil,
  };
}
