import { createHash } from 'node:crypto';
import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';

/**
 * Bolt accepts a signed request any number of times within five minutes of its timestamp. Twice that covers
 * clocks that differ.
 */
const REMEMBERED = 10 * 60_000;

/** How many to remember: more than a whole company types in that time. */
const MOST = 10_000;

/** Returns true the first time a key is seen, false for a replay. */
export function createReplays(clock: Clock): (key: string) => boolean {
  const seen = createCache<number, true>({ max: MOST, lifetime: REMEMBERED, clock });

  return (key) => {
    const fingerprint = fingerprintOf(key);
    if (seen.get(fingerprint)) return false;
    seen.set(fingerprint, true);
    return true;
  };
}

/** Six bytes fit a number exactly; a slice of the request's text would keep all of it in memory. */
const fingerprintOf = (key: string) => createHash('sha256').update(key).digest().readUIntBE(0, 6);
