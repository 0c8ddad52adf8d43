import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/index.ts';
import type { createEarlierWords } from './earlier-words.ts';
import type { SwitchLedger } from './ledger.ts';
import type { SharedWords } from './shared-words.ts';
import { isNewer, type Known, type Word } from './word.ts';

export type Given = {
  /** Whether the next start will know. */
  outlivesRestart: boolean;
  /** Whether the other instances know. No switch is lifted unless they do. */
  told: boolean;
  /** Why it could not be lifted. */
  stays?: StaysGiven;
};

/** `recovering`: the audit trail is still being searched for blocks. */
export type StaysGiven = 'not told' | 'given anew' | 'recovering';

/** How often to try while another instance is setting it. */
const TRIES = 5;

type Wiring = {
  ledger: SwitchLedger;
  shared: SharedWords;
  earlier: ReturnType<typeof createEarlierWords>;
  store: Pick<Store, 'isShared'>;
  /** Learns what the other instances know, and tells them what they do not. */
  compare: () => Promise<void>;
  /** Tells them later what they could not be told now. */
  tellLater: () => void;
  /** Whether the trail has been searched. */
  isRecovered: () => Promise<boolean>;
  clock: Clock;
  log: Log;
};

/** Turns switches on (gives) and off (lifts). */
export function createGiving(wiring: Wiring) {
  const { ledger, shared, earlier, store, compare, tellLater, isRecovered, clock, log } = wiring;
  const nextSeq = () => ledger.highest() + 1;

  async function give(name: string): Promise<Given> {
    const word: Known = { on: true, seq: nextSeq(), at: clock.now(), untold: true };
    const isKept = await ledger.keep(new Map([[name, word]]));
    const told = await couldCompare();
    if (told) await earlier.tell(name, word);
    tellLater();
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
        // The store may have accepted it anyway; a newer word keeps the switch on.
        const still: Known = { on: true, seq: word.seq + 1, at: clock.now(), untold: true };
        if (ledger.get(name)?.on) await ledger.keep(new Map([[name, still]]));
        tellLater();
        return notLifted('not told');
      }
      // It may have been given again here while the others were told.
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
        log.warn({ err: error }, 'the other instances could not be told of a switch');
        return false;
      },
    );

  return { give, lift };
}

/** The reasons as the audit trail records them. */
export const NOT_LIFTED: Record<StaysGiven, string> = {
  'not told': 'it could not be lifted everywhere',
  'given anew': 'it was given anew meanwhile',
  recovering: 'the audit trail was still searched for blocks',
};

const notLifted = (stays: StaysGiven): Given => ({ told: false, outlivesRestart: true, stays });
