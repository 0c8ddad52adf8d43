import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createMemoryStore } from './memory.ts';
import { createRedisStore } from './redis.ts';
import type { Store } from './store.ts';

type Options = {
  /** Where several instances have in common what they must; without it this one has it for itself. */
  redisUrl: string | undefined;
  /** Which every instance has: what they tell each other is signed with it. */
  secret: string;
  clock: Clock;
  log: Log;
};

/** What all instances have in common: in Redis, or for one instance in memory. */
export const createStore = ({ redisUrl, secret, clock, log }: Options): Store =>
  redisUrl === undefined
    ? createMemoryStore(clock)
    : createRedisStore({ url: redisUrl, secret, log });
