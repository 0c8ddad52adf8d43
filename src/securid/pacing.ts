import type { Clock } from '../clock.ts';
import type { Bucket } from '../store/bucket.ts';
import { createBudget } from './budget.ts';
import type { SecurIDError } from './errors.ts';
import type { Pace } from './pace.ts';
import type { Queue } from './queue.ts';
import { createFixedRate, createLearningRate } from './rate.ts';
import { createSharedBudget } from './shared-budget.ts';
import { createTurns } from './turns.ts';

/** The client's current load. */
type PaceNow = {
  /** Requests waiting for their turn. */
  queued: number;
  /** Requests under way. */
  running: number;
  /** Milliseconds left of the pause. */
  pausedFor: number;
  requestsPerSecond: number;
  /** Whether the rate was learned rather than configured. */
  learned: boolean;
};

/** The outcome of one attempt, and when to retry. */
export type Outcome<T> =
  | { answer: T }
  | { error: SecurIDError; again: 'never' | 'after pause' | 'read' | 'token renewed' };

export type Pacing = {
  /**
   * Sends when it is this request's turn, and is the only place that decides on retries: always
   * after a 429, twice for a read after a network error or 502–504, once after a refused token.
   * @throws SecurIDError `RATE_LIMITED` if no turn comes in time; nothing was sent then
   * @param until the deadline, by `clock.elapsed()`; it may change while the request waits
   */
  inTurn<T>(send: () => Promise<Outcome<T>>, until: () => number, lane?: string): Promise<T>;
  /** The error for a caller whose deadline has passed. */
  overdue(): SecurIDError;
  now(): PaceNow;
  /**
   * Sends nothing more, to the tenant or to other instances. Resolves when nothing is under way.
   */
  stop(): Promise<void>;
};

const TRIES = { read: 3, 'token renewed': 2 };

/** How many tokens of the burst, at most half, busy lanes leave to the others. */
const RESERVE = 5;

/** A bucket shared with other instances, and this instance's name in it. */
export type SharedBucket = { bucket: Bucket; member: string };

type Wiring = {
  pace: Pace;
  clock: Clock;
  queue: Queue;
  shared?: SharedBucket | undefined;
  random?: () => number;
};

export function createPacing(wiring: Wiring): Pacing {
  const { pace, clock, queue, shared, random = Math.random } = wiring;
  const { requestsPerSecond } = pace;
  const rate =
    requestsPerSecond === undefined
      ? createLearningRate(pace, random)
      : createFixedRate({ ...pace, requestsPerSecond }, random);
  const { refill, notes } = rate;
  const budget = shared
    ? createSharedBudget({ ...shared, clock, refill, notes })
    : createBudget(clock, refill);
  const turns = createTurns({
    clock,
    budget,
    queue,
    isProbing: rate.probing,
    reserve: () => Math.min(RESERVE, Math.floor(rate.refill(budget.now()).burst / 2)),
    onShort: () => rate.short(budget),
  });
  let handedIn = 0;

  /** Sends once, and tells the budget how the tenant answered. */
  async function sendOnce<T>(send: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const sentAt = budget.now();
    const outcome = await send();
    if (letThrough(outcome)) rate.passed(budget, sentAt);
    if ('error' in outcome && outcome.again === 'after pause') {
      budget.pause(rate.refused(budget, sentAt, outcome.error.retryAfter));
    }
    return outcome;
  }

  return {
    async inTurn(send, until, lane) {
      // Retries go back to the front of the queue, in order.
      const place = { lane, until, order: handedIn++, isRetry: false };
      const tries = { read: 0, 'token renewed': 0 };
      for (;;) {
        const over = await turns.turn(place);
        place.isRetry = true;
        const outcome = await sendOnce(send).finally(over);
        if ('answer' in outcome) return outcome.answer;

        const { error, again } = outcome;
        if (again === 'never') throw error;
        if (again === 'after pause') continue;
        tries[again] += 1;
        if (tries[again] >= TRIES[again] || clock.elapsed() >= until()) throw error;
        if (again === 'read') await sleep(clock, pace.retryPause * tries.read);
      }
    },
    overdue: turns.refusal,
    now: () => ({
      ...turns.counts(),
      pausedFor: budget.pauseLeft(),
      requestsPerSecond: rate.refill(budget.now()).requestsPerSecond,
      learned: rate.learned,
    }),
    async stop() {
      budget.close();
      await turns.stop();
    },
  };
}

/** Errors such as 404 were let through as well. A gateway's 503 tells nothing either way. */
function letThrough(outcome: Outcome<unknown>): boolean {
  if ('answer' in outcome) return true;
  const { status = 500 } = outcome.error;
  return status < 500 && outcome.again !== 'after pause';
}

const sleep = (clock: Clock, ms: number) =>
  new Promise<void>((resolve) => {
    if (ms > 0) clock.after(ms, resolve);
    else resolve();
  });
