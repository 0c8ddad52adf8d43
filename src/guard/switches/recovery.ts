import type { Row } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { SwitchLedger } from './ledger.ts';
import { switchOf } from './names.ts';
import type { Word } from './word.ts';

/** How long lifting waits for the search of the audit trail, in milliseconds. */
const RECOVERY = 10_000;

type Wiring = {
  ledger: SwitchLedger;
  /** Learns what the other instances know. */
  compare: () => Promise<void>;
  clock: Clock;
  log: Log;
};

/** Finds switches in the audit trail after a start without a state. */
export function createRecovery({ ledger, compare, clock, log }: Wiring) {
  let recovered: Promise<void> = Promise.resolve();

  /**
   * Finds switches that are still on, as far back as the trail goes.
   * @param isNewer whether the rows may be newer than what is known
   */
  async function recover(search: () => Promise<Row[]>, isNewer: boolean): Promise<void> {
    try {
      const last = new Map<string, Word>();
      for (const row of await search()) {
        const found = switchOf(row);
        if (!found) continue;
        const { name, on } = found;
        last.set(name, { on, seq: ledger.highest() + 1, at: Date.parse(row.time) || 0 });
      }
      const missing = [...last].filter(
        ([name, { on }]) => on && (isNewer ? !ledger.get(name)?.on : !ledger.get(name)),
      );
      await ledger.keep(new Map(missing));
      log.warn({ switches: missing.length }, 'switches that are on were found in the audit trail');
      await compare().catch(() => {});
    } catch (error) {
      log.error({ err: error }, 'the audit trail could not be searched for blocks');
    }
  }

  /** False if the search takes too long for somebody who is waiting. */
  async function isRecovered(): Promise<boolean> {
    let stopWaiting = () => {};
    const late = new Promise<boolean>((resolve) => {
      stopWaiting = clock.after(RECOVERY, () => resolve(false));
    });
    const done = await Promise.race([recovered.then(() => true), late]);
    stopWaiting();
    if (!done)
      log.warn('nothing can be lifted yet: the audit trail is still being searched for blocks');
    return done;
  }

  return {
    /** Searches in the background. */
    begin(search: () => Promise<Row[]>, isNewer: boolean): void {
      recovered = recover(search, isNewer);
    },
    isRecovered,
  };
}
