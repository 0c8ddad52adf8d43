import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';
import { createAside, type Why } from './aside.ts';
import { cannot } from './audit-error.ts';
import { isPlain, logCannotBeOpened, readEnd } from './end.ts';
import type { Event } from './events.ts';
import { NotAsLeft } from './file.ts';
import type { LongPast, Past } from './past.ts';
import { createPresence } from './presence.ts';
import { createProof } from './proof.ts';
import type { Entry, Position } from './row.ts';
import { type Found, search } from './search.ts';
import { createWriter, type WriterOptions } from './writer.ts';

export type Audit = {
  /**
   * Continues the trail, and closes intents that an earlier process left open. Reads only the rows after
   * `after`, or the last thousand, rotated files included.
   */
  open(from?: { after?: Position | undefined }): Promise<Past>;
  /** Where the trail ends now; for `open` at a later start. */
  position(): Position;
  /** Resolves once every row is on disk or has failed. */
  settled(): Promise<void>;
  /** The fingerprint of the signing key, once there is one. It tells trails apart. */
  fingerprint(): string | undefined;
  /**
   * All rows with these events, oldest first, from this file and its rotated files. Reads all of them, so a
   * long trail takes a while.
   */
  search(events: Event[]): Promise<Found>;
  /**
   * Adds a row and flushes it to disk.
   * @throws AuditError if the disk failed or another process writes this trail; then the row does not count
   */
  write(entry: Entry): Promise<void>;
  /** Adds a row; a failure is only logged. @returns whether it is on disk */
  note(entry: Entry): Promise<boolean>;
  close(): Promise<void>;
};

type Options = Omit<WriterOptions, 'keyFile'> & {
  /** The Ed25519 key in PEM that signs rows; made if there is none. Default: beside the trail. */
  keyFile?: string | undefined;
  /** Called, when this process takes over, with the rows that another wrote. */
  onOthers?: ((past: Past) => void) | undefined;
};

/**
 * The audit trail: signed JSON lines, each with the hash of the one before. When the file is moved away, a new
 * one continues its chain.
 */
export function createAudit(options: Options): Audit {
  const { file, keyFile = `${file}.key`, log, onFailure } = options;
  const writer = createWriter({ ...options, keyFile });
  const { inTurn, settled } = createTurns();
  const presence = createPresence(`${file}.lock`);
  const aside = createAside({ ...options, look: writer.look, inTurn, takeOver });
  const proven = (past: LongPast) => withProof(past, writer);

  async function goOn(after: Position | undefined): Promise<LongPast | undefined> {
    const past = await writer.goOn(after);
    if (past) aside.end();
    else aside.cannotRead();
    return past;
  }

  /** Goes on where the other ended. */
  async function takeOver(): Promise<void> {
    try {
      if (await presence.isTaken()) return;
      const from = writer.position();
      const past = await goOn(from);
      if (!past) return;
      log.warn({ from: from.seq, to: writer.position().seq }, TAKEN_OVER);
      options.onOthers?.(await proven(past));
      await writer.note({ event: 'taken over', reason: past.gap, incident: 'audit trail' });
    } catch (error) {
      logCannotBeOpened(log, error);
    }
  }

  async function append(entry: Entry): Promise<void> {
    if (aside.why() === 'another has it') await takeOver();
    const why = aside.why();
    if (why) throw cannot(ASIDE[why]);
    try {
      await writer.append(entry);
    } catch (error) {
      if (!(error instanceof NotAsLeft)) throw error;
      aside.step('not as left');
      throw cannot(ASIDE['not as left']);
    }
  }

  const failed = (error: unknown): never => {
    onFailure?.();
    throw error;
  };
  const write = (entry: Entry): Promise<void> => inTurn(() => append(entry).catch(failed));

  async function begin(after: Position | undefined): Promise<Past> {
    let past: LongPast | undefined;
    if ((await isPlain(file)) && (await presence.isTaken())) {
      past = await readEnd(file, after, log);
      if (past) writer.follow(past);
      aside.step('another has it');
    } else past = await goOn(after);
    return past ? proven(past) : UNREADABLE;
  }

  return {
    open: ({ after } = {}) => inTurn(() => begin(after)),
    ...{ position: writer.position, fingerprint: writer.fingerprint, settled, write },
    async search(events) {
      if (aside.why() === 'cannot be read') return { rows: [], isProven: () => false };
      return searchAll(file, events, await writer.publicKey(), log);
    },
    note: (entry) =>
      write(entry).then(
        () => true,
        (error) => writer.lost(entry, error),
      ),
    async close() {
      aside.stop();
      await settled();
      aside.stop();
      await writer.close();
      await presence.release();
    },
  };
}

/** Runs one after the other, even if the one before failed. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    inTurn<T>(run: () => Promise<T>): Promise<T> {
      const done = last.then(run);
      last = done.catch(() => {});
      return done;
    },
    settled: async () => void (await last),
  };
}

/** What cannot be read is logged and left out. */
async function searchAll(file: string, events: Event[], key: string, log: Log): Promise<Found> {
  const { unread, ...found } = await search(file, new Set(events), key);
  for (const { error, file } of unread) {
    log.error({ err: error, file, see: see('rows-of-the-audit-trail-are-missing') }, NOT_SEARCHED);
  }
  return found;
}

/** The rows that were read, and which of them are signed with this trail's key. */
async function withProof(
  { read, end, gap, isCutShort }: LongPast,
  { hadKey, publicKey }: Pick<ReturnType<typeof createWriter>, 'hadKey' | 'publicKey'>,
): Promise<Past> {
  const rows = read.map(({ row }) => row);
  const isProven = createProof(read, await publicKey());
  return { rows, end, gap, isCutShort, hadKey, isProven };
}

const UNREADABLE: Past = {
  rows: [],
  end: undefined,
  gap: 'the audit trail could not be read',
  isCutShort: false,
  hadKey: true,
  isProven: () => false,
};

const ASIDE: Record<Why, string> = {
  'cannot be read': 'it could not be read',
  'another has it': 'another process writes to it',
  'not as left': 'another process wrote to it, or it was cut or replaced',
};

const NOT_SEARCHED = 'not all of this file of the audit trail could be read';
const TAKEN_OVER = 'this process writes the audit trail now';
