import type { Clock } from '../clock.ts';
import { type BucketAnswer, MEMBER_LEASE } from '../store/bucket.ts';
import { type Budget, createBudget, type Refill } from './budget.ts';

/**
 * While the bucket is unavailable: the part of the budget that all instances share, or that this
 * one takes if nobody knows how many there are.
 */
const TOGETHER = 0.85;
const UNKNOWN = 0.1;

/** This instance's share of the common budget, for while the bucket is unavailable. */
export function createOwnShare(clock: Clock, refill: (now: number) => Refill) {
  let known: { members: number; at: number; left: number } | undefined;

  return {
    isKnown: () => known !== undefined,
    /** Takes over the number of instances and what is left for them. */
    adopt({ members, left, now }: BucketAnswer): void {
      // A missing instance may just not have reconnected yet.
      const fewer = known && members < known.members && now - known.at < MEMBER_LEASE;
      known = fewer && known ? { ...known, left } : { members, left, at: now };
    },
    budget(now: number): Budget {
      const part = known ? TOGETHER / known.members : UNKNOWN;
      const ours = (time: number) => {
        const { requestsPerSecond, burst } = refill(time);
        return { requestsPerSecond: requestsPerSecond * part, burst: Math.max(burst * part, 1) };
      };
      const left = known ? known.left : refill(now).burst;
      return createBudget(clock, ours, Math.max(left, 0) * part);
    },
  };
}
