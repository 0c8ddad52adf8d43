import type { Clock } from '../clock.ts';

/**
 * Slack takes a message a second in a channel, and short bursts above it. One less than the five of its bucket:
 * how long a message travels differs.
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
const SPACING = 1000;
const BURST = 4;

/** Whoever asks for a longer quiet is asked again after that. */
export const LONGEST_PAUSE = 5 * 60_000;

/** When the next message may go to one channel. All in milliseconds. */
export function createChannelPace(clock: Clock) {
  /** When as many messages may go at once as ever, and until when none may. */
  let restedAt = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const time = clock.elapsed;

  return {
    /** Until a message may go that has so many in front of it. */
    wait(ahead = 0): number {
      const now = time();
      const spaced = Math.max(restedAt, now) + (1 + ahead - BURST) * SPACING - now;
      return Math.max(pausedUntil - now, spaced, 0);
    },
    /** For how long Slack still wants quiet. */
    pauseLeft: () => Math.max(pausedUntil - time(), 0),
    sent(): void {
      restedAt = Math.max(restedAt, time()) + SPACING;
    },
    /** Slack wants quiet, and takes one message after it. Answers for how long. */
    pause(wanted: number): number {
      const ms = Math.min(Math.max(wanted, SPACING), LONGEST_PAUSE);
      pausedUntil = time() + ms;
      restedAt = pausedUntil + (BURST - 1) * SPACING;
      return ms;
    },
    isRested: () => restedAt <= time() && pausedUntil <= time(),
  };
}
