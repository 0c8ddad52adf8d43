import { type Audit, meaningOf, type Position, type Row } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Line } from '../../slack/digest.ts';
import * as view from './view.ts';

export type Anchors = {
  /** Posts where an earlier process left the trail. */
  start(): void;
  /** Call with each row that is written. */
  heard(row: Row): void;
  /** Posts where the trail ends, including all rows so far. */
  stop(): Promise<void>;
};

const HOUR = 60 * 60_000;

type Wiring = {
  audit: Pick<Audit, 'position' | 'fingerprint' | 'settled'>;
  /** Posts a line to AUDIT_CHANNEL; `undefined` if there is no such channel. */
  add: ((line: Line) => void) | undefined;
  clock: Clock;
  log: Log;
};

/** Whether the row may stand for a change at SecurID. */
export const isChange = ({ event }: Row) => meaningOf(event).change === 'ends';

/** A row's number and hash, to keep elsewhere and give to `audit:verify`. */
export const anchorOf = ({ seq, hash }: Position) => `${seq}:${hash}`;

/**
 * Posts to the log and AUDIT_CHANNEL where the trail ends: at the start, at the stop, and in every
 * hour in which it grew. Cutting or forging the file later cannot change what was posted. Each
 * change's line has its own anchor.
 */
export function createAnchors({ audit, add, clock, log }: Wiring): Anchors {
  /** The last anchored row, and when. */
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
      // Without a channel there is no timer: the first row after an hour writes the anchor.
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
