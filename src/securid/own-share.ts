import type { Clock } from '../clock.ts';
import { type BucketAnswer, MEMBER_LEASE } from '../store/bucket.ts';
import { type Budget, createBudget, type Refill } from './budget.ts';

/** While the bucket is away: a part of the last known one, and little where nobody knows how many there are. */
const TOGETHER = 0.85;
const UNKNOWN = 0.1;

/** This instance's share of the common budget, with which it goes on while the bucket is away. */
export function createOwnShare(clock: Clock, refill: (now: number) => Refill) {
  let known: { members: number; at: number; left: number } | undefined;

  return {
    isKnown: () => known !== undefined,
    /** Goes by how many instances there are, and by how much is left for them. */
    adopt({ members, left, now }: BucketAnswer): void {
      // One who was there a moment ago may only not have come back yet.
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
