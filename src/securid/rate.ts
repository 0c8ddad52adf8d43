import type { Notes } from './bucket-talk.ts';
import type { Budget, Refill } from './budget.ts';
import { firstLesson, type Lesson, passed, rateOf, refused, short } from './learning.ts';
import { readLesson } from './lesson-note.ts';
import type { Pace } from './pace.ts';
import { windowLeft } from './window.ts';

/** How fast to send, and what the tenant's answers say about it. */
export type Rate = {
  refill(now: number): Refill;
  /** What this instance learned, for the others, and what they learned. */
  notes: Notes;
  /** Whether the rate was learned rather than configured. */
  learned: boolean;
  /** After a refusal, a single request tests whether the tenant answers again. */
  probing(): boolean;
  /** A request waits for nothing but a token. */
  short(budget: Budget): void;
  /** A request sent at that time was not refused. */
  passed(budget: Budget, sentAt: number): void;
  /** A request was refused. Returns for how many milliseconds nothing may be sent. */
  refused(budget: Budget, sentAt: number, retryAfter: number | undefined): number;
};

const LONGEST_PAUSE = 30_000;

/** Shorter while the limit is being learned, so that a new window is noticed soon. */
const LONGEST_PROBE = 8000;

/**
 * The tenant may ask for more, but the header may be wrong. After this long, one request tests
 * whether the tenant answers again.
 */
const LONGEST_ASKED = 5 * 60_000;

/**
 * Requests per second above which network jitter can make
 * requests arrive faster than they were sent.
 */
const FAST = 10;

/**
 * Sends at the configured rate. Measured on a bucket of 20/s: at 99 % of the rate and a burst one
 * smaller, nothing is refused.
 */
export function createFixedRate(
  pace: Pace & { requestsPerSecond: number },
  random: () => number,
): Rate {
  const pauses = createPauses(pace.pause, LONGEST_PAUSE, random);
  const { requestsPerSecond, burst } = pace;
  const refill =
    requestsPerSecond > FAST
      ? { requestsPerSecond: requestsPerSecond * 0.99, burst: Math.max(burst - 1, 1) }
      : { requestsPerSecond, burst };
  return {
    refill: () => refill,
    notes: { read: () => undefined, heed: () => {} },
    learned: false,
    probing: pauses.doubted,
    short: () => {},
    passed: pauses.passed,
    refused: pauses.refused,
  };
}

/** Learns how fast the tenant allows requests. */
export function createLearningRate({ burst, pause }: Pace, random: () => number): Rate {
  const pauses = createPauses(pause, LONGEST_PROBE, random);
  let lesson: Lesson | undefined;
  const markOf = (budget: Budget) => ({ at: budget.now(), taken: budget.taken() });

  function study(budget: Budget, how: typeof short): Lesson {
    const mark = markOf(budget);
    lesson = how(lesson ?? firstLesson(mark), mark);
    return lesson;
  }

  return {
    refill(now) {
      lesson ??= firstLesson({ at: now, taken: 0 });
      const { window } = lesson;
      const changesIn = window && windowLeft(window, now);
      return { requestsPerSecond: rateOf(lesson, now), burst, changesIn };
    },
    notes: {
      read: () => lesson && JSON.stringify(lesson),
      heed(text) {
        lesson = readLesson(text) ?? lesson;
      },
    },
    learned: true,
    probing: () => lesson?.episode?.passed === 0,
    short: (budget) => void study(budget, short),
    passed(budget, sentAt) {
      pauses.passed(budget, sentAt);
      if (budget.sinceLastPause(sentAt)) study(budget, passed);
    },
    refused(budget, sentAt, retryAfter) {
      if (!budget.sinceLastPause(sentAt)) return pauses.refused(budget, sentAt, retryAfter);
      const first = !lesson?.episode;
      const { window } = study(budget, refused);
      const growing = pauses.refused(budget, sentAt, retryAfter);
      const hit = first && window && window.misses === 0 && !retryAfter;
      return hit ? windowLeft(window, budget.now()) : growing;
    },
  };
}

/** Pauses as long as the tenant asks for, or longer with each refusal. */
function createPauses(first: number, longest: number, random: () => number) {
  let episodes = 0;
  let doubted = false;
  return {
    /** The tenant asked for a longer pause than it gets, and has let nothing through since. */
    doubted: () => doubted,
    passed(budget: Budget, sentAt: number): void {
      if (!budget.sinceLastPause(sentAt)) return;
      episodes = 0;
      doubted = false;
    },
    refused(budget: Budget, sentAt: number, retryAfter: number | undefined): number {
      // Requests that were under way when the pause began say nothing new about its length.
      if (budget.sinceLastPause(sentAt)) episodes += 1;
      const growing = Math.min(first * 2 ** Math.max(episodes - 1, 0), longest);
      if (retryAfter) doubted = retryAfter > LONGEST_ASKED;
      // A pause of 0 would only lead to another 429.
      return Math.min(retryAfter || growing * (0.75 + random() / 2), LONGEST_ASKED);
    },
  };
}
