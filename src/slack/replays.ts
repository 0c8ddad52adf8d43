import { createHash } from 'node:crypto';
import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';

/**
 * Bolt takes a signed request as often as it comes within five minutes of its timestamp; twice that
 * covers clocks that differ.
 */
const REMEMBERED = 10 * 60_000;

/** So many are remembered, the latest: more than a whole company types within those minutes. */
const MOST = 10_000;

/** True for the first time that something is seen, false for a replay. */
export function createReplays(clock: Clock): (key: string) => boolean {
  const seen = createCache<number, true>({ max: MOST, lifetime: REMEMBERED, clock });

  return (key) => {
    const fingerprint = fingerprintOf(key);
    if (seen.get(fingerprint)) return false;
    seen.set(fingerprint, true);
    return true;
  };
}

/** Six bytes, which a number holds exactly: a string cut out of a request would keep all of it in memory. */
const fingerprintOf = (key: string) => createHash('sha256').update(key).digest().readUIntBE(0, 6);
