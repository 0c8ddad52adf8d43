import { SecurIDError } from '../../src/securid/index.ts';
import { DEFAULT_PACE, type Pace } from '../../src/securid/pace.ts';
import { createPacing, type SharedBucket } from '../../src/securid/pacing.ts';
import type { Queue } from '../../src/securid/queue.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';

const HOUR = 60 * 60_000;

/** Returns 0 to let a request through, or after how many milliseconds it may come again. */
export type Limit = (now: number) => number;

export function bucketOf(perSecond: number, burst: number): Limit {
  let tokens = burst;
  let countedAt: number | undefined;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - (countedAt ?? now)) * perSecond) / 1000);
    countedAt = now;
    if (tokens < 1) return ((1 - tokens) * 1000) / perSecond;
    tokens -= 1;
    return 0;
  };
}

/** So many per window; the first window began `ahead` milliseconds before the start. */
export function windowOf(limit: number, length: number, ahead = 0): Limit {
  let start: number | undefined;
  let window = 0;
  let used = 0;
  return (now) => {
    start ??= now - ahead;
    const current = Math.floor((now - start) / length);
    if (current !== window) used = 0;
    window = current;
    if (used >= limit) return start + (window + 1) * length - now;
    used += 1;
    return 0;
  };
}

/** The same numbers in [0, 1) for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Starts a job as soon as there is room. Bottleneck takes a few real milliseconds, in which no time passes
 * here.
 */
function instantQueue(places: number): Queue {
  const jobs: (() => Promise<void>)[] = [];
  let running = 0;
  async function runNext(): Promise<void> {
    const job = running < places ? jobs.shift() : undefined;
    if (!job) return;
    running += 1;
    await job();
    running -= 1;
    void runNext();
  }
  return {
    schedule: (run) =>
      new Promise((resolve) => {
        jobs.push(() => run().then(resolve));
        void runNext();
      }),
    waiting: () => jobs.length,
    running: () => running,
    stop: async () => {},
  };
}

type Options = {
  limit: Limit;
  retryAfter: boolean;
  seed?: number;
  pace?: Partial<Pace>;
  clock?: ManualClock;
  shared?: SharedBucket;
};

/**
 * The real pacing in front of a tenant that only counts, 10 to 40 ms away, as fast as the processor allows.
 */
export function openLimited(options: Options) {
  const { limit, retryAfter, seed = 1, pace, shared, clock = manualClock() } = options;
  const random = seeded(seed);
  const start = clock.now();
  /** When requests were answered or refused, in milliseconds after the start. */
  const answered: number[] = [];
  const refused: number[] = [];
  const settings = { ...DEFAULT_PACE, ...pace };
  const pacing = createPacing({
    pace: settings,
    clock,
    random,
    queue: instantQueue(settings.concurrency),
    shared,
  });
  let refuseFor: number | undefined;
  const pass = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  async function send() {
    await pass(5 + random() * 15);
    const wait = refuseFor ?? limit(clock.now());
    refuseFor = undefined;
    await pass(5 + random() * 15);
    if (wait === 0) {
      answered.push(clock.now() - start);
      return { answer: true };
    }
    refused.push(clock.now() - start);
    const asked = retryAfter ? Math.ceil(wait / 1000) * 1000 : undefined;
    const error = new SecurIDError('RATE_LIMITED', '429', { status: 429, retryAfter: asked });
    return { error, again: 'after pause' as const };
  }

  const seconds = (times: number[], from: number, to: number) =>
    times.filter((at) => at >= from * 1000 && at < to * 1000).length;

  return {
    clock,
    pacing,
    answered,
    refused,
    lost: 0,
    /** Refuses the next request, with a pause of so many milliseconds. */
    limitNext(ms: number) {
      refuseFor = ms;
    },
    ask(lane?: string) {
      const until = clock.elapsed() + HOUR;
      return pacing.inTurn(send, () => until, lane);
    },
    /** Lets so many seconds pass while callers keep asking. */
    async busyFor(duration: number) {
      this.keepBusy(duration);
      await this.passFor(duration);
    },
    keepBusy(duration: number, askers = 30) {
      const end = clock.now() + duration * 1000;
      for (let asker = 0; asker < askers; asker++) void this.askUntil(end);
    },
    async askUntil(end: number) {
      while (clock.now() < end) await this.ask().catch(() => (this.lost += 1));
    },
    async passFor(duration: number) {
      for (let left = duration * 1000; left > 0; left -= 5) {
        clock.advance(5);
        await new Promise(setImmediate);
      }
    },
    /** How many requests were answered per second between the two. */
    rate: (from: number, to: number) => seconds(answered, from, to) / (to - from),
    shareRefused: () => refused.length / (answered.length + refused.length),
  };
}
