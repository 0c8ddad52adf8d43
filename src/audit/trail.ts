import { type FileHandle, open, stat, truncate } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { linesOf } from './lines.ts';
import { type Entry, FIRST_PREV, hashOf, type Row, readRow } from './row.ts';
import { withRotated } from './verify.ts';

/** The trail could not be written; the message says why. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}

export type Audit = {
  /**
   * Continues the trail, and reports what an earlier process left without an outcome.
   * @returns the orders so far, given and lifted, and the last word on the licence summary, of this file and
   * all rotated ones
   */
  open(): Promise<Row[]>;
  /**
   * Adds a row and flushes it to disk.
   * @throws AuditError when the disk did not take it; then the row does not exist
   */
  write(entry: Entry): Promise<void>;
  /** Adds a row; a failure is logged and goes no further. */
  note(entry: Entry): Promise<void>;
  close(): Promise<void>;
};

type Options = {
  file: string;
  clock: Clock;
  log: Log;
  /** Hears each row once it is on disk. */
  onRow?: ((row: Row) => void) | undefined;
  /** Hears that a row was not written. */
  onFailure?: (() => void) | undefined;
  /** Hears what happened all the same, though its row was not written. */
  onLost?: ((entry: Entry) => void) | undefined;
};

/**
 * The audit trail: JSON lines, appended one after the other, each with the hash of the one before.
 * A file that was moved away is followed by a new one that continues its chain.
 */
export function createAudit({ file, clock, log, onRow, onFailure, onLost }: Options): Audit {
  let handle: FileHandle | undefined;
  let last = { seq: 0, hash: FIRST_PREV };
  let queue: Promise<unknown> = Promise.resolve();
  /** Whoever does not know where the chain ends must not go on with it. */
  let readable = true;

  /** The file by its name now; it may have been rotated since the last row. */
  async function current(): Promise<FileHandle> {
    const [there, ours] = await Promise.all([stat(file).catch(() => undefined), handle?.stat()]);
    if (handle && there && there.ino === ours?.ino && there.dev === ours.dev) return handle;
    await handle?.close().catch(() => {});
    handle = undefined;
    handle = await open(file, 'a', 0o600);
    return handle;
  }

  async function append(entry: Entry): Promise<void> {
    if (!readable) throw new AuditError('the audit trail cannot be written: it could not be read');
    const row: Row = {
      time: new Date(clock.now()).toISOString(),
      seq: last.seq + 1,
      ...entry,
      prev: last.hash,
    };
    const line = JSON.stringify(row);
    try {
      await flush(await current(), `${line}\n`);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
      throw new AuditError(`the audit trail cannot be written (${code})`);
    }
    last = { seq: row.seq, hash: hashOf(line) };
    onRow?.(row);
  }

  function write(entry: Entry): Promise<void> {
    const written = queue.then(() => append(entry));
    queue = written.catch(() => onFailure?.());
    return written;
  }

  async function note(entry: Entry): Promise<void> {
    try {
      await write(entry);
    } catch (error) {
      onLost?.(entry);
      log.error({ err: error, incident: entry.incident }, 'an audit row was not written');
    }
  }

  return {
    async open() {
      const past = await readAll(file, log);
      if (!past) {
        readable = false;
        return [];
      }
      if (past.end) last = { seq: past.end.seq, hash: hashOf(past.end.line) };
      for (const intent of past.withoutOutcome) {
        const { time: _, seq: __, prev: ___, ...rest } = intent;
        await note({ ...rest, event: 'unknown', failure: 'the process ended before an answer' });
        log.warn(
          { incident: intent.incident, target: intent.target },
          'unknown whether a registration code was issued: an earlier process ended before the answer',
        );
      }
      try {
        await current();
      } catch (error) {
        log.error({ err: error }, CANNOT_BE_OPENED);
      }
      return past.orders.concat(past.summary ?? []);
    },
    write,
    note,
    async close() {
      await queue;
      await handle?.close();
      handle = undefined;
    },
  };
}

/** All of it or nothing: half a row would break the chain. */
async function flush(to: FileHandle, line: string): Promise<void> {
  const { size } = await to.stat();
  try {
    await to.appendFile(line);
    await to.datasync();
  } catch (error) {
    await to.truncate(size).catch(() => {});
    throw error;
  }
}

const CANNOT_BE_OPENED = 'the audit trail cannot be opened: no registration code will be issued';

const OUTCOMES = new Set<Entry['event']>(['issued', 'not issued', 'unknown']);
const ORDERS = new Set<Entry['event']>([
  'reported',
  'block lifted',
  'lockdown on',
  'lockdown off',
  'licences short',
  'licences enough',
]);
const SUMMARIES = new Set<Entry['event']>([
  'licences due',
  'licences posted',
  'licences refused',
  'licences not posted',
]);

/** What of the rows so far still matters. */
type Past = {
  orders: Row[];
  summary: Row | undefined;
  withoutOutcome: Row[];
  end: { line: string; seq: number } | undefined;
};

/** `undefined` when there are rows that cannot be read. */
async function readAll(file: string, log: Log): Promise<Past | undefined> {
  try {
    await dropHalfRow(file, log);
    return await readRows(withRotated(file));
  } catch (error) {
    log.error({ err: error }, CANNOT_BE_OPENED);
    return undefined;
  }
}

/** Goes through files in the order of their rows. */
async function readRows(files: string[]): Promise<Past> {
  const orders: Row[] = [];
  const intents = new Map<string, Row>();
  let summary: Past['summary'];
  let end: Past['end'];
  for (const file of files) {
    if (!(await isFile(file))) continue;
    for await (const line of linesOf(file)) {
      const row = readRow(line);
      if (!row) continue;
      end = { line, seq: row.seq };
      if (ORDERS.has(row.event)) orders.push(row);
      if (SUMMARIES.has(row.event)) summary = row;
      if (row.event === 'intent') intents.set(row.incident, row);
      if (OUTCOMES.has(row.event)) intents.delete(row.incident);
    }
  }
  return { orders, summary, withoutOutcome: [...intents.values()], end };
}

/** A row that a power cut left half on disk was never told to anybody as written. */
async function dropHalfRow(file: string, log: Log): Promise<void> {
  if (!(await isFile(file))) return;
  const { size, whole } = await measure(file);
  if (whole === size) return;
  log.warn({ bytes: size - whole }, 'half a row at the end of the audit trail is dropped');
  await truncate(file, whole);
}

const CHUNK = 64 * 1024;

/** How long a file is, and how long its whole rows are, whose end is looked for from behind. */
async function measure(file: string): Promise<{ size: number; whole: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const chunk = Buffer.alloc(CHUNK);
    for (let until = size; until > 0; until -= CHUNK) {
      const from = Math.max(until - CHUNK, 0);
      const { bytesRead } = await handle.read(chunk, 0, until - from, from);
      const newline = chunk.subarray(0, bytesRead).lastIndexOf('\n');
      if (newline >= 0) return { size, whole: from + newline + 1 };
    }
    return { size, whole: 0 };
  } finally {
    await handle.close();
  }
}

/** What is none, such as a pipe, has no past to read. */
async function isFile(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there?.isFile() ?? false;
}
