import { hits, type Mark, startWindow, type Window, windowRate, wraps } from './window.ts';

/** What is known of a limit that nobody publishes. */
export type Lesson = {
  requestsPerSecond: number;
  /** Nothing was refused yet: the rate doubles. */
  doubling: boolean;
  /** When the rate was last looked at. */
  step: Mark;
  /** Since when requests have waited for the rate alone, without a refusal. */
  since: Mark;
  /** A time of refusals, which is over after a few that pass. */
  episode: (Mark & { passed: number }) | undefined;
  /** The last episode was over after a moment, as with a limit for each second. */
  brief: boolean;
  /** A limit for each minute, in place of the rate. */
  window: Window | undefined;
};

/** Slow enough for any tenant, fast enough for a command. */
const FIRST_RATE = 5;
const SLOWEST = 0.2;

const SECOND = 1000;
/** Two looks further apart than this had a quiet time between them. */
const QUIET = 3 * SECOND;

/** A step up for each second, and the cut for each episode. */
const STEP = 1.01;
const CUT = 0.85;
const DEEPEST_CUT = 0.5;

/** Refusals with fewer answers between them are one episode. */
const ENOUGH = 3;

/** A bucket has a token again after a moment; what refuses for longer, after so many, counts by the minute. */
const LONG = 3 * SECOND;
const MANY = 30;

export const firstLesson = (mark: Mark): Lesson => ({
  requestsPerSecond: FIRST_RATE,
  doubling: true,
  step: mark,
  since: mark,
  episode: undefined,
  brief: false,
  window: undefined,
});

export const rateOf = ({ requestsPerSecond, window }: Lesson, now: number): number =>
  window ? windowRate(window, now) : requestsPerSecond;

/** Somebody waits for nothing but the rate: it may grow. In quiet times it stays. */
export function short(lesson: Lesson, mark: Mark): Lesson {
  const { step, episode, window, requestsPerSecond, doubling } = lesson;
  // What was taken before the refusals began is what they tell of.
  if (episode) return lesson;
  if (window) return { ...lesson, window: wraps(window, mark) };
  const time = mark.at - step.at;
  // The clock of a bucket that is shared may be behind.
  if (time > QUIET || time < 0) return { ...lesson, step: mark, since: mark };
  if (time < SECOND) return lesson;
  const used = perSecond(step, mark);
  const grown = doubling
    ? Math.min(requestsPerSecond * 2, used * 2)
    : Math.min(requestsPerSecond * STEP, used * 2);
  return { ...lesson, step: mark, requestsPerSecond: Math.max(grown, requestsPerSecond) };
}

/** The tenant refused what had been sent since the last pause. */
export function refused(lesson: Lesson, mark: Mark): Lesson {
  const { episode, window, since, requestsPerSecond } = lesson;
  if (episode) return { ...lesson, episode: { ...episode, passed: 0 } };
  const begun = { ...lesson, episode: { ...mark, passed: 0 }, doubling: false };
  if (window) return { ...begun, ...hits(window, mark) };
  // What came through since the last episode tells more than the rate, where bursts are small.
  const reached = perSecond(since, mark) * 0.95;
  const cut = Math.max(
    Math.min(reached, requestsPerSecond * CUT),
    requestsPerSecond * DEEPEST_CUT,
    SLOWEST,
  );
  return { ...begun, requestsPerSecond: cut };
}

/** The tenant answered what had been sent since the last pause. */
export function passed(lesson: Lesson, mark: Mark): Lesson {
  const { episode, since, window } = lesson;
  if (!episode) return lesson;
  const lasted = mark.at - episode.at;
  const going = { ...lesson, episode: { ...episode, passed: episode.passed + 1 } };
  if (episode.passed === 0) {
    const limit = window?.limit ?? episode.taken - since.taken;
    const byTheMinute = lasted >= LONG && (window || (limit >= MANY && !lesson.brief));
    going.brief = lasted < LONG;
    if (byTheMinute) return { ...going, window: startWindow({ ...window, limit }, mark) };
  }
  if (going.episode.passed < ENOUGH) return going;
  return { ...going, episode: undefined, step: mark, since: mark };
}

const perSecond = (from: Mark, to: Mark) =>
  to.at > from.at
    ? ((to.taken - from.taken) * SECOND) / (to.at - from.at)
    : Number.POSITIVE_INFINITY;
