export { createMemoryStore } from './memory.ts';
export { createRedisStore } from './redis.ts';
export { type Store, StoreError, type Word } from './store.ts';
