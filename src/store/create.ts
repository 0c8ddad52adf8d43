import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createMemoryStore } from './memory.ts';
import { createRedisStore } from './redis.ts';
import type { Store } from './store.ts';

type Options = {
  /** The Redis that several instances share; without it, this instance keeps everything in memory. */
  redisUrl: string | undefined;
  /** Shared by all instances, to sign what they tell each other. */
  secret: string;
  clock: Clock;
  log: Log;
};

/** What all instances share: in Redis, or in memory for a single instance. */
export const createStore = ({ redisUrl, secret, clock, log }: Options): Store =>
  redisUrl === undefined
    ? createMemoryStore(clock)
    : createRedisStore({ url: redisUrl, secret, log });
