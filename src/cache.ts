import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

export type Cache<K, V> = {
  /** `undefined` where nothing is kept, or what is kept is too old. */
  get(key: K): V | undefined;
  /** @param options in milliseconds, in place of the cache's own lifetime and of no age at all */
  set(key: K, value: V, options?: { lifetime?: number; age?: number }): void;
  delete(key: K): void;
};

type Options = {
  /** So many are kept, the latest. */
  max: number;
  /** How long each of them is good for, in whole milliseconds. */
  lifetime: number;
  clock: Clock;
};

/** How often what is too old leaves memory, at most, in milliseconds. */
const SWEEP = 60_000;

/** Answers that are kept for a while. */
export function createCache<K extends string | number, V extends {}>(
  options: Options,
): Cache<K, V> {
  const { max, lifetime, clock } = options;
  // Without a resolution of its own it would read the clock once a millisecond, by a timer.
  const create = () => new LRUCache<K, V>({ max, perf: { now: clock.elapsed }, ttlResolution: 0 });
  // Not before there is something to keep: it takes memory for `max` entries at once.
  let kept: LRUCache<K, V> | undefined;
  let sweptAt = clock.elapsed();

  function sweep(): void {
    if (clock.elapsed() - sweptAt < SWEEP) return;
    sweptAt = clock.elapsed();
    kept?.purgeStale();
  }

  return {
    get: (key) => kept?.get(key),
    set(key, value, { lifetime: ms = lifetime, age = 0 } = {}) {
      sweep();
      kept ??= create();
      // For the library the last millisecond is still good.
      kept.set(key, value, { ttl: Math.max(ms - 1, 1), start: clock.elapsed() - age });
    },
    delete: (key) => void kept?.delete(key),
  };
}
