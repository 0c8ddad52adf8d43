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

export type Replays = {
  /**
   * True the first time a key is seen, false for a replay. If the acknowledgement failed, Slack sends the request
   * again: that is not a replay. While the first one is not acknowledged yet, waits for how that ends.
   */
  isFirst(key: string): Promise<boolean>;
  /** Says whether the acknowledgement reached Slack. Call it once for each key that was first. */
  ended(key: string, isAcknowledged: boolean): void;
};

type Open = { isAcknowledged: Promise<boolean>; end: (isAcknowledged: boolean) => void };

export function createReplays(clock: Clock): Replays {
  const seen = createCache<number, true>({ max: MOST, lifetime: REMEMBERED, clock });
  /** The requests that are not acknowledged yet, by key. */
  const open = new Map<string, Open>();

  function begin(key: string): boolean {
    const fingerprint = fingerprintOf(key);
    if (seen.get(fingerprint)) return false;
    seen.set(fingerprint, true);
    open.set(key, createOpen());
    return true;
  }

  return {
    async isFirst(key) {
      if (begin(key)) return true;
      const isAcknowledged = (await open.get(key)?.isAcknowledged) ?? true;
      return !isAcknowledged && begin(key);
    },
    ended(key, isAcknowledged) {
      const one = open.get(key);
      if (!one) return;
      open.delete(key);
      if (!isAcknowledged) seen.delete(fingerprintOf(key));
      one.end(isAcknowledged);
    },
  };
}

function createOpen(): Open {
  let end: Open['end'] = () => {};
  const isAcknowledged = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  return { isAcknowledged, end };
}

/** Six bytes fit a number exactly; a slice of the request's text would keep all of it in memory. */
const fingerprintOf = (key: string) => createHash('sha256').update(key).digest().readUIntBE(0, 6);
