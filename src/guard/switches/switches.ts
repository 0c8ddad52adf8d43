import { randomUUID } from 'node:crypto';
import type { Row } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { type Store, StoreError } from '../../store/index.ts';
import type { State } from '../../store/state.ts';
import { createBackground } from './background.ts';
import { createComparison } from './comparison.ts';
import { createEarlierWords } from './earlier-words.ts';
import { createGiving, type Given } from './giving.ts';
import { createLedger } from './ledger.ts';
import { LOCKDOWN } from './names.ts';
import { readNews } from './news.ts';
import { createRecovery } from './recovery.ts';
import { createSharedWords } from './shared-words.ts';
import type { Word } from './word.ts';

export { type Given, NOT_LIFTED, type StaysGiven } from './giving.ts';
export { blocked, LICENSES_SHORT, LOCKDOWN } from './names.ts';

export type Switches = {
  /**
   * Whether a switch is on.
   * @throws StoreError if that is unknown, unless this instance knows that it is on
   */
  isOn(name: string): Promise<boolean>;
  /** The last word that this instance knows. */
  lastWord(name: string): Word | undefined;
  /** Changes whenever the switch is set or lifted, by any instance; as of the last `isOn`. */
  lastNumber(name: string): number | undefined;
  /**
   * Turns a switch on: here right away, in the other instances once they are told. Or off: only
   * after all the others have been told.
   * @param seq turns the switch off only if no later word turned it on
   */
  set(name: string, on: boolean, seq?: number): Promise<Given>;
  /** Continues where an earlier process ended; in lockdown if nobody knows what was on. */
  restore(past: Earlier): Promise<void>;
  /** Takes over rows that another process wrote to this instance's trail, oldest first. */
  heed(rows: Row[]): Promise<void>;
  /** Whether other instances were there at the last comparison. */
  areOthersThere(): boolean;
  stop(): Promise<void>;
};

/** What an earlier process left. */
export type Earlier = {
  /** `broken`: there is a state, but it cannot be read. */
  state: 'found' | 'none' | 'broken';
  /** Rows of the audit trail that may be newer than the state, oldest first. */
  rows: Row[];
  /** Whether an audit trail or its key shows that there was an earlier process. */
  hadLife: boolean;
  /** Whether rows newer than the state could not be read or were too many. */
  isCutShort: boolean;
  /** Everything in the trail about switches, oldest first. This may take a while. */
  search: () => Promise<Row[]>;
};

type Wiring = {
  store: Store;
  state: State;
  clock: Clock;
  log: Log;
  /** Called before each write of the state, to add what must be written with it. */
  beforeWrite?: () => void;
  /** Called once if the state was lost and the app starts in lockdown. */
  onLost?: () => void;
};

/**
 * Named switches that stay on until somebody turns them off. A counter, not a clock, decides which
 * word is newer. Each instance keeps what it knows on disk, so that a switch survives a restart,
 * the loss of the audit trail, and a store that is unavailable or has lost its data.
 */
export function createSwitches(wiring: Wiring): Switches {
  const { store, state, clock, log, beforeWrite = () => {}, onLost = () => {} } = wiring;
  const ledger = createLedger({ state, log, beforeWrite });
  const shared = createSharedWords({ board: store.board, member: randomUUID(), ledger, clock });
  const comparison = createComparison({ ledger, shared, clock, log, onLost });
  const { compare, startInLockdown } = comparison;
  const background = createBackground({ store, ledger, compare, clock });
  const earlier = createEarlierWords(store, clock);
  const { begin: recover, isRecovered } = createRecovery({ ledger, compare, clock, log });
  const { give, lift } = createGiving({
    ...{ ledger, shared, earlier, store, compare, isRecovered, clock, log },
    tellLater: background.lookLater,
  });

  const stands = (name: string) => ledger.get(name)?.on ?? false;

  async function heed(rows: Row[]): Promise<void> {
    const news = readNews(rows, ledger);
    if (news.size > 0) await ledger.keep(news);
    await Promise.all([...news].map(([name, word]) => earlier.tell(name, word)));
  }

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
        log.warn({ err: error, switch: name }, 'a switch is on, as far as this instance knows');
      }
      if (stands(name)) return true;
      if (shared.mayKnowMore())
        throw new StoreError('the instances are still comparing their switches');
      return false;
    },

    lastWord: (name) => ledger.get(name),
    lastNumber: shared.lastNumber,
    areOthersThere: shared.areOthersThere,
    set: (name, on, seq) => (on ? give(name) : lift(name, seq)),
    heed,

    async restore({ state: found, rows, hadLife, isCutShort, search }) {
      const isThere = found === 'found' && ledger.open();
      const isFirst = found === 'none' && !hadLife;
      if (isFirst) comparison.suspectLoss();
      if (isThere || isFirst) await heed(rows);
      if (isCutShort || !(isThere || isFirst)) await startInLockdown();
      // An earlier process may have ended before its search was complete.
      if (ledger.get(LOCKDOWN)?.lost) recover(search, isCutShort);
      store.whenBack(() => void background.look());
      await compare().catch((error) => {
        log.warn({ err: error }, 'the store could not be asked about switches');
      });
      // From here on the state shows that this process has run.
      await ledger.keep(new Map());
      background.lookLater();
    },

    async stop() {
      background.stop();
      await shared.leave().catch(() => {});
    },
  };
}
