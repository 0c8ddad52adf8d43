import { createSignatureCheck } from './key.ts';
import { hashOf, type Row, readRow, signedPart } from './row.ts';

/** A row and its line. */
export type Read = { row: Row; line: string };

/** Unsigned rows of earlier versions, as far as they matter. */
export type Unsigned = {
  rows: Row[];
  /** The first signed row, which the chain leads to. */
  heldBy: Read | undefined;
};

/**
 * Finds the rows that were signed with a key, or with one that introduced it, and that are where they were
 * written. Anybody who can write to the file could add, change or repeat others.
 * @param read oldest first
 * @param key the current key
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

/** Drops rows that come after a row with the same or a higher number. */
function inPlace(read: Read[]): Read[] {
  let highest = 0;
  return read.filter(({ row }) => {
    const isInPlace = row.seq > highest;
    highest = Math.max(highest, row.seq);
    return isInPlace;
  });
}

/** Finds unsigned rows of earlier versions, as long as the chain connects them. */
export function createUnsigned() {
  let rows: Row[] = [];
  let heldBy: Read | undefined;
  let last: string | undefined;

  return {
    /** @param row the line's row, if it matters */
    follow(line: string, row: Row | undefined): void {
      if (heldBy) return;
      // Rows that do not follow each other are not part of the chain.
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
