import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

export type Cache<K, V> = {
  /** `undefined` if there is none or it is too old. */
  get(key: K): V | undefined;
  /** @param options in milliseconds, in place of the cache's lifetime and an age of zero */
  set(key: K, value: V, options?: { lifetime?: number; age?: number }): void;
  delete(key: K): void;
};

type Options = {
  /** How many answers to keep. */
  max: number;
  /** How long each is valid, in whole milliseconds. */
  lifetime: number;
  clock: Clock;
};

/** How often old answers are removed, at most, in milliseconds. */
const SWEEP = 60_000;

/** A cache with a lifetime. */
export function createCache<K extends string | number, V extends {}>(
  options: Options,
): Cache<K, V> {
  const { max, lifetime, clock } = options;
  // With its default resolution it would set a timer every millisecond.
  const create = () => new LRUCache<K, V>({ max, perf: { now: clock.elapsed }, ttlResolution: 0 });
  // Created on first use: it allocates memory for `max` entries.
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
      // The library counts the last millisecond as valid.
      kept.set(key, value, { ttl: Math.max(ms - 1, 1), start: clock.elapsed() - age });
    },
    delete: (key) => void kept?.delete(key),
  };
}
