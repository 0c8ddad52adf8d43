import type { Clock } from '../clock.ts';

/** How fast a budget refills, as it is just now. */
export type Refill = {
  requestsPerSecond: number;
  burst: number;
  /** In how many milliseconds it may refill faster. */
  changesIn?: number | undefined;
};

/** What may be sent, and the one pause in which nothing may. Times are milliseconds on its own clock. */
export type Budget = {
  now(): number;
  /** Takes one token and answers 0, or with the milliseconds after which to ask again. `keep` tokens stay; where they come from far away, `wanted` come at once. */
  take(keep: number, wanted: number): number;
  /** How many tokens were taken so far. */
  taken(): number;
  /** Nobody gets a token for so long, and then a single one. */
  pause(ms: number): void;
  pauseLeft(): number;
  /** Whether that was after the last pause; what was under way when it began tells nothing new. */
  sinceLastPause(time: number): boolean;
  /** Runs whenever it is worth asking again sooner than was said. */
  whenMore(run: () => void): void;
  close(): void;
};

/** A token bucket, full at first unless told otherwise. */
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
