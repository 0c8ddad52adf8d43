import type { Row } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { OrderLedger } from './ledger.ts';
import { orderOf } from './names.ts';
import type { Word } from './word.ts';

/** For so long it is waited for blocks that the trail still tells of. */
const RECOVERY = 10_000;

type Wiring = {
  ledger: OrderLedger;
  /** Learns what the other instances know. */
  compare: () => Promise<void>;
  clock: Clock;
  log: Log;
};

/** Finds orders in the audit trail, after a start that knew of none. */
export function createRecovery({ ledger, compare, clock, log }: Wiring) {
  let recovered: Promise<void> = Promise.resolve();

  /**
   * Blocks of before, as far as the trail still tells of them.
   * @param isNewer whether its rows may be newer than what is known
   */
  async function recover(search: () => Promise<Row[]>, isNewer: boolean): Promise<void> {
    try {
      const last = new Map<string, Word>();
      for (const row of await search()) {
        const order = orderOf(row);
        if (!order) continue;
        const { name, on } = order;
        last.set(name, { on, seq: ledger.highest() + 1, at: Date.parse(row.time) || 0 });
      }
      const missing = [...last].filter(
        ([name, { on }]) => on && (isNewer ? !ledger.get(name)?.on : !ledger.get(name)),
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

  return {
    /** Searches in the background. */
    begin(search: () => Promise<Row[]>, isNewer: boolean): void {
      recovered = recover(search, isNewer);
    },
    isRecovered,
  };
}
