import { vi } from 'vitest';
import { atRest } from './at-rest.ts';
import type { ManualClock } from './manual-clock.ts';
import { PATIENCE } from './patience.ts';

/** Ranges of waiting times, in milliseconds. */
const SPANS = {
  /** Until something is retried right away. */
  'a moment': [0, 999],
  /** Until nobody waits for an answer any more. */
  seconds: [1000, 5999],
  /** Until something that failed is checked again. */
  'a while': [6000, 60_000],
} as const;

export type Span = keyof typeof SPANS;

/** Resolves once the program waits for about that long, with the exact time in milliseconds. */
export async function waitsFor(clock: ManualClock, span: Span): Promise<number> {
  const [from, to] = SPANS[span];
  const due = () => clock.nextIn() ?? Number.NaN;
  await vi.waitUntil(() => due() >= from && due() <= to, { interval: 1, timeout: PATIENCE });
  return due();
}

/** Waits until the program waits for about that long, then lets that time pass. */
export async function passes(clock: ManualClock, span: Span): Promise<void> {
  clock.advance(await waitsFor(clock, span));
}

const LONGEST_STEP = 10_000;

/**
 * Moves the clock from timer to timer until it is so. Before each, everything that goes on without time passing has
 * ended, so that no deadline races with an answer that is on its way.
 */
export async function inTime(
  { clock }: { clock: ManualClock },
  isSo: () => boolean,
): Promise<void> {
  const hasCome = async () => {
    await atRest();
    if (isSo()) return true;
    clock.advance(Math.min(clock.nextIn() ?? 0, LONGEST_STEP));
    return false;
  };
  await vi.waitUntil(hasCome, { interval: 1, timeout: PATIENCE });
}

/** Lets time pass, 10 ms per turn of the event loop, until the calls have settled. */
export async function letTimePass<T>(clock: ManualClock, calls: Promise<T>): Promise<T> {
  let settled = false;
  const stop = () => {
    settled = true;
  };
  calls.then(stop, stop);
  while (!settled) {
    await new Promise((turn) => setTimeout(turn));
    clock.advance(10);
  }
  return calls;
}
