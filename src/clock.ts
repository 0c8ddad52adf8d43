/** Time as the program sees it: passed in, so that a test decides how late it is. */
export type Clock = {
  /** Milliseconds since 1970: for dates alone, since it may be set forward and back at any time. */
  now(): number;
  /** Milliseconds since an unknown moment, which nobody sets: for how long something takes, or may take. */
  elapsed(): number;
  /** Runs `run` once after `ms` milliseconds, unless the returned function is called first. */
  after(ms: number, run: () => void): () => void;
};

/** Node keeps a timer in a signed 32-bit number of milliseconds; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};
