export { createMemoryStore } from './memory.ts';
export { type Store, StoreError } from './store.ts';
