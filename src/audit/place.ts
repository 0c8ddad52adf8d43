import { meaningOf } from './events.ts';
import type { Past } from './past.ts';
import { changeIn, FIRST_PREV, type Position, type Row } from './row.ts';

/** Where the chain ends, and its oldest intent without an outcome. */
export function createPlace() {
  let last: Position = { seq: 0, hash: FIRST_PREV };
  /** The row numbers of intents. */
  const withoutOutcome = new Map<string, number>();

  return {
    position(): Position {
      const [openSince] = withoutOutcome.values();
      return { seq: last.seq, hash: last.hash, ...(openSince && { openSince }) };
    },
    /** The row is on disk. */
    took(row: Row, hash: string): void {
      const { seq, event } = row;
      last = { seq, hash };
      const { change } = meaningOf(event);
      if (change === 'begins') withoutOutcome.set(changeIn(row), seq);
      if (change === 'ends') withoutOutcome.delete(changeIn(row));
    },
    /** Continues after what others wrote. No row number is used twice. */
    follow(past: Pick<Past, 'end'> & { withoutOutcome: Row[] }, after?: Position): void {
      const { end } = past;
      last = after && after.seq > (end?.seq ?? 0) ? after : (end ?? last);
      withoutOutcome.clear();
      for (const row of past.withoutOutcome) withoutOutcome.set(changeIn(row), row.seq);
    },
  };
}
