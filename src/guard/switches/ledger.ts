import type { Log } from '../../log.ts';
import type { State } from '../../store/state.ts';
import { see } from '../../troubleshooting.ts';
import type { Ledger } from './shared-words.ts';
import { isNewer, type Known, readWords } from './word.ts';

/** How many switches to remember. Beyond that, those that are off are forgotten. */
const MOST = 10_000;

/** Their key in the state file, which earlier versions also read. */
export const SWITCHES = 'orders';

type Wiring = {
  state: State;
  log: Log;
  /** Called before each write, to add what must be written with it. */
  beforeWrite: () => void;
};

/** Keeps the newer word about each switch, if two processes wrote to one state. */
export function mergeSwitches(theirs: unknown, ours: unknown): unknown {
  const merged = readWords(ours) ?? new Map<string, Known>();
  for (const [name, word] of readWords(theirs) ?? []) {
    if (isNewer(word, merged.get(name))) merged.set(name, word);
  }
  return Object.fromEntries(merged);
}

export type SwitchLedger = Omit<Ledger, 'keep'> & {
  /** @returns false if the state holds no switches, or something else in their place */
  open(): boolean;
  /**
   * @returns whether they are on disk
   */
  keep(words: Map<string, Known>): Promise<boolean>;
  /** Learns what another process wrote to the same state. */
  refresh(): Promise<void>;
  /** Whether the last words are on disk. */
  isKept(): boolean;
};

/** The words that this instance knows, in memory and in the state for the next start. */
export function createLedger({ state, log, beforeWrite }: Wiring): SwitchLedger {
  const known = new Map<string, Known>();
  let isKept = true;
  let highest = 0;

  function put(name: string, word: Known): void {
    known.delete(name);
    known.set(name, word);
    highest = Math.max(highest, word.seq);
  }

  function learn(): void {
    for (const [name, word] of readWords(state.get(SWITCHES)) ?? []) {
      if (isNewer(word, known.get(name))) put(name, word);
    }
  }

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
      const words = readWords(state.get(SWITCHES));
      if (!words) return false;
      for (const [name, word] of words) put(name, word);
      return true;
    },
    async refresh() {
      await state.refresh();
      learn();
    },
    isKept: () => isKept,
    get: (name) => known.get(name),
    names: () => known.keys(),
    highest: () => highest,
    async keep(words) {
      for (const [name, word] of words) put(name, word);
      forgetSome();
      try {
        beforeWrite();
        await state.put(SWITCHES, Object.fromEntries(known));
        learn();
        if (!isKept) log.info('lockdown and blocks survive a restart again');
        isKept = true;
      } catch (error) {
        if (isKept)
          log.error(
            { err: error, see: see('the-state-file-cannot-be-written') },
            'lockdown and blocks would not survive a restart: STATE_FILE cannot be written',
          );
        isKept = false;
      }
      return isKept;
    },
  };
}
