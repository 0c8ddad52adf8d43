import type { Clock } from '../clock.ts';
import { createLimiter } from '../limiter.ts';
import { createChannelPace } from './channel-pace.ts';
import { deliveryOf, mayPass, NoTurn, retryAfter } from './delivery.ts';

/** What goes first where several messages wait for one channel. */
export const URGENCY = ['report', 'order', 'change', 'refusal', 'summary'] as const;
export type Priority = (typeof URGENCY)[number];

export type TurnOptions = {
  /** Default: `change`. */
  priority?: Priority | undefined;
  /**
   * For how many milliseconds it may wait for its turn, for as long as Slack says at a 429, and for a
   * Slack that is away. Default 5,000. With 0 it is sent if its turn is now.
   */
  patience?: number | undefined;
  /** Arriving twice does no harm: it is sent again, too, where nobody knows whether it arrived. */
  repeatable?: boolean | undefined;
  /** Hears each time that it was not taken and is tried again. */
  onDelay?: ((error: unknown) => void) | undefined;
  /** Asked when its turn has come; after a no nothing is sent. */
  isWanted?: (() => boolean) | undefined;
};

/** Sends a message once; throws what Slack's client throws. */
type Send = () => Promise<void>;

export type ChannelTurns = {
  /**
   * Sends when it is this message's turn in its channel, and again after a 429 and where Slack was away.
   * @throws NoTurn, or what Slack said last, when its patience ends
   */
  inTurn(channelId: string, send: Send, options?: TurnOptions): Promise<void>;
  /** Before something else is tried again, in milliseconds; false once the app stops. */
  rest(ms: number): Promise<boolean>;
  /** How many messages wait, in all channels. */
  waiting(): number;
  /** From now on each message is tried at once, and waits no more than a short `Retry-After`. */
  hurry(): void;
};

/** Before a message is tried again that Slack failed to take; it doubles. */
const FIRST_PAUSE = 1000;
const LAST_PAUSE = 60_000;

const DEFAULT_PATIENCE = 5000;
/** Bottleneck starts a job some moments later, even if nobody is ahead of it. In milliseconds. */
const TO_START = 1000;
/** At the stop. */
const PATIENCE_AT_STOP = 5000;

/** A message that waits. */
type Waiting = Required<Pick<TurnOptions, 'repeatable' | 'onDelay' | 'isWanted'>> & {
  send: Send;
  tier: number;
  /** By `clock.elapsed()`. */
  until: number;
  tries: number;
  isOver: boolean;
  settle: (error?: unknown) => void;
  stopTimer: () => void;
};

const tierOf = (priority: Priority) => URGENCY.indexOf(priority);

type Begun = Pick<Waiting, 'send' | 'until'> & { settled: (error?: unknown) => void };

function createWaiting({ send, until, settled }: Begun, options: TurnOptions): Waiting {
  const { priority = 'change', repeatable = false } = options;
  const { onDelay = () => {}, isWanted = () => true } = options;
  const one: Waiting = {
    ...{ send, until, repeatable, onDelay, isWanted },
    tier: tierOf(priority),
    tries: 0,
    isOver: false,
    settle(error) {
      if (one.isOver) return;
      one.isOver = true;
      one.stopTimer();
      settled(error);
    },
    stopTimer: () => {},
  };
  return one;
}

/** One limiter for each channel. A channel that is rested needs none, and is forgotten. */
export function createChannelTurns(clock: Clock): ChannelTurns {
  const channels = new Map<string, Channel>();
  const sleep = createSleep(clock);
  let hurriedAt: number | undefined;

  function channelOf(id: string): Channel {
    for (const [known, channel] of channels) if (channel.isRested()) channels.delete(known);
    const channel = channels.get(id) ?? createChannel(clock, sleep, () => hurriedAt);
    channels.set(id, channel);
    return channel;
  }

  return {
    inTurn: (channelId, send, options = {}) => channelOf(channelId).inTurn(send, options),
    async rest(ms) {
      if (hurriedAt === undefined) await sleep(ms);
      return hurriedAt === undefined;
    },
    waiting: () => [...channels.values()].reduce((sum, channel) => sum + channel.waiting(), 0),
    hurry() {
      hurriedAt = clock.elapsed();
      sleep.wakeAll();
    },
  };
}

type Sleep = ReturnType<typeof createSleep>;

/** Waits by the clock, and no longer than until all are woken. */
function createSleep(clock: Clock) {
  const sleepers = new Set<() => void>();
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        stopTimer();
        sleepers.delete(wake);
        resolve();
      };
      const stopTimer = clock.after(ms, wake);
      sleepers.add(wake);
    });
  return Object.assign(sleep, {
    wakeAll() {
      for (const wake of [...sleepers]) wake();
    },
  });
}

type Channel = ReturnType<typeof createChannel>;

/**
 * Bottleneck lets one message go at a time, the most urgent first. It knows neither pauses nor our clock,
 * so the job itself keeps its place until the next message may go: for the second that Slack wants
 * between two, and for as long as a 429 says. A message that met one goes back into the line before that,
 * in front of its like, so that what is more urgent goes first afterwards. Bottleneck's own retries pass
 * the line, and its `minTime` alone ignores priorities (SGrondin/bottleneck issues 170 and 227).
 */
function createChannel(clock: Clock, sleep: Sleep, hurriedSince: () => number | undefined) {
  const limiter = createLimiter({ maxConcurrent: 1 });
  const pace = createChannelPace(clock);
  const inLine = URGENCY.map(() => 0);
  let unsettled = 0;
  /** How long a message may still wait. */
  const left = ({ until }: Waiting) =>
    Math.min(until, (hurriedSince() ?? Number.POSITIVE_INFINITY) + PATIENCE_AT_STOP) -
    clock.elapsed();

  /** Nobody waits for the second between two messages when the app stops. */
  async function keepPlace(): Promise<void> {
    const isHurried = hurriedSince() !== undefined;
    const ms = isHurried ? pace.pauseLeft() : pace.wait();
    if (ms > 0 && !(isHurried && ms > PATIENCE_AT_STOP)) await sleep(ms);
  }

  function standInLine(one: Waiting, again = false): void {
    const priority = 2 * one.tier + (again ? 0 : 1);
    inLine[one.tier] = (inLine[one.tier] ?? 0) + 1;
    if (Number.isFinite(one.until) && hurriedSince() === undefined) {
      one.stopTimer = clock.after(Math.max(left(one), TO_START), () => one.settle(noTurn()));
    }
    void limiter.schedule(async () => {
      inLine[one.tier] = (inLine[one.tier] ?? 1) - 1;
      one.stopTimer();
      if (one.isOver) return;
      if (!one.isWanted()) return one.settle();
      await attempt(one);
      await keepPlace();
    }, priority);
  }

  async function attempt(one: Waiting): Promise<void> {
    pace.sent();
    try {
      await one.send();
      one.settle();
    } catch (error) {
      one.tries += 1;
      const quiet = retryAfter(error);
      if (quiet === undefined) return tryLater(one, error);
      if (pace.pause(quiet) > left(one)) return one.settle(error);
      one.onDelay(error);
      standInLine(one, true);
    }
  }

  /** Slack was away, or choked on this message; others may go meanwhile. */
  function tryLater(one: Waiting, error: unknown): void {
    const pause = pauseAfter(error, one);
    if (pause === undefined || pause > left(one) || hurriedSince() !== undefined) {
      one.settle(error);
      return;
    }
    one.onDelay(error);
    void sleep(pause).then(() => standInLine(one));
  }

  return {
    inTurn(send: Send, options: TurnOptions): Promise<void> {
      const { priority = 'change', patience = DEFAULT_PATIENCE } = options;
      const ahead = inLine.slice(0, tierOf(priority) + 1).reduce((sum, some) => sum + some, 0);
      if (pace.wait(ahead) > patience && hurriedSince() === undefined) {
        return Promise.reject(noTurn());
      }
      unsettled += 1;
      return new Promise<void>((resolve, reject) => {
        const settled = (error?: unknown) => {
          unsettled -= 1;
          if (error === undefined) resolve();
          else reject(error);
        };
        standInLine(createWaiting({ send, until: clock.elapsed() + patience, settled }, options));
      });
    },
    waiting: () => unsettled,
    isRested: () => unsettled === 0 && pace.isRested(),
  };
}

const noTurn = () => new NoTurn('no turn in time');

/** How long to wait before it is sent again; `undefined` where it must not be. */
function pauseAfter(error: unknown, { repeatable, tries }: Waiting): number | undefined {
  const again = mayPass(error) && (repeatable || deliveryOf(error) !== 'unknown');
  return again ? Math.min(FIRST_PAUSE * 2 ** (tries - 1), LAST_PAUSE) : undefined;
}
