import type { Log } from '../../log.ts';
import type { State } from '../../state/index.ts';
import type { Ledger } from './shared-words.ts';
import { type Known, readWords } from './word.ts';

/** Lifted orders, which nobody needs to know of for ever, are forgotten beyond so many. */
const MOST = 10_000;

const PART = 'orders';

type Wiring = {
  state: State;
  log: Log;
  /** Runs before each write, for what has to be written with it. */
  beforeWrite: () => void;
};

export type OrderLedger = Omit<Ledger, 'keep'> & {
  /** @returns false where the state holds something else than orders */
  open(): boolean;
  /** @returns whether it is on disk */
  keep(words: Map<string, Known>): Promise<boolean>;
  /** Whether the last words are on disk. */
  isKept(): boolean;
};

/** The words that this instance knows: in memory, and in the state for the next start. */
export function createLedger({ state, log, beforeWrite }: Wiring): OrderLedger {
  const known = new Map<string, Known>();
  let isKept = true;

  function forgetSome(): void {
    if (known.size <= MOST) return;
    for (const [name, { on }] of known) {
      if (on) continue;
      known.delete(name);
      if (known.size <= MOST) return;
    }
  }

  return {
    open() {
      const value = state.get(PART);
      const words = value === undefined ? new Map() : readWords(value);
      if (!words) return false;
      for (const [name, word] of words) known.set(name, word);
      return true;
    },
    isKept: () => isKept,
    get: (name) => known.get(name),
    names: () => known.keys(),
    async keep(words) {
      for (const [name, word] of words) {
        known.delete(name);
        known.set(name, word);
      }
      forgetSome();
      try {
        beforeWrite();
        await state.put(PART, Object.fromEntries(known));
        if (!isKept) log.info('orders outlive a restart again');
        isKept = true;
      } catch (error) {
        if (isKept)
          log.error(
            { err: error },
            'orders do not outlive a restart: STATE_FILE cannot be written',
          );
        isKept = false;
      }
      return isKept;
    },
  };
}
