import type { Clock } from '../clock.ts';

/**
 * Bolt takes a signed request as often as it comes within five minutes of its timestamp; twice that
 * covers clocks that differ.
 */
const REMEMBERED = 10 * 60_000;

/** True for the first time that something is seen, false for a replay. */
export function createOnce(clock: Clock): (key: string) => boolean {
  const seen = new Map<string, number>();

  return (key) => {
    for (const [old, at] of seen) {
      if (clock.now() - at < REMEMBERED) break;
      seen.delete(old);
    }
    if (seen.has(key)) return false;
    seen.set(key, clock.now());
    return true;
  };
}
