import type { Clock } from '../clock.ts';
import type { BucketAnswer } from '../store/bucket.ts';

type Wiring = {
  clock: Clock;
  /** The bucket's time. */
  now: () => number;
  ask: (wanted: number, keep?: number) => Promise<BucketAnswer | undefined>;
  /** Whether the bucket is unavailable. */
  isAway: () => boolean;
  isPaused: () => boolean;
  /** Called when it is worth asking again. */
  onMore: () => void;
};

/** Tokens fetched from the bucket, and requests for more. */
export function createFetchedTokens({ clock, now, ask, isAway, isPaused, onMore }: Wiring) {
  let here = 0;
  /** Fetches that leave tokens for others run apart from those that do not. */
  const asked = new Map<'few' | 'many', { due: number }>();

  async function obtain(kind: 'few' | 'many', wanted: number, keep: number): Promise<void> {
    const waiting = { due: Number.POSITIVE_INFINITY };
    asked.set(kind, waiting);
    const answer = await ask(wanted, keep);
    if (answer && answer.wait > 0) {
      waiting.due = now() + answer.wait;
      onMore();
      await new Promise<void>((resolve) => void clock.after(Math.ceil(answer.wait), resolve));
      // Another instance may have begun a pause, which makes the token void.
      if (answer.tokens > 0 && !isAway()) await ask(0);
    }
    asked.delete(kind);
    if (answer && !isAway() && !isPaused()) here += answer.tokens;
    onMore();
  }

  return {
    /** Takes a token and returns 0, or returns the milliseconds after which to ask again. */
    take(keep: number, wanted: number): number {
      if (here > 0) {
        here -= 1;
        return 0;
      }
      const kind = keep > 0 ? 'many' : 'few';
      const waiting = asked.get(kind);
      if (waiting) return Math.max(waiting.due - now(), 1);
      void obtain(kind, wanted, keep);
      return Number.POSITIVE_INFINITY;
    },
    /** Gives up all fetched tokens. */
    drop(): void {
      here = 0;
    },
  };
}
