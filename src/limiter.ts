import { AsyncResource } from 'node:async_hooks';
import Bottleneck from 'bottleneck';

type Options = {
  /** How many jobs run at once. */
  maxConcurrent: number;
  /** How many jobs may wait; one more is refused. Default: any number. */
  highWater?: number;
};

export type Limiter = {
  /**
   * Runs a job as soon as there is a place, in the caller's async context.
   * @param priority 0 to 9; the lowest goes first, equal ones in order
   * @throws Bottleneck.BottleneckError when too many wait, or once the limiter stops: the job never runs
   */
  schedule<T>(job: () => Promise<T>, priority?: number): Promise<T>;
  /** How many jobs wait. */
  waiting(): number;
  /** How many jobs run. */
  running(): number;
  /** Refuses all waiting and new jobs. Resolves when running jobs have ended. */
  stop(): Promise<void>;
};

/**
 * A Bottleneck that survives changes of the clock. Bottleneck notes by the wall clock when its next job may run,
 * and would wait very long if that clock is set back. A `minTime` of minus infinity puts that time into the past
 * from the first job on; until then it is the time of creation, so create it with the first job.
 * @see https://github.com/SGrondin/bottleneck/blob/v2.19.5/src/LocalDatastore.coffee
 */
export function createLimiter(options: Options): Limiter {
  const settings = {
    ...options,
    strategy: Bottleneck.strategy.OVERFLOW,
    minTime: Number.NEGATIVE_INFINITY,
  };
  let made: Bottleneck | undefined;
  let stopped: Promise<void> | undefined;

  function limiter(): Bottleneck {
    made ??= new Bottleneck(settings);
    return made;
  }

  const count = (...states: ('RECEIVED' | 'QUEUED' | 'RUNNING' | 'EXECUTING')[]) => {
    const counts = made?.counts();
    return counts ? states.reduce((sum, state) => sum + counts[state], 0) : 0;
  };

  return {
    // Bottleneck would run it in the async context of the job before.
    schedule: (job, priority = 5) => limiter().schedule({ priority }, AsyncResource.bind(job)),
    waiting: () => count('RECEIVED', 'QUEUED', 'RUNNING'),
    running: () => count('EXECUTING'),
    stop() {
      stopped ??= limiter().stop();
      return stopped;
    },
  };
}
