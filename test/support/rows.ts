import { readFileSync } from 'node:fs';
import type { Row } from '../../src/audit/row.ts';
import type { HelpDesk } from './help-desk.ts';

/** The audit trail in a file, as far as it is written. */
export const rowsIn = (file: string): Row[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/**
 * Closes the help desk, so that every row is on disk, and reads its audit trail.
 * @param only what the rows have in common
 */
export async function rowsOf(
  desk: HelpDesk,
  only: Partial<Pick<Row, 'event' | 'operation'>> = {},
): Promise<Row[]> {
  await desk.close();
  return rowsIn(desk.auditFile).filter(
    ({ event, operation }) =>
      (only.event ?? event) === event && (only.operation ?? operation) === operation,
  );
}
