import { setImmediate } from 'node:timers/promises';
import { createLimiter } from '../limiter.ts';

/** Runs as soon as there is a place for it. */
export type Queue = <T>(run: () => Promise<T>) => Promise<T>;

type Job = () => Promise<void>;

/**
 * Bottleneck holds the places in front of the tenant. It is handed in only what may run now: it is
 * first in, first out. The budget is ours: its reservoir refills in steps of a heartbeat and lets its own
 * retries pass unpaced (SGrondin/bottleneck issues 100, 153 and 170). To open a place takes it about 4 ms,
 * which is a good part of a quick answer, so a place that was opened stays open for the next request.
 */
export function createQueue(places: number): Queue {
  const bottleneck = createLimiter({ maxConcurrent: places });
  const waiting: Job[] = [];
  const open: ((job: Job) => void)[] = [];
  let opened = 0;

  async function place(): Promise<void> {
    for (;;) {
      const job = waiting.shift() ?? (await new Promise<Job>((next) => open.push(next)));
      // Whoever just had an answer asks again at once; by then its connection is free again.
      await setImmediate();
      await job();
    }
  }

  function handIn(job: Job): void {
    const next = open.pop();
    if (next) next(job);
    else waiting.push(job);
    if (next || opened === places) return;
    opened += 1;
    void bottleneck.schedule(place);
  }

  return (run) =>
    new Promise((resolve, reject) => {
      handIn(() => run().then(resolve, reject));
    });
}
