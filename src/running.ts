import type { Clock } from './clock.ts';

/** Counts listeners until they have answered; Bolt forgets them once they have acknowledged. */
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
    /** Returns how many are still running when time is up. */
    async finished(patience: number): Promise<number> {
      let isOver = false;
      let stopWaiting = () => {};
      const longEnough = new Promise<void>((resolve) => {
        stopWaiting = clock.after(patience, () => {
          isOver = true;
          resolve();
        });
      });
      // A connection that was busy while the server closed may bring another command.
      while (running.size > 0 && !isOver) {
        await Promise.race([Promise.allSettled(running), longEnough]);
      }
      stopWaiting();
      return running.size;
    },
  };
}
