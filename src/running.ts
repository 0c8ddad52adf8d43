import type { Clock } from './clock.ts';

/** Bolt forgets a listener once it has acknowledged; this counts until it has answered. */
export function createRunning(clock: Clock) {
  const running = new Set<Promise<unknown>>();
  return {
    async count(work: Promise<unknown>): Promise<void> {
      running.add(work);
      try {
        await work;
      } finally {
        running.delete(work);
      }
    },
    /** Returns how much is still running when patience ends. */
    async finished(patience: number): Promise<number> {
      let isOver = false;
      let stopWaiting = () => {};
      const longEnough = new Promise<void>((resolve) => {
        stopWaiting = clock.after(patience, () => {
          isOver = true;
          resolve();
        });
      });
      // A connection that was busy when the server closed may bring another command.
      while (running.size > 0 && !isOver) {
        await Promise.race([Promise.allSettled(running), longEnough]);
      }
      stopWaiting();
      return running.size;
    },
  };
}
