import type { Clock } from '../clock.ts';
import type { BucketAnswer } from '../store/bucket.ts';

type Wiring = {
  clock: Clock;
  /** The bucket's time. */
  now: () => number;
  /** Asks the bucket. */
  ask: (wanted: number, keep?: number) => Promise<BucketAnswer | undefined>;
  /** Whether the bucket is away. */
  isAway: () => boolean;
  isPaused: () => boolean;
  /** Runs whenever it is worth asking again. */
  onMore: () => void;
};

/** The bucket's tokens that are here, and those that are on their way. */
export function createFetchedTokens({ clock, now, ask, isAway, isPaused, onMore }: Wiring) {
  let here = 0;
  /** Those who leave tokens to others and those who do not wait for different tokens. */
  const asked = new Map<'few' | 'many', { due: number }>();

  async function obtain(kind: 'few' | 'many', wanted: number, keep: number): Promise<void> {
    const waiting = { due: Number.POSITIVE_INFINITY };
    asked.set(kind, waiting);
    const answer = await ask(wanted, keep);
    if (answer && answer.wait > 0) {
      waiting.due = now() + answer.wait;
      onMore();
      await new Promise<void>((resolve) => void clock.after(Math.ceil(answer.wait), resolve));
      // A pause may have begun elsewhere, and then the token is none.
      if (answer.tokens > 0 && !isAway()) await ask(0);
    }
    asked.delete(kind);
    if (answer && !isAway() && !isPaused()) here += answer.tokens;
    onMore();
  }

  return {
    /** Takes one and answers 0, or with the milliseconds after which to ask again. */
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
    /** Gives up those that are here. */
    drop(): void {
      here = 0;
    },
  };
}
