import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Row, readRow } from '../../../src/audit/row.ts';

const NEWLINE = 10;

/** The rows of a trail so far. Each call reads only what was added since the last. */
export function followRows(file: string): () => Row[] {
  const rows: Row[] = [];
  let read = 0;

  return () => {
    const trail = openSync(file, 'r');
    const added = Buffer.alloc(Math.max(0, fstatSync(trail).size - read));
    readSync(trail, added, 0, added.length, read);
    closeSync(trail);
    const whole = added.subarray(0, added.lastIndexOf(NEWLINE) + 1);
    read += whole.length;
    rows.push(
      ...whole
        .toString()
        .split('\n')
        .flatMap((line) => readRow(line) ?? []),
    );
    return rows;
  };
}
