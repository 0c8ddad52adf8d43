import type { Clock } from '../../../clock.ts';
import type { Times } from './times.ts';

export type Timetable = {
  /**
   * @param handled the time up to which nothing is made up for
   */
  start(handled?: number): void;
  stop(): void;
};

type Wiring = {
  times: Times;
  clock: Clock;
  /** Begins what is due, and returns a function that ends it early. */
  run: (due: number) => () => void;
};

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** Runs something at its times. The last missed time is made up for within a day. */
export function createTimetable({ times, clock, run }: Wiring): Timetable {
  let done = Number.NEGATIVE_INFINITY;
  let stopRun = () => {};
  let stopWaiting = () => {};

  /** At least once an hour, because timers cannot wait a month and the clock may be set. */
  function look(): void {
    const now = clock.now();
    const due = times.upTo(now);
    // If `done` is a day or more from now, the clock was wrong then.
    const isLeft = due !== undefined && (due > done || done - now >= DAY);
    if (isLeft && now - due < DAY) {
      done = due;
      stopRun();
      stopRun = run(due);
    }
    const next = times.after(now);
    if (next !== undefined) stopWaiting = clock.after(Math.min(next - now, HOUR), look);
  }

  return {
    start(handled = Number.NEGATIVE_INFINITY) {
      done = handled;
      look();
    },
    stop() {
      stopWaiting();
      stopRun();
    },
  };
}
