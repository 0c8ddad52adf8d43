import { hits, type Mark, startWindow, type Window, windowRate, wraps } from './window.ts';

/** What is known of the tenant's unpublished rate limit. */
export type Lesson = {
  requestsPerSecond: number;
  /** Nothing has been refused yet, so the rate doubles. */
  doubling: boolean;
  /** When the rate was last reviewed. */
  step: Mark;
  /** Since when only the rate has held requests back, without a refusal. */
  since: Mark;
  /** A run of refusals. It ends after a few answers. */
  episode: (Mark & { passed: number }) | undefined;
  /** The last episode was short, as under a limit per second. */
  brief: boolean;
  /** A limit per minute, which replaces the rate. */
  window: Window | undefined;
};

/** Slow enough for any tenant, fast enough for a command. */
const FIRST_RATE = 5;
const SLOWEST = 0.2;

const SECOND = 1000;
/** Reviews further apart than this had a quiet time between them. */
const QUIET = 3 * SECOND;

/** Growth per second, and the cut per episode. */
const STEP = 1.01;
const CUT = 0.85;
const DEEPEST_CUT = 0.5;

/** How many answers end an episode. */
const ENOUGH = 3;

/**
 * A token bucket refills within moments. A tenant that refuses for longer, after this many
 * requests, counts by the minute.
 */
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

/** Only the rate holds a request back, so the rate may grow. It stays as it is in quiet times. */
export function short(lesson: Lesson, mark: Mark): Lesson {
  const { step, episode, window, requestsPerSecond, doubling } = lesson;
  // Refusals are judged by what was taken before they began.
  if (episode) return lesson;
  if (window) return { ...lesson, window: wraps(window, mark) };
  const time = mark.at - step.at;
  // The clock of a shared bucket may be behind.
  if (time > QUIET || time < 0) return { ...lesson, step: mark, since: mark };
  if (time < SECOND) return lesson;
  const used = perSecond(step, mark);
  const grown = doubling
    ? Math.min(requestsPerSecond * 2, used * 2)
    : Math.min(requestsPerSecond * STEP, used * 2);
  return { ...lesson, step: mark, requestsPerSecond: Math.max(grown, requestsPerSecond) };
}

/** The tenant refused a request sent after the last pause. */
export function refused(lesson: Lesson, mark: Mark): Lesson {
  const { episode, window, since, requestsPerSecond } = lesson;
  if (episode) return { ...lesson, episode: { ...episode, passed: 0 } };
  const begun = { ...lesson, episode: { ...mark, passed: 0 }, doubling: false };
  if (window) return { ...begun, ...hits(window, mark) };
  // Where bursts are small, the throughput since the last episode tells more than the rate.
  const reached = perSecond(since, mark) * 0.95;
  const cut = Math.max(
    Math.min(reached, requestsPerSecond * CUT),
    requestsPerSecond * DEEPEST_CUT,
    SLOWEST,
  );
  return { ...begun, requestsPerSecond: cut };
}

/** The tenant answered a request sent after the last pause. */
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
