/** What an instance tells a bucket of tokens that it shares with others, and asks of it. */
type BucketQuestion = {
  /** Who asks. It counts as there for a few seconds. */
  member: string;
  /** How many tokens, at most; with 0 it only listens. */
  wanted: number;
  /** So many tokens have to be left over. */
  keep: number;
  requestsPerSecond: number;
  burst: number;
  /** Tokens that were used without asking. */
  spent: number;
  /** Nobody gets a token for so many milliseconds. */
  pause: number;
  /** What a bucket without a memory begins with. */
  first: { tokens: number; taken: number };
  /** Replaces the common note, if that still has the version. */
  note: { text: string; version: number } | undefined;
};

export type BucketAnswer = {
  /** One token may lie in the future, for as long as `wait` says. It is reserved. */
  tokens: number;
  /** Milliseconds. */
  wait: number;
  pausedFor: number;
  /** Milliseconds, by the bucket. */
  now: number;
  /** How many tokens were taken so far, and how many are left. */
  taken: number;
  left: number;
  /** How many asked within the last seconds. */
  members: number;
  note: { text: string | undefined; version: number };
};

export type Bucket = { ask(question: BucketQuestion): Promise<BucketAnswer> };

/** How long a member counts as there after it asked, in milliseconds. */
export const MEMBER_LEASE = 3000;
