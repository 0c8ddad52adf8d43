import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { see } from '../../troubleshooting.ts';
import type { SwitchLedger } from './ledger.ts';
import { LOCKDOWN } from './names.ts';
import type { SharedWords } from './shared-words.ts';
import type { Known } from './word.ts';

type Wiring = {
  ledger: SwitchLedger;
  shared: SharedWords;
  clock: Clock;
  log: Log;
  /** Called once if the state was lost and the app starts in lockdown. */
  onLost: () => void;
};

/**
 * Compares with the other instances, and starts in lockdown if nobody knows any more what was on.
 */
export function createComparison({ ledger, shared, clock, log, onLost }: Wiring) {
  let mayBeLost = false;

  async function startInLockdown(): Promise<void> {
    const word: Known = {
      on: true,
      seq: ledger.highest() + 1,
      at: clock.now(),
      lost: true,
      untold: true,
    };
    await ledger.keep(new Map([[LOCKDOWN, word]]));
    log.error({ see: see('it-starts-in-lockdown') }, LOST);
    onLost();
  }

  return {
    startInLockdown,
    /** Without a state and a trail, only the store can tell whether anything ran before. */
    suspectLoss(): void {
      mayBeLost = true;
    },
    /** Learns what the others know, and tells them what they do not. */
    async compare(): Promise<void> {
      await ledger.refresh();
      await shared.compare();
      if (!mayBeLost) return;
      mayBeLost = false;
      if (shared.hadWords()) {
        await startInLockdown();
        await shared.compare();
      } else log.info(FIRST_START);
    },
  };
}

const FIRST_START = 'first start: no earlier state, audit trail or switch was found';
const LOST =
  'STATE_FILE is missing or out of date: SecurID Desk starts in lockdown until an approver types /securid lockdown off';
