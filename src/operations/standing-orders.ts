import { randomUUID } from 'node:crypto';
import type { Row } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { State } from '../state/index.ts';
import { type Store, StoreError } from '../store/index.ts';
import { createEarlierWords } from './orders/earlier-words.ts';
import { createLedger } from './orders/ledger.ts';
import { LOCKDOWN, orderOf } from './orders/names.ts';
import { createSharedWords } from './orders/shared-words.ts';
import { isNewer, type Known, type Word } from './orders/word.ts';

export { blocked, LICENCES_SHORT, LOCKDOWN } from './orders/names.ts';

/** What became of an order that was given or lifted. */
export type Given = {
  /** Whether the next start knows of it. */
  outlivesRestart: boolean;
  /** Whether the other instances know of it. What they do not know of is not lifted. */
  told: boolean;
  /** Why an order stands that was to be lifted. */
  stays?: StaysGiven;
};

/** `recovering` is while the audit trail is still searched for blocks. */
export type StaysGiven = 'not told' | 'given anew' | 'recovering';

export type StandingOrders = {
  /**
   * Whether an order stands.
   * @throws StoreError when that cannot be told, unless this instance knows that it does
   */
  isOn(name: string): Promise<boolean>;
  /** The last word that this instance knows. */
  lastWord(name: string): Word | undefined;
  /**
   * Gives an order, which holds in this instance at once and in the others once they are told, or lifts
   * one, which then holds nowhere any more; where the others cannot be told it stands.
   * @param seq lifts that word only, and none that was given after it
   */
  set(name: string, on: boolean, seq?: number): Promise<Given>;
  /**
   * Goes on where an earlier process ended; in lockdown, where nobody can tell what was in force.
   */
  restore(past: Earlier): Promise<void>;
  /** Learns the orders of rows that another process wrote to this instance's trail, oldest first. */
  heed(rows: Row[]): Promise<void>;
  stop(): Promise<void>;
};

/** What an earlier process left. */
export type Earlier = {
  /** The state of what was in force: `broken` is one that cannot be read. */
  state: 'found' | 'none' | 'broken';
  /** Rows of the audit trail that may be newer than the state, oldest first. */
  rows: Row[];
  /** Whether the audit trail, or the key of one, tells that there was an earlier process. */
  hadLife: boolean;
  /** Whether rows that are newer than the state could not be read, or are too many. */
  isCutShort: boolean;
  /** All orders that can still be found in it, oldest first. That may take a while. */
  search: () => Promise<Row[]>;
};

/** How often an instance looks what the others say, in milliseconds. */
const LOOK = 1000;
/** How soon it tries again to tell what the others do not know. */
const TELL_AGAIN = 250;
/** How soon it tries again to write what a full disk did not take. */
const WRITE_AGAIN = 10_000;

/** For so long it is waited for blocks that the trail still tells of. */
const RECOVERY = 10_000;

/** How often an order is lifted anew that another instance gives at the same time. */
const TRIES = 5;

type Wiring = {
  store: Store;
  state: State;
  clock: Clock;
  log: Log;
  /** Runs before each write of the state, for what has to be written with it. */
  beforeWrite?: () => void;
  /** Hears once that nobody can tell what was in force, and that there is a lockdown for it. */
  onLost?: () => void;
};

/**
 * Orders that stand until they are lifted, by name. Which word is the newer one is counted and not told by
 * a clock. Each instance keeps on disk what it knows, so that an order outlives the process, the audit
 * trail, and a store that is away or has lost its data.
 */
export function createStandingOrders(wiring: Wiring): StandingOrders {
  const { store, state, clock, log, beforeWrite = () => {}, onLost = () => {} } = wiring;
  const ledger = createLedger({ state, log, beforeWrite });
  const shared = createSharedWords({ board: store.board, member: randomUUID(), ledger, clock });
  const earlier = createEarlierWords(store, clock);
  let stopTimer: (() => void) | undefined;
  let stopped = false;
  /** Without state and trail only the store can tell whether there was an earlier life. */
  let mayBeLost = false;
  let recovered: Promise<void> = Promise.resolve();

  const stands = (name: string) => ledger.get(name)?.on ?? false;
  const isUntold = () => [...ledger.names()].some((name) => ledger.get(name)?.untold);
  const nextSeq = () => ledger.highest() + 1;

  async function compare(): Promise<void> {
    await ledger.refresh();
    await shared.compare();
    if (!mayBeLost) return;
    mayBeLost = false;
    if (shared.hadWords()) {
      await startInLockdown();
      await shared.compare();
    } else log.info(FIRST_START);
  }

  /** In the background: for itself, for the others, and for whatever an earlier outage left. */
  function lookLater(): void {
    stopTimer?.();
    if (stopped || !(store.isShared || !ledger.isKept())) return;
    const wait = !store.isShared ? WRITE_AGAIN : isUntold() ? TELL_AGAIN : LOOK;
    stopTimer = clock.after(wait, () => void look());
  }

  async function look(): Promise<void> {
    // The store itself says when it is away.
    await compare().catch(() => {});
    if (!ledger.isKept()) await ledger.keep(new Map());
    lookLater();
  }

  async function startInLockdown(): Promise<void> {
    const word: Known = {
      on: true,
      seq: nextSeq(),
      at: clock.now(),
      lost: true,
      untold: true,
    };
    await ledger.keep(new Map([[LOCKDOWN, word]]));
    log.error(LOST);
    onLost();
  }

  /** The last row about an order counts: what was written after the state was. */
  async function heed(rows: Row[]): Promise<void> {
    const news = new Map<string, Known>();
    for (const row of rows) {
      const order = orderOf(row);
      if (!order) continue;
      const { name, on } = order;
      const known = news.get(name) ?? ledger.get(name);
      if (known?.on === on) continue;
      const at = Date.parse(row.time) || 0;
      news.set(name, { on, seq: (known?.seq ?? 0) + 1, at, untold: true });
    }
    if (news.size > 0) await ledger.keep(news);
    await Promise.all([...news].map(([name, word]) => earlier.tell(name, word)));
  }

  /**
   * Blocks of before, as far as the trail still tells of them.
   * @param isNewer whether its rows may be newer than what is known
   */
  async function recover(search: Earlier['search'], isNewer: boolean): Promise<void> {
    try {
      const last = new Map<string, Word>();
      for (const row of await search()) {
        const order = orderOf(row);
        if (!order) continue;
        const { name, on } = order;
        last.set(name, { on, seq: nextSeq(), at: Date.parse(row.time) || 0 });
      }
      const missing = [...last].filter(
        ([name, { on }]) => on && (isNewer ? !stands(name) : !ledger.get(name)),
      );
      await ledger.keep(new Map(missing));
      log.warn({ orders: missing.length }, 'orders were found in the audit trail');
      await compare().catch(() => {});
    } catch (error) {
      log.error({ err: error }, 'the audit trail could not be searched for blocks');
    }
  }

  /** Whoever lifts an order waits for an answer. */
  async function isRecovered(): Promise<boolean> {
    let stopWaiting = () => {};
    const late = new Promise<boolean>((resolve) => {
      stopWaiting = clock.after(RECOVERY, () => resolve(false));
    });
    const done = await Promise.race([recovered.then(() => true), late]);
    stopWaiting();
    if (!done) log.warn('no order is lifted while the audit trail is still searched for blocks');
    return done;
  }

  async function give(name: string): Promise<Given> {
    const word: Known = { on: true, seq: nextSeq(), at: clock.now(), untold: true };
    const isKept = await ledger.keep(new Map([[name, word]]));
    const told = await couldCompare();
    if (told) await earlier.tell(name, word);
    lookLater();
    return { told, outlivesRestart: isKept || (told && store.isShared) };
  }

  async function lift(name: string, seq = Number.POSITIVE_INFINITY): Promise<Given> {
    if (!(await isRecovered())) return notLifted('recovering');
    for (let tries = 0; tries < TRIES; tries++) {
      if (!(await couldCompare())) return notLifted('not told');
      const last = ledger.get(name);
      if (last?.on && last.seq > seq) return notLifted('given anew');
      const word: Word = { on: false, seq: nextSeq(), at: clock.now() };
      try {
        if (!(await shared.lift(name, word))) continue;
      } catch {
        // The store may have taken it all the same, and would lift the order later.
        const still: Known = { on: true, seq: word.seq + 1, at: clock.now(), untold: true };
        if (stands(name)) await ledger.keep(new Map([[name, still]]));
        lookLater();
        return notLifted('not told');
      }
      // It may have been given anew here while the others were told.
      const now = ledger.get(name);
      if (now && isNewer(now, word)) return notLifted('given anew');
      const outlivesRestart = await ledger.keep(new Map([[name, word]]));
      await earlier.tell(name, word);
      return { told: true, outlivesRestart };
    }
    return notLifted('given anew');
  }

  const couldCompare = (): Promise<boolean> =>
    compare().then(
      () => true,
      (error: unknown) => {
        log.warn({ err: error }, 'the other instances could not be told of an order');
        return false;
      },
    );

  return {
    async isOn(name) {
      try {
        const [, given] = await Promise.all([
          compare(),
          stands(name) ? false : earlier.gives(name, ledger.get(name)),
        ]);
        if (given && !stands(name)) await give(name);
      } catch (error) {
        if (!stands(name)) throw error;
        log.warn({ err: error, order: name }, 'an order stands, as far as this instance knows');
      }
      if (stands(name)) return true;
      if (shared.mayKnowMore()) throw new StoreError('the instances still compare their orders');
      return false;
    },

    lastWord: (name) => ledger.get(name),
    set: (name, on, seq) => (on ? give(name) : lift(name, seq)),
    heed,

    async restore({ state: found, rows, hadLife, isCutShort, search }) {
      const isThere = found === 'found' && ledger.open();
      const isFirst = found === 'none' && !hadLife;
      mayBeLost = isFirst;
      if (isThere || isFirst) await heed(rows);
      if (isCutShort || !(isThere || isFirst)) await startInLockdown();
      // An earlier process may have ended before it was through.
      if (ledger.get(LOCKDOWN)?.lost) recovered = recover(search, isCutShort);
      store.whenBack(() => void look());
      await compare().catch((error) => {
        log.warn({ err: error }, 'the store could not be asked about orders');
      });
      // From here on there is something that tells of this life.
      await ledger.keep(new Map());
      lookLater();
    },

    async stop() {
      stopped = true;
      stopTimer?.();
      await shared.leave().catch(() => {});
    },
  };
}

/** What the audit trail says of it. */
export const NOT_LIFTED: Record<StaysGiven, string> = {
  'not told': 'it could not be lifted everywhere',
  'given anew': 'it was given anew meanwhile',
  recovering: 'the audit trail was still searched for blocks',
};

const notLifted = (stays: StaysGiven): Given => ({ told: false, outlivesRestart: true, stays });

const FIRST_START = 'a first start: there is no earlier state, audit trail or order';
const LOST =
  'the state of what was in force is missing or out of date: SecurID Desk starts in lockdown, until an approver types /securid lockdown off';
