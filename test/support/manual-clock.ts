import type { Clock } from '../../src/clock.ts';

type Timer = { at: number; run: () => void };

/**
 * A clock that stands still until a test moves it. Its two readings differ widely, so that a mix-up is
 * noticed.
 */
export type ManualClock = Clock & {
  /** Moves time on, and runs timers as they fall due, in order. */
  advance(ms: number): void;
  /** Time passes while the process is suspended: what falls due meanwhile runs afterwards. */
  stall(ms: number): void;
  /** Sets the date forward or back, as an administrator would, while no time passes. */
  set(ms: number): void;
  /** How many timers are waiting. */
  waiting(): number;
  /** The time until the next timer is due, in milliseconds, if there is one. */
  nextIn(): number | undefined;
};

export function manualClock(start = Date.parse('2026-03-04T09:00:00Z')): ManualClock {
  let date = start;
  let now = 1000;
  const timers = new Set<Timer>();
  const pass = (ms: number) => {
    now += ms;
    date += ms;
  };
  const next = () => [...timers].sort((a, b) => a.at - b.at)[0];

  const clock: ManualClock = {
    now: () => date,
    elapsed: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(ms, 0), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (let due = next(); due && due.at <= until; due = next()) {
        timers.delete(due);
        pass(Math.max(due.at - now, 0));
        due.run();
      }
      pass(until - now);
    },
    stall(ms) {
      pass(ms);
      clock.advance(0);
    },
    set(ms) {
      date += ms;
    },
    waiting: () => timers.size,
    nextIn() {
      const timer = next();
      return timer && timer.at - now;
    },
  };
  return clock;
}
