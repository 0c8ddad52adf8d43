import { createLimiter, type Limiter } from '../limiter.ts';

/** The line of those who want to send something to the tenant: one job for each request. */
export type Queue = Limiter;

/**
 * Bottleneck counts what runs, bounds what waits, and drains at the stop. The budget is ours: its reservoir
 * refills in steps of a heartbeat and lets its own retries pass unpaced (SGrondin/bottleneck issues 100, 153
 * and 170). So is the order, since its line is first in, first out.
 * @param places how many jobs run at once
 * @param longest how many wait for a place; one more is refused
 */
export const createQueue = (places: number, longest: number): Queue =>
  createLimiter({ maxConcurrent: places, highWater: longest });
