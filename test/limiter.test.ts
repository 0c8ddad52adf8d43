import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '../src/limiter.ts';
import { eventually } from './support/help-desk.ts';
import { setMachineClock } from './support/machine-clock.ts';

const HOUR = 60 * 60_000;

/** A job that runs until told to end. */
function longJob() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { run: () => ended, end };
}

describe('a limiter', () => {
  it.each(['before its first job', 'after it'])(
    'continues at once if the machine’s clock is set back %s',
    async (when) => {
      const limiter = createLimiter({ maxConcurrent: 1, highWater: 10 });
      expect([limiter.waiting(), limiter.running()]).toEqual([0, 0]);
      if (when === 'after it') await limiter.schedule(async () => {});
      setMachineClock(-HOUR);

      const jobs = [1, 2, 3].map((number) => limiter.schedule(async () => number));

      expect(await Promise.all(jobs)).toEqual([1, 2, 3]);
    },
  );

  it('continues at once after a clock was far ahead for a while', async () => {
    const limiter = createLimiter({ maxConcurrent: 1 });
    setMachineClock(HOUR);
    await limiter.schedule(async () => {});
    setMachineClock(-2 * HOUR);

    expect(await limiter.schedule(async () => 'done')).toBe('done');
  });

  it('runs each job in the context of its caller', async () => {
    const asker = new AsyncLocalStorage<string>();
    const limiter = createLimiter({ maxConcurrent: 2 });
    const names = ['mira', 'jonas', 'edda', 'alan', 'sana'];

    const jobs = names.map((name) =>
      asker.run(name, () =>
        limiter.schedule(async () => {
          await new Promise((resolve) => setTimeout(resolve, 2));
          return asker.getStore();
        }),
      ),
    );

    expect(await Promise.all(jobs)).toEqual(names);
  });

  it('refuses waiting and new jobs once it stops, and waits for those that run', async () => {
    const limiter = createLimiter({ maxConcurrent: 1 });
    const job = longJob();
    const first = limiter.schedule(job.run);
    await eventually(() => limiter.running() === 1);
    const ran: string[] = [];
    const waiting = limiter.schedule(async () => ran.push('waiting'));
    let isStopped = false;

    const stopped = Promise.all([limiter.stop(), limiter.stop()]).then(() => {
      isStopped = true;
    });

    await expect(waiting).rejects.toThrow('stopped');
    await expect(limiter.schedule(async () => ran.push('late'))).rejects.toThrow('stopped');
    expect(isStopped).toBe(false);
    job.end();
    await Promise.all([first, stopped]);
    expect(ran).toEqual([]);
  });

  it('stops even if it never had a job, and accepts none afterwards', async () => {
    const limiter = createLimiter({ maxConcurrent: 1 });
    await limiter.stop();

    await expect(limiter.schedule(async () => {})).rejects.toThrow('stopped');
  });
});
