import { type Audit, meaningOf, type Position, type Row } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Line } from '../../slack/digest.ts';
import * as view from './view.ts';

export type Anchors = {
  /** Tells where an earlier process left the trail. */
  start(): void;
  /** Hears each row that is written. */
  heard(row: Row): void;
  /** Tells where the trail ends, with all that was handed in. */
  stop(): Promise<void>;
};

const HOUR = 60 * 60_000;

type Wiring = {
  audit: Pick<Audit, 'position' | 'fingerprint' | 'settled'>;
  /** Takes a line to AUDIT_CHANNEL; missing where there is none. */
  add: ((line: Line) => void) | undefined;
  clock: Clock;
  log: Log;
};

/** Whether it may have changed something at SecurID. */
export const isChange = ({ event }: Row) => meaningOf(event).change === 'ends';

/** A row's number and hash, as they are kept elsewhere and given to the check. */
export const anchorOf = ({ seq, hash }: Position) => `${seq}:${hash}`;

/**
 * Tells the log and AUDIT_CHANNEL where the trail ends: at the start, at the stop, and every hour in which
 * it grew. Whoever cuts or forges the file later cannot change what they hold. The line of a change has its
 * own anchor.
 */
export function createAnchors({ audit, add, clock, log }: Wiring): Anchors {
  /** The last row that was told of, and when. */
  let told = { seq: 0, at: clock.elapsed() };
  let stopTimer = () => {};

  function keep(when: view.AnchorTime | 'change', incident?: string): void {
    const end = audit.position();
    if (end.seq === 0) return;
    const anchor = anchorOf(end);
    const key = audit.fingerprint();
    log.info({ anchor, key, ...(incident && { incident }) }, 'where the audit trail ends');
    if (when !== 'change') add?.(view.anchor({ anchor, key }, when));
    told = { seq: end.seq, at: clock.elapsed() };
  }

  function everyHour(): void {
    stopTimer = clock.after(HOUR, () => {
      if (audit.position().seq !== told.seq) keep('hour');
      everyHour();
    });
  }

  return {
    start() {
      keep('start');
      // Without a channel the first row after an hour is early enough.
      if (add) everyHour();
    },
    heard(row) {
      if (isChange(row)) keep('change', row.incident);
      else if (!add && clock.elapsed() - told.at >= HOUR) keep('hour');
    },
    async stop() {
      stopTimer();
      await audit.settled();
      keep('stop');
    },
  };
}
