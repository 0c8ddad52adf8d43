import { existsSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createAppended, isSame, NotAsLeft } from './file.ts';
import type { Signer } from './key.ts';
import { isFile, measure } from './lines.ts';
import { type LongPast, OUTCOMES, type Past, readPast } from './past.ts';
import { createPresence } from './presence.ts';
import { createProof } from './proof.ts';
import {
  type Entry,
  type Event,
  FIRST_PREV,
  hashOf,
  type Position,
  type Row,
  signedLine,
} from './row.ts';
import { type Found, search } from './search.ts';
import { createSigning } from './signing.ts';

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
  /** Resolves once every row that was handed in is on disk, or was not written. */
  settled(): Promise<void>;
  /** The fingerprint of the key that signs the trail, once there is one: it tells trails apart. */
  fingerprint(): string | undefined;
  /**
   * All rows of these events, oldest first, of this file and all rotated ones that are found. Reads every
   * one of them, so a long trail takes its time.
   */
  search(events: Event[]): Promise<Found>;
  /**
   * Adds a row and flushes it to disk.
   * @throws AuditError when the disk did not take it, or another process writes this trail; then the row
   * does not count
   */
  write(entry: Entry): Promise<void>;
  /** Adds a row; a failure is logged and goes no further. Whether it is on disk. */
  note(entry: Entry): Promise<boolean>;
  close(): Promise<void>;
};

type Options = {
  file: string;
  /** The Ed25519 key in PEM that signs rows; made where there is none. Beside the trail unless it is given. */
  keyFile?: string | undefined;
  clock: Clock;
  log: Log;
  /** Hears each row once it is on disk, and the SHA-256 of its line. */
  onRow?: ((row: Row, hash: string) => void) | undefined;
  /** Hears that a row was not written. */
  onFailure?: (() => void) | undefined;
  /** Hears what happened all the same, though its row was not written. */
  onLost?: ((entry: Entry) => void) | undefined;
  /** Hears the rows of a process that wrote this trail meanwhile, once this one takes over. */
  onOthers?: ((past: Past) => void) | undefined;
};

/** How often a process that does not write looks whether it may. */
const LOOK = 2000;
/**
 * In how many looks the file has to stay as it is, where the one who wrote to it cannot be asked. Longer
 * than a change takes from its intent to its outcome.
 */
const QUIET = 15;

/**
 * The audit trail: JSON lines, appended one after the other, each with the hash of the one before, and
 * signed. A file that was moved away is followed by a new one that continues its chain.
 */
export function createAudit(options: Options): Audit {
  const { file, keyFile = `${file}.key`, clock, log, onRow, onFailure, onLost } = options;
  const appended = createAppended(file, log);
  const signing = createSigning({ file, keyFile, log });
  const presence = createPresence(`${file}.lock`);
  let last: Position = { seq: 0, hash: FIRST_PREV };
  /** The numbers of intents, by incident. */
  const withoutOutcome = new Map<string, number>();
  let queue: Promise<unknown> = Promise.resolve();
  /** Why nothing is written here, if so: whoever does not know where the chain ends must not go on with it. */
  let aside: 'cannot be read' | 'another has it' | 'not as left' | undefined;
  let stopLooking = () => {};

  async function put(entry: Entry): Promise<void> {
    const row: Row = {
      time: new Date(clock.now()).toISOString(),
      seq: last.seq + 1,
      ...entry,
      prev: last.hash,
    };
    const line = signedLine(row, await signer());
    try {
      await appended.append(`${line}\n`);
    } catch (error) {
      if (error instanceof NotAsLeft) throw error;
      throw cannot(words(error));
    }
    last = { seq: row.seq, hash: hashOf(line) };
    if (row.event === 'intent') withoutOutcome.set(row.incident, row.seq);
    if (OUTCOMES.has(row.event)) withoutOutcome.delete(row.incident);
    onRow?.(row, last.hash);
  }

  async function signer(): Promise<Signer> {
    try {
      return await signing.current();
    } catch (error) {
      throw cannot(`no key to sign it: ${words(error)}`);
    }
  }

  async function append(entry: Entry): Promise<void> {
    if (aside === 'another has it') await takeOver();
    if (aside) throw cannot(ASIDE[aside]);
    try {
      await put(entry).catch(async (error) => {
        // Cut or copied by whoever rotates it, but written to by nobody, it still ends with our last row.
        if (!(error instanceof NotAsLeft) || !(await endsWithOurs())) throw error;
        return put(entry);
      });
    } catch (error) {
      if (!(error instanceof NotAsLeft)) throw error;
      stepAside('not as left');
      throw cannot(ASIDE['not as left']);
    }
  }

  async function endsWithOurs(): Promise<boolean> {
    const look = await appended.look();
    if (await endsInHalfRow(file)) return false;
    const past = await readEnd(file, last, log);
    if (past?.end?.seq !== last.seq || past.end.hash !== last.hash) return false;
    await appended.adopt(look);
    log.warn(
      'the audit trail was cut or replaced, and still ends with the row that was written last',
    );
    return true;
  }

  function stepAside(why: 'another has it' | 'not as left'): void {
    if (aside === undefined) log.error(SAID[why]);
    aside = why;
    let seen = appended.look();
    let quiet = 0;
    function lookLater(): void {
      stopLooking = clock.after(LOOK, () => {
        queue = queue.then(async () => {
          const now = await appended.look();
          quiet = isSame(await seen, now) ? quiet + 1 : 0;
          seen = Promise.resolve(now);
          if (aside === 'another has it' || quiet >= QUIET) await takeOver().catch(logFailure);
          if (aside) lookLater();
        });
      });
    }
    lookLater();
  }

  /** Goes on where the other ended. */
  async function takeOver(): Promise<void> {
    if (await presence.isTaken()) return;
    const { seq } = last;
    const past = await goOn(position());
    if (!past) return;
    stopLooking();
    log.warn({ from: seq, to: last.seq }, 'this process writes the audit trail now');
    options.onOthers?.(await proven(past));
    await noteNow({ event: 'taken over', reason: past.gap, incident: 'audit trail' });
  }

  function write(entry: Entry): Promise<void> {
    const written = queue.then(() => append(entry));
    queue = written.catch(() => onFailure?.());
    return written;
  }

  async function lost(entry: Entry, error: unknown): Promise<void> {
    onLost?.(entry);
    log.error({ err: error, incident: entry.incident }, 'an audit row was not written');
  }

  const note = (entry: Entry) =>
    write(entry).then(
      () => true,
      async (error) => {
        await lost(entry, error);
        return false;
      },
    );

  /** As `note`, for what holds the queue already. */
  const noteNow = (entry: Entry) =>
    put(entry).catch((error) => {
      onFailure?.();
      return lost(entry, error);
    });

  const logFailure = (error: unknown) => log.error({ err: error }, CANNOT_BE_OPENED);

  /** Continues the trail behind its last row, whoever wrote that. */
  async function goOn(after: Position | undefined): Promise<LongPast | undefined> {
    const isWhole = await dropHalfRow(file, log);
    const look = await appended.look();
    const past = isWhole && (await readEnd(file, after, log));
    if (!past) {
      aside = 'cannot be read';
      return undefined;
    }
    const { end, gap } = past;
    // Numbers that were given once are not given again, whatever became of their rows.
    last = after && after.seq > (end?.seq ?? 0) ? after : (end ?? last);
    if (gap) log.error({ after: after?.seq }, gap);
    await appended.adopt(look);
    aside = undefined;
    await signing.introduce(past, put).catch(logFailure);
    remember(past.withoutOutcome);
    for (const intent of past.withoutOutcome) {
      const { time: _, seq: __, prev: ___, key: ____, sig: _____, ...rest } = intent;
      await noteNow({ ...rest, event: 'unknown', failure: 'the process ended before an answer' });
      log.warn(
        { incident: intent.incident, target: intent.target },
        'unknown whether a registration code was issued: an earlier process ended before the answer',
      );
    }
    await appended.ready().catch(logFailure);
    return past;
  }

  function remember(intents: Row[]): void {
    withoutOutcome.clear();
    for (const { incident, seq } of intents) withoutOutcome.set(incident, seq);
  }

  function position(): Position {
    const [openSince] = withoutOutcome.values();
    return { seq: last.seq, hash: last.hash, ...(openSince && { openSince }) };
  }

  async function begin(after: Position | undefined): Promise<Past> {
    if ((await isPlain(file)) && (await presence.isTaken())) {
      const past = await readEnd(file, after, log);
      if (past?.end) last = past.end;
      remember(past?.withoutOutcome ?? []);
      stepAside('another has it');
      return past ? proven(past) : UNREADABLE;
    }
    const past = await goOn(after);
    return past ? proven(past) : UNREADABLE;
  }

  /** Without a key nothing is proven. */
  const publicKey = () =>
    signing.current().then(
      ({ key }) => key,
      () => '',
    );

  async function proven({ read, end, gap, isCutShort }: LongPast): Promise<Past> {
    const rows = read.map(({ row }) => row);
    const isProven = createProof(read, await publicKey());
    return { rows, end, gap, isCutShort, hadKey: signing.hadKey, isProven };
  }

  return {
    open({ after } = {}) {
      const begun = queue.then(() => begin(after));
      queue = begun.catch(() => {});
      return begun;
    },
    position,
    settled: async () => void (await queue),
    fingerprint: signing.fingerprint,
    async search(events) {
      if (aside === 'cannot be read') return { rows: [], isProven: () => false };
      return search(file, new Set(events), await publicKey());
    },
    write,
    note,
    async close() {
      stopLooking();
      await queue;
      stopLooking();
      await appended.close();
      await presence.release();
    },
  };
}

const UNREADABLE: Past = {
  rows: [],
  end: undefined,
  gap: 'the audit trail could not be read',
  isCutShort: false,
  hadKey: true,
  isProven: () => false,
};

const ASIDE = {
  'cannot be read': 'it could not be read',
  'another has it': 'another process writes to it',
  'not as left': 'another process wrote to it, or it was cut or replaced',
};

const SAID = {
  'another has it':
    'another process writes this audit trail: no registration code is issued here until it has ended',
  'not as left':
    'the audit trail is not as this process left it: no registration code is issued here until nobody else has touched it for half a minute',
};

const cannot = (why: string) => new AuditError(`the audit trail cannot be written (${why})`);

const words = (cause: unknown) =>
  cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : 'unknown';

/** A file, or none yet. */
async function isPlain(file: string): Promise<boolean> {
  return (await isFile(file)) || !existsSync(file);
}

const CANNOT_BE_OPENED = 'the audit trail cannot be opened: no registration code will be issued';

/** `undefined` when there are rows that cannot be read. */
async function readEnd(file: string, after: Position | undefined, log: Log) {
  try {
    return await readPast(file, after);
  } catch (error) {
    log.error({ err: error }, CANNOT_BE_OPENED);
    return undefined;
  }
}

/** A row that a power cut left half on disk was never told to anybody as written. */
async function dropHalfRow(file: string, log: Log): Promise<boolean> {
  try {
    if (!(await isFile(file))) return true;
    const { size, whole } = await measure(file);
    if (whole === size) return true;
    log.warn({ bytes: size - whole }, 'half a row at the end of the audit trail is dropped');
    await truncate(file, whole);
    return true;
  } catch (error) {
    log.error({ err: error }, CANNOT_BE_OPENED);
    return false;
  }
}

async function endsInHalfRow(file: string): Promise<boolean> {
  if (!(await isFile(file))) return false;
  const { size, whole } = await measure(file);
  return whole !== size;
}
