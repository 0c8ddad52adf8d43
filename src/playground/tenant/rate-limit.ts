import type { Clock } from '../../clock.ts';
import { type Answer, failure } from './answer.ts';

export type RateLimit = {
  perSecond: number;
  burst: number;
  /** How the 429 says when to come back; in seconds by default. */
  retryAfter?: 'seconds' | 'date' | 'none';
};

/** In thousandths of a request, so that milliseconds add up exactly. */
const REQUEST = 1000;

/** A token bucket, full at first. */
export function createRateLimiter(clock: Clock) {
  let limit: RateLimit | undefined;
  let credit = 0;
  let countedAt = 0;

  return {
    set(next: RateLimit | undefined): void {
      limit = next;
      credit = (next?.burst ?? 0) * REQUEST;
      countedAt = clock.elapsed();
    },

    /** Counts a request, and refuses it above the limit. */
    refusal(): Answer | undefined {
      if (!limit) return undefined;
      const { perSecond, burst, retryAfter = 'seconds' } = limit;
      const now = clock.elapsed();
      credit = Math.min(burst * REQUEST, credit + (now - countedAt) * perSecond);
      countedAt = now;
      if (credit >= REQUEST) {
        credit -= REQUEST;
        return undefined;
      }

      const wait = (REQUEST - credit) / perSecond;
      const headers = {
        seconds: { 'retry-after': String(Math.ceil(wait / 1000)) },
        date: { 'retry-after': wholeSecondAfter(clock.now() + wait).toUTCString() },
        none: undefined,
      }[retryAfter];
      return failure(429, 'Too many requests.', headers);
    },
  };
}

const wholeSecondAfter = (ms: number) => new Date(Math.ceil(ms / 1000) * 1000);
