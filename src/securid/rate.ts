import type { Notes } from './bucket-talk.ts';
import type { Budget, Refill } from './budget.ts';
import { firstLesson, type Lesson, passed, rateOf, refused, short } from './learning.ts';
import { readLesson } from './lesson-note.ts';
import type { Pace } from './pace.ts';
import { windowLeft } from './window.ts';

/** How fast to go, and what the tenant's answers say about it. */
export type Rate = {
  refill(now: number): Refill;
  /** What was learned, for other instances, and what they learned. */
  notes: Notes;
  /** Whether the tenant taught it, and not the configuration. */
  learned: boolean;
  /** After a refusal one request tries alone whether the tenant answers again. */
  probing(): boolean;
  /** Somebody waits for nothing but a token. */
  short(budget: Budget): void;
  /** What was sent at that time was not refused. */
  passed(budget: Budget, sentAt: number): void;
  /** It was refused: for how many milliseconds nothing may be sent. */
  refused(budget: Budget, sentAt: number, retryAfter: number | undefined): number;
};

const LONGEST_PAUSE = 30_000;

/** While the limit is being learned, a window's end must not be missed by much. */
const LONGEST_PROBE = 8000;

/**
 * The tenant may ask for more, but a header can be wrong: after that one request tries whether the tenant
 * answers again.
 */
const LONGEST_ASKED = 5 * 60_000;

/**
 * From here on the network's own jitter lets requests arrive faster than they left; below, a token lasts
 * longer than any jitter.
 */
const FAST = 10;

/** As fast as it was configured. Measured on a bucket of 20/s: 99 % and one less at once, and nothing is refused. */
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

/** Finds out how fast the tenant lets it go. */
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

/** As long as the tenant asks for, or growing with each refusal. */
function createPauses(first: number, longest: number, random: () => number) {
  let episodes = 0;
  let doubted = false;
  return {
    /** The tenant asked for more than it is given, and has let nothing through since. */
    doubted: () => doubted,
    passed(budget: Budget, sentAt: number): void {
      if (!budget.sinceLastPause(sentAt)) return;
      episodes = 0;
      doubted = false;
    },
    refused(budget: Budget, sentAt: number, retryAfter: number | undefined): number {
      // What was under way when the pause began tells nothing new about how long it should be.
      if (budget.sinceLastPause(sentAt)) episodes += 1;
      const growing = Math.min(first * 2 ** Math.max(episodes - 1, 0), longest);
      if (retryAfter) doubted = retryAfter > LONGEST_ASKED;
      // "At once" would be answered by another 429.
      return Math.min(retryAfter || growing * (0.75 + random() / 2), LONGEST_ASKED);
    },
  };
}
