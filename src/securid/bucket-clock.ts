import type { Clock } from '../clock.ts';

/** The bucket's time, and the pause that is measured by it. */
export function createBucketClock(clock: Clock) {
  /** How far the bucket's clock is ahead of ours. */
  let ahead = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const now = () => clock.elapsed() + ahead;

  return {
    now,
    /** Takes over the time and the pause from an answer. */
    adopt(answer: { now: number; pausedFor: number }): void {
      const aheadBefore = ahead;
      ahead = answer.now - clock.elapsed();
      // A change of time makes the pause no longer or shorter.
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
