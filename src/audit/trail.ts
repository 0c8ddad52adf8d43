import { existsSync } from 'node:fs';
import { type FileHandle, open, stat, truncate } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { inOrder, withRotated } from './files.ts';
import { createSigner, fingerprint, newPrivateKey, type Signer } from './key.ts';
import { nextKey, openKey, takeOver } from './key-file.ts';
import { isFile, linesOf, measure } from './lines.ts';
import { forOwnerAlone } from './mode.ts';
import { type LongPast, OUTCOMES, type Past, readPast } from './past.ts';
import {
  type Entry,
  type Event,
  FIRST_PREV,
  hashOf,
  type Position,
  type Row,
  readRow,
  signedLine,
} from './row.ts';

/** The trail could not be written; the message says why. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}

export type Audit = {
  /**
   * Continues the trail, and reports what an earlier process left without an outcome. Reads no more of it
   * than the rows after `after`, or the last thousand, in rotated files as well.
   */
  open(from?: { after?: Position | undefined }): Promise<Past>;
  /** Where the trail ends now, to be handed to `open` at a later start. */
  position(): Position;
  /**
   * All rows of these events, oldest first, of this file and all rotated ones that are found. Reads every
   * one of them, so a long trail takes its time.
   */
  search(events: Event[]): Promise<Row[]>;
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
  /** The Ed25519 key in PEM that signs rows; made where there is none. Beside the trail unless it is given. */
  keyFile?: string | undefined;
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
export function createAudit(options: Options): Audit {
  const { file, keyFile = `${file}.key`, clock, log, onRow, onFailure, onLost } = options;
  let signer: Signer | undefined;
  let handle: FileHandle | undefined;
  let last: Position = { seq: 0, hash: FIRST_PREV };
  /** The numbers of intents, by incident. */
  const withoutOutcome = new Map<string, number>();
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
    await forOwnerAlone(handle, file, log);
    return handle;
  }

  /** The key; where there was none at the start there may be one now. */
  async function signing(): Promise<Signer> {
    try {
      signer ??= (await hasNoFile(file))
        ? createSigner(newPrivateKey())
        : await openKey(keyFile, log);
      return signer;
    } catch (cause) {
      throw new AuditError(
        `the audit trail cannot be written: no key to sign it (${words(cause)})`,
      );
    }
  }

  async function append(entry: Entry): Promise<void> {
    if (!readable) throw new AuditError('the audit trail cannot be written: it could not be read');
    const row: Row = {
      time: new Date(clock.now()).toISOString(),
      seq: last.seq + 1,
      ...entry,
      prev: last.hash,
    };
    const line = signedLine(row, await signing());
    try {
      await flush(await current(), `${line}\n`);
    } catch (cause) {
      throw new AuditError(`the audit trail cannot be written (${words(cause)})`);
    }
    last = { seq: row.seq, hash: hashOf(line) };
    if (row.event === 'intent') withoutOutcome.set(row.incident, row.seq);
    if (OUTCOMES.has(row.event)) withoutOutcome.delete(row.incident);
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

  /** Before anything else is signed: says which key signs where that was another one, or none. */
  async function introduceKey({ end, signedBy }: LongPast): Promise<void> {
    const { key } = await signing();
    const incident = 'audit key';
    const next = await nextKey(keyFile, log);
    if (next && next.key !== key)
      await write({ event: 'key replaced', newKey: next.key, incident });
    if (next) {
      await takeOver(keyFile, next, log);
      signer = next;
      log.warn(
        { fingerprint: fingerprint(next.key) },
        'another key signs the audit trail from here on',
      );
      return;
    }
    if (!end || signedBy === key) return;
    await write({ event: 'key introduced', incident, reason: signedBy ? KEY_LOST : NOT_SIGNED });
    if (signedBy) log.error({ fingerprint: fingerprint(key) }, KEY_LOST);
  }

  return {
    async open({ after } = {}) {
      const past = await readEnd(file, after, log);
      if (!past) {
        readable = false;
        return { rows: [], end: undefined, gap: 'the audit trail could not be read' };
      }
      const { rows, end, gap } = past;
      // Numbers that were given once are not given again, whatever became of their rows.
      last = after && after.seq > (end?.seq ?? 0) ? after : (end ?? last);
      if (gap) log.error({ after: after?.seq }, gap);
      await introduceKey(past).catch((error) => log.error({ err: error }, CANNOT_BE_OPENED));
      for (const intent of past.withoutOutcome) {
        const { time: _, seq, prev: __, key: ___, sig: ____, ...rest } = intent;
        withoutOutcome.set(intent.incident, seq);
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
      return { rows, end, gap };
    },
    position() {
      const [openSince] = withoutOutcome.values();
      return { seq: last.seq, hash: last.hash, ...(openSince && { openSince }) };
    },
    search: (events) => (readable ? rowsOf(file, new Set(events)) : Promise.resolve([])),
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

const NOT_SIGNED = 'the rows before are from a version that signed none';
const KEY_LOST = 'the rows before are signed by another key, which named no other to come after it';

const words = (cause: unknown) =>
  cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : 'unknown';

/** Such as a pipe, beside which no key is kept: one is made for as long as the process lives. */
async function hasNoFile(file: string): Promise<boolean> {
  return existsSync(file) && !(await isFile(file));
}

const CANNOT_BE_OPENED = 'the audit trail cannot be opened: no registration code will be issued';

/** `undefined` when there are rows that cannot be read. */
async function readEnd(file: string, after: Position | undefined, log: Log) {
  try {
    await dropHalfRow(file, log);
    return await readPast(file, after);
  } catch (error) {
    log.error({ err: error }, CANNOT_BE_OPENED);
    return undefined;
  }
}

/** Goes through all files in the order of their rows. */
async function rowsOf(file: string, events: Set<Event>): Promise<Row[]> {
  const rows: Row[] = [];
  // Most rows are others, and quickly told to be.
  const words = [...events].map((event) => JSON.stringify(event));
  const files = withRotated(file);
  const there = await Promise.all(files.map(isFile));
  for (const one of await inOrder(files.filter((_, index) => there[index]))) {
    for await (const line of linesOf(one)) {
      if (!words.some((word) => line.includes(word))) continue;
      const row = readRow(line);
      if (row && events.has(row.event)) rows.push(row);
    }
  }
  return rows;
}

/** A row that a power cut left half on disk was never told to anybody as written. */
async function dropHalfRow(file: string, log: Log): Promise<void> {
  if (!(await isFile(file))) return;
  const { size, whole } = await measure(file);
  if (whole === size) return;
  log.warn({ bytes: size - whole }, 'half a row at the end of the audit trail is dropped');
  await truncate(file, whole);
}
