/** How fast the tenant may be asked. */
export type Pace = {
  /** RSA documents 429 but publishes no limit: where nobody knows it, it is learned from the answers. */
  requestsPerSecond: number | undefined;
  /** How many requests may go out at once after a quiet time. */
  burst: number;
  /** How many requests may be under way at once. */
  concurrency: number;
  /** How many requests may wait; one more is turned away. */
  queue: number;
  /** The first pause after a 429 that names none, in milliseconds; it doubles while 429s go on. */
  pause: number;
  /** The pause before a read is sent again after a network error, in milliseconds. */
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
