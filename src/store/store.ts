import type { Symptom } from '../troubleshooting.ts';
import type { Board } from './board.ts';
import type { Bucket } from './bucket.ts';
import type { Uses } from './uses.ts';

/** The store failed; what it holds is unknown. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly symptom: Symptom = 'redis-is-away';
}

/** Why it does not accept writes, and where the remedy stands. */
export type NoWrites = { says: string; see: string };

/** A text, and when it was said: milliseconds since 1970 by the speaker's clock. */
export type Word = { text: string; at: number };

/**
 * What all instances of the app share, by key. Lifetimes are in milliseconds. Every method throws StoreError
 * when the store is away. Keys and values are stored as they are: seal personal data first.
 */
export type Store = {
  /** Adds a value; false if there is one already. */
  add(key: string, value: string, lifetime: number): Promise<boolean>;
  get(key: string): Promise<string | undefined>;
  /** Sets a value, for ever if there is no lifetime. */
  set(key: string, value: string, lifetime?: number): Promise<void>;
  /** Takes the value away: of several callers, one gets it. */
  take(key: string): Promise<string | undefined>;
  remove(key: string): Promise<void>;
  /** Adds a member to a set; returns those added within the last `period`. */
  gather(key: string, member: string, period: number): Promise<string[]>;
  /** The last word under a key, as earlier versions shared switches. A given word counts if it is newer. */
  lastWord(key: string, word?: Word): Promise<Word | undefined>;
  /** Where instances share switches. */
  board: Board;
  /** Whether several instances share it. */
  isShared: boolean;
  /** Runs whenever the store is back after being away. */
  whenBack(run: () => void): void;
  /** Counts uses within sliding windows. */
  uses: Uses;
  /** True if it accepts writes, else why not; throws when it is away. */
  isThere(): Promise<true | NoWrites>;
  /** A token bucket that all instances share. */
  bucket(name: string): Bucket;
  close(): Promise<void>;
};
