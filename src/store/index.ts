export type { Board, Entry, Sight } from './board.ts';
export { createStore } from './create.ts';
export { createMemoryStore } from './memory.ts';
export { createRedisStore } from './redis.ts';
export { type Store, StoreError } from './store.ts';
export { type Allowance, createMemoryUses, type Full, type MemoryUses, type Uses } from './uses.ts';
