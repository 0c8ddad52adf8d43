import type { Clock } from '../../clock.ts';

/** "Generally allows posting one message per second per channel", and short bursts above it. */
const BURST = 5;
const SECOND = 1000;

/**
 * How many messages a channel takes: a bucket of five that refills by one a second, full at first.
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export function createChannelLimits(clock: Clock) {
  /** By channel: when its bucket is full again. */
  const fullAgain = new Map<string, number>();

  return {
    /** Counts a message; answers after how many seconds to come back where it is one too many. */
    tooMany(channelId: string): number | undefined {
      const now = clock.elapsed();
      const full = Math.max(fullAgain.get(channelId) ?? now, now) + SECOND;
      const wait = full - now - BURST * SECOND;
      if (wait > 0) return Math.ceil(wait / SECOND);
      fullAgain.set(channelId, full);
      return undefined;
    },
  };
}
