import type { RateLimiterAbstract } from 'rate-limiter-flexible';

/** The store did not do what it was asked, and nobody knows what it holds. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * What all instances of the app have in common, by key. With a memory of its own an instance has it
 * for itself. Lifetimes are in milliseconds. Every method throws StoreError when the store is away.
 */
export type Store = {
  /** Keeps a value unless there is one already; then the answer is false. */
  add(key: string, value: string, lifetime: number): Promise<boolean>;
  get(key: string): Promise<string | undefined>;
  /** Keeps a value in place of any other, for ever if there is no lifetime. */
  set(key: string, value: string, lifetime?: number): Promise<void>;
  /** The value, which is gone then: of several who ask, one gets it. */
  take(key: string): Promise<string | undefined>;
  remove(key: string): Promise<void>;
  /** Adds a member to a set, and tells who was added within the last `period`. */
  gather(key: string, member: string, period: number): Promise<string[]>;
  /** Counts up to `points` for each key within `seconds` of the first. */
  limiter(name: string, points: number, seconds: number): RateLimiterAbstract;
  close(): Promise<void>;
};
