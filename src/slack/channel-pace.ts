import type { Clock } from '../clock.ts';

/**
 * Slack takes one message a second per channel, with short bursts. One less than the five in its bucket,
 * because messages do not all travel equally fast.
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
const SPACING = 1000;
const BURST = 4;

/** The longest pause; after it Slack is tried again, even if it asked for more. */
export const LONGEST_PAUSE = 5 * 60_000;

/** When the next message may go to a channel. All in milliseconds. */
export function createChannelPace(clock: Clock) {
  /** When a full burst is allowed again, and until when nothing is. */
  let restedAt = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const time = clock.elapsed;

  return {
    /** How long until a message may go that has `ahead` others before it. */
    wait(ahead = 0): number {
      const now = time();
      const spaced = Math.max(restedAt, now) + (1 + ahead - BURST) * SPACING - now;
      return Math.max(pausedUntil - now, spaced, 0);
    },
    /** How much of Slack's pause is left. */
    pauseLeft: () => Math.max(pausedUntil - time(), 0),
    sent(): void {
      restedAt = Math.max(restedAt, time()) + SPACING;
    },
    /** Slack asked for a pause; afterwards it takes one message. Returns how long it is. */
    pause(wanted: number): number {
      const ms = Math.min(Math.max(wanted, SPACING), LONGEST_PAUSE);
      pausedUntil = time() + ms;
      restedAt = pausedUntil + (BURST - 1) * SPACING;
      return ms;
    },
    isRested: () => restedAt <= time() && pausedUntil <= time(),
  };
}
