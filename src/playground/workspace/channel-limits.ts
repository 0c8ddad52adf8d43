import type { Clock } from '../../clock.ts';

/** "Generally allows posting one message per second per channel", and short bursts above it. */
const BURST = 5;
const SECOND = 1000;

/**
 * How many messages a channel accepts: a bucket of five, full at first, that refills by one a second. @see
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
export function createChannelLimits(clock: Clock) {
  /** By channel: when its bucket will be full again. */
  const fullAgain = new Map<string, number>();

  return {
    /** Counts a message. Returns after how many seconds to try again if it was one too many. */
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
