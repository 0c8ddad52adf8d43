/** What an instance tells a shared bucket of tokens, and asks of it. */
type BucketQuestion = {
  /** The instance that asks. It counts as present for a few seconds. */
  member: string;
  /** How many tokens it wants at most; 0 only listens. */
  wanted: number;
  /** How many tokens to leave for others. */
  keep: number;
  requestsPerSecond: number;
  burst: number;
  /** Tokens that it used without asking. */
  spent: number;
  /** How long nobody may get a token, in milliseconds. */
  pause: number;
  /** The state for a bucket that has none. */
  first: { tokens: number; taken: number };
  /** Replaces the shared note, if it still has this version. */
  note: { text: string; version: number } | undefined;
};

export type BucketAnswer = {
  /** Tokens granted. One may be reserved for the future, after `wait`. */
  tokens: number;
  /** Milliseconds. */
  wait: number;
  pausedFor: number;
  /** Milliseconds, by the bucket. */
  now: number;
  /** How many tokens were taken so far, and how many are left. */
  taken: number;
  left: number;
  /** How many instances asked within the last seconds. */
  members: number;
  note: { text: string | undefined; version: number };
};

export type Bucket = { ask(question: BucketQuestion): Promise<BucketAnswer> };

/** How long a member counts as present after it asked, in milliseconds. */
export const MEMBER_LEASE = 3000;
