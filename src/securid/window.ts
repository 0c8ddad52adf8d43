/** A time, and how many tokens had been taken by then. */
export type Mark = { at: number; taken: number };

/** A limit on requests per minute, counted afresh in each window. */
export type Window = {
  limit: number;
  /** Milliseconds. */
  length: number;
  /** When a window began, and how many tokens had been taken by then. */
  start: Mark;
  /** The share by which the limit grows after a full window without a refusal. */
  growth: number;
  /** How many refusals in a row came far too early for this limit. */
  misses: number;
};

const MINUTE = 60_000;
const SHORTEST = 5000;

/**
 * Spends 90 % of the limit in the first quarter and spreads the rest, so
 * that nobody waits for the next window.
 */
const EARLY = { share: 0.9, part: 0.25 };

/** Leaves room for bursts and clock differences. */
const USED = 0.98;
const BURST = 5;

const GROWTH = { least: 0.01, most: 1 };

/** How many tokens are handed out by this part of the window. */
function planned({ limit }: Window, part: number): number {
  const all = Math.max(limit * USED - BURST, 1);
  const early = Math.min(part / EARLY.part, 1) * EARLY.share;
  const late = (Math.max(part - EARLY.part, 0) / (1 - EARLY.part)) * (1 - EARLY.share);
  return all * (early + late);
}

const partOf = ({ start, length }: Window, now: number) =>
  (Math.max(now - start.at, 0) % length) / length;

export function windowRate(window: Window, now: number): number {
  const part = partOf(window, now);
  const to = part < EARLY.part ? EARLY.part : 1;
  const from = part < EARLY.part ? 0 : EARLY.part;
  const tokens = planned(window, to) - planned(window, from);
  return (tokens * 1000) / ((to - from) * window.length);
}

/** A window begins with the first answer after a long time of refusals. */
export function startWindow(known: Partial<Window> & { limit: number }, start: Mark): Window {
  const length =
    known.start && known.length ? lengthBetween(known.start, start, known.length) : MINUTE;
  return { growth: GROWTH.least, misses: 0, ...known, length, start };
}

/** Derives the length from the starts of two windows, which need not be adjacent. */
function lengthBetween(one: Mark, other: Mark, length: number): number {
  if (other.at - one.at < SHORTEST) return length;
  const windows = Math.max(Math.round((other.at - one.at) / length), 1);
  const measured = (other.at - one.at) / windows;
  return Math.abs(measured / length - 1) > 0.2 ? measured : length;
}

/** Moves on to the current window. The limit grows if the last one was used up. */
export function wraps(window: Window, mark: Mark): Window {
  const { start, length, limit, growth } = window;
  const over = Math.floor((mark.at - start.at) / length);
  if (over < 1) return window;
  const next = { ...window, start: { at: start.at + over * length, taken: mark.taken } };
  const usedUp = over === 1 && mark.taken - start.taken >= planned(window, 1) * 0.9;
  if (!usedUp) return next;
  return {
    ...next,
    limit: limit * (1 + growth),
    growth: Math.min(growth * 2, GROWTH.most),
    misses: 0,
  };
}

type Hit = { window: Window | undefined; requestsPerSecond?: number };

/**
 * A refusal near the expected limit corrects it. Two far too
 * early mean that there is no such window.
 */
export function hits(window: Window, mark: Mark): Hit {
  const current = wraps(window, mark);
  const used = mark.taken - current.start.taken - 1;
  if (used >= current.limit / 2) {
    const limit = Math.min(used, current.limit);
    return { window: { ...current, limit, growth: GROWTH.least, misses: 0 } };
  }
  const misses = current.misses + 1;
  if (misses < 2) return { window: { ...current, misses } };
  const requestsPerSecond = (current.limit * 1000) / current.length;
  return { window: undefined, requestsPerSecond };
}

/** How many milliseconds until the next window, after the limit was hit. */
export const windowLeft = (window: Window, now: number) =>
  (1 - partOf(window, now)) * window.length;
