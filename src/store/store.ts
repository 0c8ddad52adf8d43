import type { Board } from './board.ts';
import type { Bucket } from './bucket.ts';
import type { Uses } from './uses.ts';

/** The store did not do what it was asked, and nobody knows what it holds. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Something that was said, and when: in milliseconds since 1970, by the clock of whoever said it. */
export type Word = { text: string; at: number };

/**
 * What all instances of the app have in common, by key. With a memory of its own an instance has it
 * for itself. Lifetimes are in milliseconds. Every method throws StoreError when the store is away.
 * Keys and values are kept as they come: whoever has personal data to keep seals it first.
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
  /** The last word under a key, for ever, as versions before told of orders. One that is handed in counts if it is newer. */
  lastWord(key: string, word?: Word): Promise<Word | undefined>;
  /** Where instances tell each other of orders. */
  board: Board;
  /** Whether other instances have it in common with this one, and it outlives them. */
  isShared: boolean;
  /** Runs whenever the store is there again after it was away. */
  whenBack(run: () => void): void;
  /** Counts uses within windows that slide. */
  uses: Uses;
  /** True where it takes a write, or words that say why not; throws when it is away. */
  isThere(): Promise<true | string>;
  /** Tokens that all instances take from one bucket. */
  bucket(name: string): Bucket;
  close(): Promise<void>;
};
