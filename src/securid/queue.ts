import Bottleneck from 'bottleneck';

/** Runs as soon as there is a place for it. */
export type Queue = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * Bottleneck holds the places in front of the tenant. It is handed in only what may run now: it is
 * first in, first out, and takes one in each two milliseconds. The budget is ours: its reservoir refills
 * in steps of a heartbeat and lets its own retries pass unpaced (SGrondin/bottleneck issues 100, 153 and 170).
 */
export function createQueue(places: number): Queue {
  const bottleneck = new Bottleneck({ maxConcurrent: places });
  return (run) =>
    new Promise((resolve, reject) => {
      // The answer does not wait for Bottleneck to clear up behind it.
      bottleneck.schedule(() => run().then(resolve, reject)).catch(reject);
    });
}
