import { randomInt } from 'node:crypto';

export type Random = ReturnType<typeof createRandom>;

/** The same numbers for the same seed (mulberry32). */
export function createRandom(seed: number) {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    chance: (share: number) => next() < share,
    between: (from: number, to: number) => from + next() * (to - from),
    one: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
  };
}

/** Printed so that a run can be repeated with the same random numbers, though never with the same timing. */
export function seedOfThisRun(suite: 'chaos' | 'slow'): number {
  const seed = Number(process.env.SEED ?? randomInt(1_000_000));
  console.log(`seed ${seed}; the same dice again: SEED=${seed} npm run test:${suite}`);
  return seed;
}
