import type { Clock } from '../../../clock.ts';
import type { Times } from './times.ts';

export type Timetable = {
  /** @param handled up to which time nothing is to be made up */
  start(handled?: number): void;
  stop(): void;
};

type Wiring = {
  times: Times;
  clock: Clock;
  /** Begins what is due, and returns how to end it before it is through. */
  run: (due: number) => () => void;
};

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** Runs something at its times. One that was missed is made up within a day; of several, the last. */
export function createTimetable({ times, clock, run }: Wiring): Timetable {
  let done = Number.NEGATIVE_INFINITY;
  let stopRun = () => {};
  let stopWaiting = () => {};

  /** Once an hour at least: a timer knows no month, and the clock may be set. */
  function look(): void {
    const now = clock.now();
    const due = times.upTo(now);
    if (due !== undefined && due > done && now - due < DAY) {
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
