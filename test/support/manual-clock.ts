import type { Clock } from '../../src/clock.ts';

type Timer = { at: number; run: () => void };

/** A clock that stands still until a test moves it. */
export type ManualClock = Clock & {
  /** Moves time on, running what falls due on the way, in order. */
  advance(ms: number): void;
  /** How many timers wait. */
  waiting(): number;
  /** The shortest time until a timer falls due, if any waits. */
  nextIn(): number | undefined;
};

export function manualClock(start = Date.parse('2026-03-04T09:00:00Z')): ManualClock {
  let now = start;
  const timers = new Set<Timer>();
  const next = () => [...timers].sort((a, b) => a.at - b.at)[0];

  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(ms, 0), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (let due = next(); due && due.at <= until; due = next()) {
        timers.delete(due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = until;
    },
    waiting: () => timers.size,
    nextIn() {
      const timer = next();
      return timer && timer.at - now;
    },
  };
}
