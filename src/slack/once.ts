import type { Clock } from '../clock.ts';
import { createPrints } from './prints.ts';

/**
 * Bolt takes a signed request as often as it comes within five minutes of its timestamp; twice that
 * covers clocks that differ.
 */
const REMEMBERED = 10 * 60_000;

/** True for the first time that something is seen, false for a replay. */
export function createOnce(clock: Clock): (key: string) => boolean {
  let seen = createPrints();
  let seenBefore = createPrints();
  let since = clock.elapsed();

  return (key) => {
    const age = clock.elapsed() - since;
    if (age >= REMEMBERED) {
      seenBefore = age < 2 * REMEMBERED ? seen : createPrints();
      seen = createPrints();
      since = clock.elapsed();
    }
    return !seenBefore.has(key) && seen.add(key);
  };
}
