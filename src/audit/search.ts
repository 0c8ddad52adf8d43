import { type Event, type ReadEvent, wordsFor } from './events.ts';
import { inOrder, withRotated } from './files.ts';
import { isFile, linesOf } from './lines.ts';
import { createProof, createUnsigned, type Read } from './proof.ts';
import { type Row, readRow } from './row.ts';

/** Rows, oldest first, and whether one is signed with this trail's key. */
export type Found = { rows: Row[]; isProven(row: Row): boolean };

/** A file that could not be read completely, and why. */
type Unread = { file: string; error: unknown };

/**
 * Searches all files of a trail in the order of their rows. Rows that are in several files, such as a packed
 * copy, count once. A damaged file does not hide rows in the others.
 * @param key the public key that signs now
 */
export async function search(
  file: string,
  events: Set<Event>,
  key: string,
): Promise<Found & { unread: Unread[] }> {
  const read: Read[] = [];
  const seen = new Map<number, string>();
  const unsigned = createUnsigned();
  const unread: Unread[] = [];
  // Skips most rows cheaply.
  const wanted = new Set<ReadEvent>(events);
  const words = [...events, 'key replaced' as const]
    .flatMap(wordsFor)
    .map((word) => JSON.stringify(word));

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
    try {
      for await (const line of linesOf(one)) unsigned.follow(line, take(line));
    } catch (error) {
      unread.push({ file: one, error });
    }
  }
  const rows = read.map(({ row }) => row).filter(({ event }) => wanted.has(event));
  return { rows, isProven: createProof(read, key, unsigned.found()), unread };
}
