import { type FileHandle, open, readFile, stat, truncate } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Entry, FIRST_PREV, hashOf, type Row, readRow } from './row.ts';

/** The trail could not be written; the message says why. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}

export type Audit = {
  /**
   * Continues the trail, and reports what an earlier process left without an outcome.
   * @returns the rows so far, of this file and the one rotated last
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
};

/**
 * The audit trail: JSON lines, appended one after the other, each with the hash of the one before.
 * A file that was moved away is followed by a new one that continues its chain.
 */
export function createAudit({ file, clock, log, onRow }: Options): Audit {
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
    queue = written.catch(() => {});
    return written;
  }

  async function note(entry: Entry): Promise<void> {
    try {
      await write(entry);
    } catch (error) {
      log.error({ err: error, incident: entry.incident }, 'an audit row was not written');
    }
  }

  return {
    async open() {
      const rows = await readAll(file, log);
      if (!rows) {
        readable = false;
        return [];
      }
      const end = rows.at(-1);
      if (end) last = { seq: end.row.seq, hash: hashOf(end.line) };
      for (const intent of withoutOutcome(rows.map(({ row }) => row))) {
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
      return rows.map(({ row }) => row);
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

/** The rows so far; `undefined` when there are some that cannot be read. */
async function readAll(file: string, log: Log): Promise<{ line: string; row: Row }[] | undefined> {
  try {
    await dropHalfRow(file, log);
    // After a rotation the chain ends in the file before.
    return [...(await readRows(`${file}.1`)), ...(await readRows(file))];
  } catch (error) {
    log.error({ err: error }, CANNOT_BE_OPENED);
    return undefined;
  }
}

/** A row that a power cut left half on disk was never told to anybody as written. */
async function dropHalfRow(file: string, log: Log): Promise<void> {
  const text = await read(file);
  const whole = text.lastIndexOf('\n') + 1;
  if (whole === text.length) return;
  log.warn({ bytes: text.length - whole }, 'half a row at the end of the audit trail is dropped');
  await truncate(file, whole);
}

async function readRows(file: string): Promise<{ line: string; row: Row }[]> {
  return (await read(file))
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const row = line && readRow(line);
      return row ? [{ line, row }] : [];
    });
}

/** Nothing, where there is no file yet. What is no file, such as a pipe, has no past to read. */
async function read(file: string): Promise<Buffer> {
  const there = await stat(file).catch(() => undefined);
  return there?.isFile() ? readFile(file) : Buffer.alloc(0);
}

const OUTCOMES = new Set<Entry['event']>(['issued', 'not issued', 'unknown']);

function withoutOutcome(rows: Row[]): Row[] {
  const ended = new Set(
    rows.filter(({ event }) => OUTCOMES.has(event)).map(({ incident }) => incident),
  );
  return rows.filter(({ event, incident }) => event === 'intent' && !ended.has(incident));
}
