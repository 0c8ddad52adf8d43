/** How fast the tenant may be asked. */
export type Pace = {
  /**
   * RSA documents 429 but publishes no limit. If it is not
   * configured, it is learned from the answers.
   */
  requestsPerSecond: number | undefined;
  /** How many requests may go out at once after a quiet time. */
  burst: number;
  /** How many requests may be under way at once. */
  concurrency: number;
  /** How many requests may wait; further ones are refused. */
  queue: number;
  /**
   * The first pause after a 429 without `Retry-After`, in
   * milliseconds. It doubles with each further 429.
   */
  pause: number;
  /** The pause before a read is retried after a network error, in milliseconds. */
  retryPause: number;
};

export const DEFAULT_PACE: Pace = {
  requestsPerSecond: undefined,
  burst: 5,
  concurrency: 5,
  queue: 1000,
  pause: 250,
  retryPause: 250,
};
