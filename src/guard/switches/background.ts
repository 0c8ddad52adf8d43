import type { Clock } from '../../clock.ts';
import type { Store } from '../../store/index.ts';
import type { SwitchLedger } from './ledger.ts';

/** How often to compare with the other instances, in milliseconds. */
const LOOK = 1000;
/** How soon to retry telling the others, in milliseconds. */
const TELL_AGAIN = 250;
/** How soon to retry writing to a full disk, in milliseconds. */
const WRITE_AGAIN = 10_000;

type Wiring = {
  store: Pick<Store, 'isShared'>;
  ledger: SwitchLedger;
  compare: () => Promise<void>;
  clock: Clock;
};

/** Compares with the others and makes up for outages in the background. */
export function createBackground({ store, ledger, compare, clock }: Wiring) {
  let stopTimer: (() => void) | undefined;
  let stopped = false;
  const isUntold = () => [...ledger.names()].some((name) => ledger.get(name)?.untold);

  function lookLater(): void {
    stopTimer?.();
    if (stopped || !(store.isShared || !ledger.isKept())) return;
    const wait = !store.isShared ? WRITE_AGAIN : isUntold() ? TELL_AGAIN : LOOK;
    stopTimer = clock.after(wait, () => void look());
  }

  async function look(): Promise<void> {
    // The store logs its own outages.
    await compare().catch(() => {});
    if (!ledger.isKept()) await ledger.keep(new Map());
    lookLater();
  }

  return {
    look,
    lookLater,
    stop(): void {
      stopped = true;
      stopTimer?.();
    },
  };
}
