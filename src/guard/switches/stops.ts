import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { blocked, type Given, LOCKDOWN, type Switches } from './switches.ts';

/** What may stop a change that has begun. */
export type Why = 'lockdown' | 'on hold';

/** Something that has begun, and is told once when it is stopped. */
type Watcher = {
  /** SecurID user id of the user. */
  userId: string;
  stopped(why: Why): void;
  /** Called once if nobody has been able to tell for some seconds. */
  untold?(): void;
};

export type Stops = {
  /**
   * What stops changes for this user now, if anything.
   * @throws StoreError if it is unknown
   */
  for(userId: string): Promise<Why | undefined>;
  /** Watches until the returned function is called. */
  watch(watcher: Watcher): () => void;
  /** Checks everything that is watched, because a switch was turned on here. */
  look(): void;
};

/** How often to check for other instances' switches while something is watched, in milliseconds. */
const EVERY = 1000;

/**
 * How long the answer may be unknown, in milliseconds. With one more round and the store's timeout,
 * ten seconds at most.
 */
const UNTOLD = 8000;

type Watched = Watcher & { toldAt: number };

type Wiring = {
  switches: Pick<Switches, 'isOn'>;
  clock: Clock;
  log: Log;
  /** Whether other instances also set switches, through the store. */
  isShared: boolean;
};

/** Sets a switch. What it stops in this instance stops right away. */
export async function setSwitch(
  switches: Switches,
  stops: Stops,
  name: string,
  on: boolean,
  seq?: number,
): Promise<Given> {
  const done = switches.set(name, on, seq);
  // It is on here already, even if others still have to be told.
  if (on) stops.look();
  const given = await done;
  if (on) stops.look();
  return given;
}

/** Watches for lockdowns and blocks on behalf of waiting changes and secrets on a screen. */
export function createStops({ switches, clock, log, isShared }: Wiring): Stops {
  const watched = new Set<Watched>();
  let stopTimer: (() => void) | undefined;
  let isAsking = false;

  async function ask(userId: string, isOn = switches.isOn): Promise<Why | undefined> {
    const [lockdown, hold] = await Promise.allSettled([isOn(LOCKDOWN), isOn(blocked(userId))]);
    // One of the two is enough, even if the other is unknown.
    if (lockdown.status === 'fulfilled' && lockdown.value) return 'lockdown';
    if (hold.status === 'fulfilled' && hold.value) return 'on hold';
    for (const answer of [lockdown, hold]) if (answer.status === 'rejected') throw answer.reason;
    return undefined;
  }

  async function askFor(one: Watched, isOn: Switches['isOn']): Promise<void> {
    try {
      const why = await ask(one.userId, isOn);
      one.toldAt = clock.elapsed();
      if (why && watched.delete(one)) one.stopped(why);
    } catch (error) {
      if (!one.untold || clock.elapsed() - one.toldAt < UNTOLD) return;
      log.warn(
        { err: error, target: one.userId },
        'switches could not be checked for some seconds',
      );
      if (watched.delete(one)) one.untold();
    }
  }

  /** Asks about each switch once, however many watch it. */
  async function askForAll(): Promise<void> {
    const asked = new Map<string, Promise<boolean>>();
    const isOn = (name: string) => {
      const answer = asked.get(name) ?? switches.isOn(name);
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
