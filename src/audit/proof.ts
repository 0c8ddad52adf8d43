import { createSignatureCheck } from './key.ts';
import { hashOf, type Row, readRow, signedPart } from './row.ts';

/** A row, and the line it was read from. */
export type Read = { row: Row; line: string };

/** Rows of before rows were signed, of those that are of interest. */
export type Unsigned = {
  rows: Row[];
  /** The first signed row, to which the chain leads from them. */
  heldBy: Read | undefined;
};

/**
 * Tells rows that were signed by a key, or by one that named it as the next, and that stand where they were
 * written. Whoever can write to the file can add others, change them, and repeat older ones.
 * @param read oldest first
 * @param key the key that signs now
 */
export function createProof(read: Read[], key: string, unsigned?: Unsigned): (row: Row) => boolean {
  const fits = createSignatureCheck();
  const keys = new Set([key]);
  const lines = new Map(inPlace(read).map(({ row, line }) => [row, line]));

  function isSigned(row: Row, line: string | undefined): boolean {
    const part = line === undefined ? undefined : signedPart(line);
    return part !== undefined && fits(row.key ?? '', part.line, part.signature);
  }

  for (const { row, line } of read.toReversed()) {
    const { event, newKey = '', key: old = '' } = row;
    if (event === 'key replaced' && keys.has(newKey) && isSigned(row, line)) keys.add(old);
  }
  const isOurs = (row: Row, line: string | undefined) =>
    keys.has(row.key ?? '') && isSigned(row, line);
  const { heldBy, rows } = unsigned ?? {};
  const held = new Set(heldBy && isOurs(heldBy.row, heldBy.line) ? rows : []);
  return (row) => held.has(row) || isOurs(row, lines.get(row));
}

/** Without those that come after a row with their number or a higher one. */
function inPlace(read: Read[]): Read[] {
  let highest = 0;
  return read.filter(({ row }) => {
    const isInPlace = row.seq > highest;
    highest = Math.max(highest, row.seq);
    return isInPlace;
  });
}

/** Finds the rows of before rows were signed, as long as the chain leads from one to the next. */
export function createUnsigned() {
  let rows: Row[] = [];
  let heldBy: Read | undefined;
  let last: string | undefined;

  return {
    /** @param row what the line holds, where that is of interest */
    follow(line: string, row: Row | undefined): void {
      if (heldBy) return;
      // Of rows that were not written one after the other the chain holds none.
      if (last !== undefined && prevOf(line) !== last) rows = [];
      last = hashOf(line);
      if (!signedPart(line)) {
        if (row) rows.push(row);
        return;
      }
      const signed = readRow(line);
      if (signed) heldBy = { row: signed, line };
    },
    found: (): Unsigned => ({ rows, heldBy }),
  };
}

const prevOf = (line: string) => /"prev":"([\da-f]{64})"/.exec(line)?.[1];
