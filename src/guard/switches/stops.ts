import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Refusal } from '../gate/rules.ts';
import { blocked, type Given, LOCKDOWN, type StandingOrders } from './switches.ts';

/** What may stop something that has begun. */
export type Why = 'lockdown' | 'on hold';

/** What agents read of each: never that the person reported a code. */
export const STOPS: Record<Why, Refusal> = {
  lockdown: {
    rule: 'lockdown',
    sentence: 'SecurID Desk is in lockdown: no registration codes are issued.',
  },
  'on hold': {
    rule: 'reported',
    sentence: 'This account is on hold and gets no code. Please call your security team.',
  },
};

/** Hears once that an order stops what it goes on with. */
export type Watcher = {
  /** SecurID user id of the person concerned. */
  userId: string;
  stopped(why: Why): void;
  /** Hears once that for some seconds nobody could tell. */
  untold?(): void;
};

export type Stops = {
  /**
   * What stops anything for this user just now.
   * @throws StoreError when that cannot be told
   */
  for(userId: string): Promise<Why | undefined>;
  /** Hears of every order from now on, until the function that it returns is called. */
  watch(watcher: Watcher): () => void;
  /** Asks at once for all that is watched: an order was given here. */
  look(): void;
};

/** How often orders that others may give are asked for, while something is watched. */
const EVERY = 1000;

/**
 * So long nobody may be able to tell; with a round and the store's own patience it comes to ten seconds at
 * most.
 */
const UNTOLD = 8000;

type Watched = Watcher & { toldAt: number };

type Wiring = {
  orders: Pick<StandingOrders, 'isOn'>;
  clock: Clock;
  log: Log;
  /** Whether others give orders as well, through the store. */
  isShared: boolean;
};

/** Gives an order or lifts one; what an order stops here stops at once. */
export async function order(
  orders: StandingOrders,
  stops: Stops,
  name: string,
  on: boolean,
  seq?: number,
): Promise<Given> {
  const done = orders.set(name, on, seq);
  // It holds here already, though others may still have to be told.
  if (on) stops.look();
  const given = await done;
  if (on) stops.look();
  return given;
}

/** Follows lockdowns and blocks for whatever has begun: a change that waits, a code on a screen. */
export function createStops({ orders, clock, log, isShared }: Wiring): Stops {
  const watched = new Set<Watched>();
  let stopTimer: (() => void) | undefined;
  let isAsking = false;

  async function ask(userId: string, isOn = orders.isOn): Promise<Why | undefined> {
    const [lockdown, hold] = await Promise.allSettled([isOn(LOCKDOWN), isOn(blocked(userId))]);
    // One of them is enough, whether or not the other can be told.
    if (lockdown.status === 'fulfilled' && lockdown.value) return 'lockdown';
    if (hold.status === 'fulfilled' && hold.value) return 'on hold';
    for (const answer of [lockdown, hold]) if (answer.status === 'rejected') throw answer.reason;
    return undefined;
  }

  async function askFor(one: Watched, isOn: StandingOrders['isOn']): Promise<void> {
    try {
      const why = await ask(one.userId, isOn);
      one.toldAt = clock.elapsed();
      if (why && watched.delete(one)) one.stopped(why);
    } catch (error) {
      if (!one.untold || clock.elapsed() - one.toldAt < UNTOLD) return;
      log.warn({ err: error, target: one.userId }, 'orders could not be checked for some seconds');
      if (watched.delete(one)) one.untold();
    }
  }

  /** Each order once, however many are watched. */
  async function askForAll(): Promise<void> {
    const asked = new Map<string, Promise<boolean>>();
    const isOn = (name: string) => {
      const answer = asked.get(name) ?? orders.isOn(name);
      asked.set(name, answer);
      return answer;
    };
    await Promise.all([...watched].map((one) => askFor(one, isOn)));
  }

  function askLater(): void {
    if (!isShared || stopTimer || isAsking || watched.size === 0) return;
    stopTimer = clock.after(EVERY, async () => {
      stopTimer = undefined;
      isAsking = true;
      await askForAll();
      isAsking = false;
      askLater();
    });
  }

  return {
    for: (userId) => ask(userId),
    watch(watcher) {
      const one = { ...watcher, toldAt: clock.elapsed() };
      watched.add(one);
      askLater();
      return () => {
        watched.delete(one);
        if (watched.size > 0) return;
        stopTimer?.();
        stopTimer = undefined;
      };
    },
    look: () => void askForAll(),
  };
}
