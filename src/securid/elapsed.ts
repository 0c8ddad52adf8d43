import type { Clock } from '../clock.ts';

/** Time that only goes forward: a clock that was set back must neither lengthen a pause nor stop a refill. */
export function createElapsed(clock: Clock): () => number {
  let read = clock.now();
  let elapsed = read;
  return () => {
    const now = clock.now();
    elapsed += Math.max(now - read, 0);
    read = now;
    return elapsed;
  };
}
