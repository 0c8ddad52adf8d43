import type { Clock } from '../clock.ts';

/** A budget's current refill rate. */
export type Refill = {
  requestsPerSecond: number;
  burst: number;
  /** In milliseconds: when it may refill faster. */
  changesIn?: number | undefined;
};

/**
 * Tokens for sending, and the pause in which nothing is sent. Times are milliseconds on the
 * budget's own clock.
 */
export type Budget = {
  now(): number;
  /**
   * Takes a token and returns 0, or returns the milliseconds after which to ask again. Leaves
   * `keep` tokens for others; a shared budget fetches `wanted` at once.
   */
  take(keep: number, wanted: number): number;
  /** How many tokens have been taken so far. */
  taken(): number;
  /** Hands out nothing for this long, then a single token. */
  pause(ms: number): void;
  pauseLeft(): number;
  /** Whether that time is after the last pause. Answers to earlier requests say nothing new. */
  sinceLastPause(time: number): boolean;
  /** Called when it is worth asking again sooner than `take` said. */
  whenMore(run: () => void): void;
  close(): void;
};

/** A token bucket, which starts full by default. */
export function createBudget(
  clock: Clock,
  refill: (now: number) => Refill,
  first = Number.POSITIVE_INFINITY,
): Budget {
  const now = clock.elapsed;
  let countedAt = now();
  let tokens = Math.min(first, refill(countedAt).burst);
  let pausedUntil = countedAt;
  let taken = 0;

  return {
    now,
    take(keep) {
      const time = now();
      const { requestsPerSecond, burst, changesIn = Number.POSITIVE_INFINITY } = refill(time);
      if (time < pausedUntil) return pausedUntil - time;
      tokens = Math.min(burst, tokens + ((time - countedAt) * requestsPerSecond) / 1000);
      countedAt = time;
      if (tokens < keep + 1) {
        return Math.min(((keep + 1 - tokens) * 1000) / requestsPerSecond, changesIn);
      }
      tokens -= 1;
      taken += 1;
      return 0;
    },
    taken: () => taken,
    pause(ms) {
      const until = now() + ms;
      if (until <= pausedUntil) return;
      pausedUntil = until;
      tokens = 1;
      countedAt = until;
    },
    pauseLeft: () => Math.max(pausedUntil - now(), 0),
    sinceLastPause: (time) => time >= pausedUntil,
    whenMore: () => {},
    close: () => {},
  };
}
