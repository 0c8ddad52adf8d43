import { AsyncResource } from 'node:async_hooks';
import Bottleneck from 'bottleneck';

type Options = {
  /** How many jobs run at once. */
  maxConcurrent: number;
  /** How many jobs wait for a place; one more is refused. Default: any number. */
  highWater?: number;
};

export type Limiter = {
  /**
   * Runs a job as soon as there is a place, in the async context of whoever hands it in.
   * @param priority 0 to 9; the lowest goes first, and each in the order in which they came
   * @throws Bottleneck.BottleneckError when too many wait, or once the limiter stops: the job never runs
   */
  schedule<T>(job: () => Promise<T>, priority?: number): Promise<T>;
  /** How many jobs wait for a place, those that are on their way to one included. */
  waiting(): number;
  /** How many jobs run. */
  running(): number;
  /** Refuses what waits and whatever comes. Resolves when what runs has ended. */
  stop(): Promise<void>;
};

/**
 * A Bottleneck for which no clock can be wrong. It notes by the machine's clock when its next job may run, and
 * waits for that moment, however far away it is once that clock is set back. A `minTime` of minus infinity puts
 * it into the past for good from the first job on. Before that it is the moment at which Bottleneck was made,
 * so it is made when its first job comes.
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
    // Bottleneck would run it in the context of the job whose end made room for it.
    schedule: (job, priority = 5) => limiter().schedule({ priority }, AsyncResource.bind(job)),
    waiting: () => count('RECEIVED', 'QUEUED', 'RUNNING'),
    running: () => count('EXECUTING'),
    stop() {
      stopped ??= limiter().stop();
      return stopped;
    },
  };
}
