import { meaningOf } from './events.ts';
import { firstSeq, rotatedOf } from './files.ts';
import { isFile, isZipped, linesFromEnd } from './lines.ts';
import type { Read } from './proof.ts';
import { changeIn, hashOf, type Position, type Row, readRow } from './row.ts';

/** What a start learns about the earlier rows. */
export type Past = {
  /** The rows after the given position, or the last rows if none was given; oldest first. */
  rows: Row[];
  /** Where the rows end; `undefined` if there are none. */
  end: Position | undefined;
  /** What does not fit the given position or could not be read, in a sentence. */
  gap: string | undefined;
  /** Whether some rows after the given position were not read. */
  isCutShort: boolean;
  /** Whether an earlier process left a key, even if its rows are gone. */
  hadKey: boolean;
  /** Whether a row was signed with this trail's key. Others could be added by anybody who can write to the file. */
  isProven(row: Row): boolean;
};

export type LongPast = Omit<Past, 'isProven' | 'hadKey' | 'rows'> & {
  /** The rows with their lines. */
  read: Read[];
  /** Intents without an outcome. */
  withoutOutcome: Row[];
  /** The public key that signed the last row. */
  signedBy: string | undefined;
};

/** How many rows a start reads at most: without a position, and after one. */
const MOST = { last: 1000, after: 10_000 };

/** Reads a trail backwards, rotated files included, as far as a start needs. */
export async function readPast(file: string, after: Position | undefined): Promise<LongPast> {
  const from = after ? Math.min(after.seq + 1, after.openSince ?? after.seq + 1) : 1;
  let left = after ? MOST.after + (after.seq + 1 - from) : MOST.last;
  const read: Read[] = [];
  const withoutOutcome: Row[] = [];
  const answered = new Set<string>();
  let end: Past['end'];
  let signedBy: string | undefined;
  let fits: boolean | undefined;

  for await (const line of newestFirst(file, { unpack: after !== undefined, wanted: from })) {
    const row = readRow(line);
    if (!row) continue;
    if (!end) {
      end = { seq: row.seq, hash: hashOf(line) };
      signedBy = row.newKey ?? row.key;
    }
    if (row.seq === after?.seq) fits = hashOf(line) === after.hash;
    if (row.seq - 1 === after?.seq) fits ??= row.prev === after.hash;
    if (row.seq < from || left === 0) break;
    left -= 1;
    if (row.seq > (after?.seq ?? 0)) read.push({ row, line });
    const { change } = meaningOf(row.event);
    if (change === 'ends') answered.add(changeIn(row));
    if (change === 'begins' && !answered.has(changeIn(row))) withoutOutcome.unshift(row);
  }
  const first = read.at(-1)?.row.seq;
  const gap = gapOf({ after, end, fits, first });
  const isCutShort = after !== undefined && first !== undefined && first > after.seq + 1;
  return { read: read.reverse(), withoutOutcome, end, signedBy, gap, isCutShort };
}

type Found = Pick<Past, 'end'> & {
  /** The number of the oldest row that was read. */
  first: number | undefined;
  after: Position | undefined;
  /** Whether that row is still the same. */
  fits: boolean | undefined;
};

function gapOf({ after, end, fits, first }: Found): string | undefined {
  if (!after) return undefined;
  const last = end?.seq ?? 0;
  if (last < after.seq) return missing(last + 1, after.seq);
  if (fits === false) return `row ${after.seq} of the audit trail was changed`;
  if (first !== undefined && first > after.seq + 1) {
    return `rows ${after.seq + 1} to ${first - 1} of the audit trail were not read`;
  }
  return undefined;
}

const missing = (from: number, to: number) =>
  from === to
    ? `row ${from} of the audit trail is missing`
    : `rows ${from} to ${to} of the audit trail are missing`;

type HowFar = {
  /** Whether to read packed files too, which must be read whole, once the end is known. */
  unpack: boolean;
  /** The number of the oldest row needed. */
  wanted: number;
};

/** Reads a trail's lines from last to first. */
async function* newestFirst(file: string, { unpack, wanted }: HowFar): AsyncGenerator<string> {
  let oldest = Infinity;
  async function* lines(one: string) {
    for await (const line of linesFromEnd(one, MOST.after)) {
      oldest = Math.min(oldest, readSeq(line) ?? oldest);
      yield line;
    }
  }
  if (await isFile(file)) yield* lines(file);
  if (oldest <= wanted) return;
  const { before, unread } = await rotatedBefore(file);
  // Missing rows can be reported, but where the trail ends must be known.
  if (unread && oldest === Infinity) throw unread;
  if (unread) return;
  for (const { one, seq } of before) {
    if (oldest <= wanted) return;
    if (isZipped(one) && !unpack && oldest < Infinity) return;
    try {
      if (seq < oldest) yield* lines(one);
    } catch (error) {
      if (oldest === Infinity) throw error;
      return;
    }
  }
}

type Before = {
  /** The rotated files that have rows, newest first. */
  before: { one: string; seq: number }[];
  /** A file that cannot be read, if any. */
  unread: Error | undefined;
};

async function rotatedBefore(file: string): Promise<Before> {
  let unread: Error | undefined;
  const all = await Promise.all(
    rotatedOf(file).map(async (one) => {
      const seq = await firstSeq(one).catch((cause) => {
        unread = new Error(`${one} cannot be read`, { cause });
        return undefined;
      });
      return { one, seq };
    }),
  );
  const before = all
    .flatMap(({ one, seq }) => (seq === undefined ? [] : [{ one, seq }]))
    .sort((a, b) => b.seq - a.seq);
  return { before, unread };
}

const readSeq = (line: string) => {
  const seq = /^\{"time":"[^"]*","seq":(\d+),/.exec(line)?.[1];
  return seq === undefined ? undefined : Number(seq);
};
