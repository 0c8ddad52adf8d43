import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';
import { cannot } from './audit-error.ts';
import { dropHalfRow, endsInHalfRow, logCannotBeOpened, readEnd } from './end.ts';
import { createAppended, NotAsLeft } from './file.ts';
import type { LongPast } from './past.ts';
import { createPlace } from './place.ts';
import { type Entry, hashOf, type Position, type Row, signedLine } from './row.ts';
import { createSigning } from './signing.ts';

export type WriterOptions = {
  file: string;
  keyFile: string;
  clock: Clock;
  log: Log;
  /** Called with each row once it is on disk, and the SHA-256 of its line. */
  onRow?: ((row: Row, hash: string) => void) | undefined;
  /** Called if a row was not written. */
  onFailure?: (() => void) | undefined;
  /** Called with what happened although its row was not written. */
  onLost?: ((entry: Entry) => void) | undefined;
};

/** Appends signed rows to a file, each with the hash of the one before. Callers must wait for each other. */
export function createWriter(options: WriterOptions) {
  const { file, keyFile, clock, log, onRow, onFailure, onLost } = options;
  const appended = createAppended(file, log);
  const signing = createSigning({ file, keyFile, log });
  const place = createPlace();
  const logFailure = (error: unknown) => logCannotBeOpened(log, error);

  async function put(entry: Entry): Promise<void> {
    const { seq, hash: prev } = place.position();
    const row: Row = { time: new Date(clock.now()).toISOString(), seq: seq + 1, ...entry, prev };
    const line = signedLine(row, await signing.current().catch(noKey));
    await appended.append(`${line}\n`).catch(notWritten);
    const hash = hashOf(line);
    place.took(row, hash);
    onRow?.(row, hash);
  }

  function lost(entry: Entry, error: unknown): false {
    onLost?.(entry);
    log.error(
      { err: error, incident: entry.incident, see: see('the-audit-trail-cannot-be-written') },
      'an audit row was not written',
    );
    return false;
  }

  async function note(entry: Entry): Promise<void> {
    await put(entry).catch((error) => {
      onFailure?.();
      lost(entry, error);
    });
  }

  async function noteUnknown(intent: Row): Promise<void> {
    await note(unknownOutcome(intent));
    const { incident, target } = intent;
    log.warn({ incident, target, see: see('it-was-killed-before-it-had-stopped') }, ENDED_BEFORE);
  }

  return {
    ...{ position: place.position, follow: place.follow, look: appended.look, note, lost },
    fingerprint: signing.fingerprint,
    hadKey: signing.hadKey,
    /** The signing key's; empty if there is none, so that nothing counts as proven. */
    publicKey: () =>
      signing.current().then(
        ({ key }) => key,
        () => '',
      ),
    close: appended.close,
    /**
     * @throws AuditError
     * @throws NotAsLeft if somebody else wrote to the file
     */
    append: (entry: Entry): Promise<void> =>
      put(entry).catch(async (error) => {
        if (!(error instanceof NotAsLeft)) throw error;
        const look = await appended.look();
        if (!(await endsWith(place.position(), file, log))) throw error;
        await appended.adopt(look);
        log.warn(STILL_OURS);
        return put(entry);
      }),
    /** Continues after the last row, whoever wrote it; `undefined` if the trail cannot be read. */
    async goOn(after: Position | undefined): Promise<LongPast | undefined> {
      const isWhole = await dropHalfRow(file, log);
      const look = await appended.look();
      const past = isWhole ? await readEnd(file, after, log) : undefined;
      if (!past) return undefined;
      place.follow(past, after);
      if (past.gap) log.error({ after: after?.seq, see: MISSING }, past.gap);
      await appended.adopt(look);
      await signing.introduce(past, put).catch(logFailure);
      for (const intent of past.withoutOutcome) await noteUnknown(intent);
      await appended.ready().catch(logFailure);
      return past;
    },
  };
}

/** Even if rotation cut or copied it, an unchanged file ends with our last row. */
async function endsWith(last: Position, file: string, log: Log): Promise<boolean> {
  if (await endsInHalfRow(file)) return false;
  const past = await readEnd(file, last, log);
  return past?.end?.seq === last.seq && past.end.hash === last.hash;
}

const noKey = (error: unknown): never => {
  throw cannot(`no key to sign it: ${words(error)}`);
};

const notWritten = (error: unknown): never => {
  throw error instanceof NotAsLeft ? error : cannot(words(error));
};

function unknownOutcome(intent: Row): Entry {
  const { time: _, seq: __, prev: ___, key: ____, sig: _____, ...rest } = intent;
  return { ...rest, event: 'unknown', failure: 'the process ended before an answer' };
}

const MISSING = see('rows-of-the-audit-trail-are-missing');
const STILL_OURS =
  'the audit trail was cut or replaced, and still ends with the row that was written last';
const ENDED_BEFORE =
  'unknown whether a change was made: an earlier process ended before the answer';

const words = (cause: unknown) =>
  cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : 'unknown';
