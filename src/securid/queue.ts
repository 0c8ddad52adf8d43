import { createLimiter, type Limiter } from '../limiter.ts';

/** The queue to the tenant: one job per request. */
export type Queue = Limiter;

/**
 * Bottleneck counts running jobs, bounds the queue and drains it on stop. The budget is our own,
 * because Bottleneck's reservoir refills in steps of a heartbeat and lets its own retries pass
 * unpaced (SGrondin/bottleneck issues 100, 153 and 170). So is the order, because its queue is
 * first in, first out.
 * @param places how many jobs run at once
 * @param longest how many jobs may wait; further ones are refused
 */
export const createQueue = (places: number, longest: number): Queue =>
  createLimiter({ maxConcurrent: places, highWater: longest });
