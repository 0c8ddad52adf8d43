import Bottleneck from 'bottleneck';
import type { Clock } from '../clock.ts';
import { SecurIDError } from './errors.ts';

/** How fast the tenant may be asked. RSA documents 429 but publishes no limit. */
export type Pace = {
  requestsPerSecond: number;
  /** How many requests may go out at once after a quiet time. */
  burst: number;
  /** How many requests may be under way at once. */
  concurrency: number;
  /** How many requests may wait; one more is turned away. */
  queue: number;
  /** The first pause after a 429 that names none, in milliseconds; it doubles while 429s go on. */
  pause: number;
  /** The pause before a read is sent again after a network error, in milliseconds. */
  retryPause: number;
};

export const DEFAULT_PACE: Pace = {
  requestsPerSecond: 10,
  burst: 10,
  concurrency: 5,
  queue: 1000,
  pause: 500,
  retryPause: 250,
};

/** Until when a request is worth its answer, in milliseconds since 1970. */
export type Patience = { until: number };

/** What came of sending once, and when sending once more is right. */
export type Outcome<T> =
  | { answer: T }
  | { error: SecurIDError; again: 'never' | 'after pause' | 'read' | 'token renewed' };

export type Pacing = {
  /**
   * Sends when it is this request's turn, and sends again where that is right. This is the only
   * place that decides so: after a 429 always, after a network error or 502–504 a read twice, after
   * a refused token once.
   * @throws SecurIDError `RATE_LIMITED` when no turn comes within its patience; nothing was sent then
   */
  inTurn<T>(send: () => Promise<Outcome<T>>, patience: Patience): Promise<T>;
  /** The error for a caller that no longer waits. */
  overdue(): SecurIDError;
};

const LONGEST_PAUSE = 30_000;

/** The tenant may ask for more, but a header can be wrong, and such a pause would only end with the process. */
const LONGEST_ASKED = 60 * 60_000;

const TRIES = { read: 3, 'token renewed': 2 };

type Waiting = { order: number; patience: Patience; go: () => void; refuse: (e: Error) => void };

export function createPacing(pace: Pace, clock: Clock, random: () => number = Math.random): Pacing {
  // Bottleneck holds the queue. The budget is ours: its reservoir refills in steps of a heartbeat and
  // lets its own retries pass unpaced (SGrondin/bottleneck issues 100, 153 and 170).
  const queue = new Bottleneck({
    maxConcurrent: pace.concurrency,
    highWater: pace.queue,
    strategy: Bottleneck.strategy.OVERFLOW,
  });
  const turns = createTurns(pace, clock);
  let handedIn = 0;
  let episodes = 0;

  function pauseAfterRefusal(sentAt: number, retryAfter: number | undefined): void {
    // What was under way when the pause began tells nothing new about how long it should be.
    if (turns.sinceLastPause(sentAt)) episodes += 1;
    const growing = Math.min(pace.pause * 2 ** Math.max(episodes - 1, 0), LONGEST_PAUSE);
    // "At once" would be answered by another 429.
    const asked = retryAfter || growing * (0.75 + random() / 2);
    turns.pause(Math.min(asked, LONGEST_ASKED));
  }

  async function sendUntilDone<T>(
    order: number,
    send: () => Promise<Outcome<T>>,
    patience: Patience,
  ): Promise<T> {
    const tries = { read: 0, 'token renewed': 0 };
    for (;;) {
      // A refused request keeps its place in the order, which is the head of the line.
      await turns.turn(order, patience);
      const sentAt = clock.now();
      const outcome = await send();
      if ('answer' in outcome) {
        if (turns.sinceLastPause(sentAt)) episodes = 0;
        return outcome.answer;
      }

      const { error, again } = outcome;
      if (again === 'never') throw error;
      if (again === 'after pause') {
        pauseAfterRefusal(sentAt, error.retryAfter);
        continue;
      }
      tries[again] += 1;
      if (tries[again] >= TRIES[again] || clock.now() >= patience.until) throw error;
      if (again === 'read') await sleep(clock, pace.retryPause * tries.read);
    }
  }

  return {
    async inTurn(send, patience) {
      const order = handedIn++;
      try {
        return await queue.schedule(() => sendUntilDone(order, send, patience));
      } catch (error) {
        if (error instanceof Bottleneck.BottleneckError) throw turns.refusal();
        throw error;
      }
    },
    overdue: turns.refusal,
  };
}

/**
 * The budget and the one pause. A token bucket: `burst` tokens, refilled at `requestsPerSecond`; while
 * the tenant wants quiet nobody gets one, and afterwards the bucket starts with a single token.
 */
function createTurns({ requestsPerSecond, burst }: Pace, clock: Clock) {
  const waiting: Waiting[] = [];
  let tokens = burst;
  let readAt = clock.now();
  let countedAt = readAt;
  let pausedUntil = 0;
  let stopTimer: (() => void) | undefined;

  /** A clock that was set back must neither lengthen the pause nor stop the refill. */
  function now(): number {
    const back = Math.max(readAt - clock.now(), 0);
    readAt = clock.now();
    countedAt -= back;
    pausedUntil -= back;
    return readAt;
  }

  function pauseLeft(): number {
    const time = now();
    return Math.max(pausedUntil - time, 0);
  }

  function refusal(): SecurIDError {
    const left = pauseLeft();
    return new SecurIDError('RATE_LIMITED', 'no turn in time', {
      sent: false,
      retryAfter: left > 0 ? left : undefined,
    });
  }

  function refill(): void {
    const time = now();
    const since = Math.max(time - countedAt, 0);
    tokens = Math.min(burst, tokens + (since * requestsPerSecond) / 1000);
    countedAt = Math.max(time, countedAt);
  }

  function serve(): void {
    stopTimer?.();
    stopTimer = undefined;
    refill();
    for (const [index, entry] of [...waiting.entries()].reverse()) {
      const hopeless = Math.max(clock.now(), pausedUntil) >= entry.patience.until;
      if (hopeless) waiting.splice(index, 1)[0]?.refuse(refusal());
    }
    while (waiting.length > 0 && pauseLeft() === 0 && tokens >= 1) {
      tokens -= 1;
      waiting.shift()?.go();
    }
    if (waiting.length === 0) return;

    const nextToken = ((1 - tokens) * 1000) / requestsPerSecond;
    const nextEnd = Math.min(...waiting.map(({ patience }) => patience.until)) - clock.now();
    const nextTurn = Math.max(pauseLeft(), nextToken);
    stopTimer = clock.after(Math.ceil(Math.min(nextTurn, nextEnd)), serve);
  }

  return {
    turn: (order: number, patience: Patience) =>
      new Promise<void>((go, refuse) => {
        const behind = waiting.findIndex((entry) => entry.order > order);
        waiting.splice(behind < 0 ? waiting.length : behind, 0, { order, patience, go, refuse });
        serve();
      }),
    pause(ms: number): void {
      const until = now() + ms;
      if (until <= pausedUntil) return;
      pausedUntil = until;
      tokens = 1;
      countedAt = until;
      serve();
    },
    sinceLastPause: (time: number) => time >= pausedUntil,
    refusal,
  };
}

const sleep = (clock: Clock, ms: number) =>
  new Promise<void>((resolve) => {
    if (ms > 0) clock.after(ms, resolve);
    else resolve();
  });
