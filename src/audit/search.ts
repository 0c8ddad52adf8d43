import { inOrder, withRotated } from './files.ts';
import { isFile, linesOf } from './lines.ts';
import { createProof, createUnsigned, type Read } from './proof.ts';
import { type Event, type Row, readRow } from './row.ts';

/** Rows, oldest first, and whether the key of this trail vouches for one. */
export type Found = { rows: Row[]; isProven(row: Row): boolean };

/**
 * Goes through all files of a trail in the order of their rows. Files that hold the same rows, such as one
 * and its packed copy, give them once.
 * @param key the public key that signs now
 */
export async function search(file: string, events: Set<Event>, key: string): Promise<Found> {
  const read: Read[] = [];
  const seen = new Map<number, string>();
  const unsigned = createUnsigned();
  // Most rows are others, and quickly told to be.
  const words = [...events, 'key replaced'].map((event) => JSON.stringify(event));

  function take(line: string): Row | undefined {
    if (!words.some((word) => line.includes(word))) return undefined;
    const row = readRow(line);
    if (!row || seen.get(row.seq) === line) return undefined;
    if (!seen.has(row.seq)) seen.set(row.seq, line);
    read.push({ row, line });
    return row;
  }

  const files = withRotated(file);
  const there = await Promise.all(files.map(isFile));
  for (const one of await inOrder(files.filter((_, index) => there[index]))) {
    for await (const line of linesOf(one)) unsigned.follow(line, take(line));
  }
  const rows = read.map(({ row }) => row).filter(({ event }) => events.has(event));
  return { rows, isProven: createProof(read, key, unsigned.found()) };
}
