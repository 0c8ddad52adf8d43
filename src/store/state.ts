import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { type Symptom, see } from '../troubleshooting.ts';
import { createNext } from './next.ts';

/** The state could not be written; the message says why. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly symptom: Symptom = 'the-state-file-cannot-be-written';
}

/**
 * What the file held at the start. `none`: there was no file. `broken`: it could not be read, so its content
 * is lost.
 */
type Found = 'found' | 'none' | 'broken';

/**
 * What must outlive the process, by name, as JSON. Callers check the shape of what they get, since an older
 * version may have written it.
 */
export type State = {
  /** Reads the file; call it once, first. Never throws. */
  open(): Promise<Found>;
  /** The last value under a name, even if it has not reached the disk. */
  get(name: string): unknown;
  /**
   * Sets a value; `undefined` removes it. It is on disk when this resolves.
   * @throws StateError if it is not; `get` returns it anyway, and the next `put` writes it
   */
  put(name: string, value: unknown): Promise<void>;
  /** Sets a value that reaches the disk with the next `put`. */
  remember(name: string, value: unknown): void;
  /**
   * Takes in what another process wrote to the file, as happens while one takes over from the other. Never
   * throws.
   */
  refresh(): Promise<void>;
  /** Writes what `remember` has set. Never throws. */
  close(): Promise<void>;
};

const LOST = see('it-starts-in-lockdown');
const THEIRS_UNREADABLE = 'another process wrote a state that cannot be read';

/** The largest file; more would slow each write. Room for about 20,000 switches. */
const MOST_BYTES = 4 * 1024 * 1024;

const File = z.object({ version: z.literal(1), parts: z.record(z.string(), z.unknown()) });

type Options = {
  file: string;
  log: Log;
  /** Merges a part that two processes wrote; default: this process wins. */
  merge?: (name: string, theirs: unknown, ours: unknown) => unknown;
};

/** A JSON file that is replaced as a whole, so that a crash leaves either the old or the new one. */
export function createState({ file, log, merge = (_, __, ours) => ours }: Options): State {
  const parts = new Map<string, unknown>();
  /** What this process has set since it last read or wrote the file. */
  const changed = new Set<string>();
  /** Which file that was. */
  let seen: string | undefined;
  let dirty = false;
  let last = Promise.resolve();

  const write = createNext(async () => {
    await takeIn();
    const text = JSON.stringify({ version: 1, parts: Object.fromEntries(parts) });
    const written = [...changed];
    changed.clear();
    dirty = false;
    try {
      if (Buffer.byteLength(text) > MOST_BYTES) throw new Error('it would be too long');
      await replace(file, text);
      seen = await markOf(file);
    } catch (cause) {
      for (const name of written) changed.add(name);
      dirty = true;
      throw new StateError(`the state cannot be written (${words(cause)})`);
    }
  });

  /** What another process wrote. If unreadable, this process's own state replaces it. */
  async function takeIn(): Promise<void> {
    const mark = await markOf(file);
    if (mark === undefined || mark === seen) return;
    try {
      for (const [name, theirs] of Object.entries((await read(file, log))?.parts ?? {})) {
        parts.set(name, changed.has(name) ? merge(name, theirs, parts.get(name)) : theirs);
      }
      seen = mark;
    } catch (error) {
      log.warn({ reason: words(error), see: LOST }, THEIRS_UNREADABLE);
    }
  }

  function keep(name: string, value: unknown): void {
    if (value === undefined) parts.delete(name);
    else parts.set(name, value);
    changed.add(name);
    dirty = true;
  }

  return {
    async open() {
      try {
        seen = await markOf(file);
        const found = await read(file, log);
        if (!found) return 'none';
        for (const [name, value] of Object.entries(found.parts)) parts.set(name, value);
        return 'found';
      } catch (error) {
        log.error({ reason: words(error), see: LOST }, 'the state file cannot be read');
        // Kept for a later look; the next write would replace it.
        if (await isFile(file)) await copyFile(file, `${file}.broken`).catch(() => {});
        return 'broken';
      }
    },
    get: (name) => parts.get(name),
    async put(name, value) {
      keep(name, value);
      last = write();
      await last;
    },
    remember: keep,
    refresh: takeIn,
    async close() {
      await last.catch(() => {});
      if (dirty)
        await write().catch((error) => log.error({ err: error }, 'the state was not written'));
    },
  };
}

/** `undefined` if there is no file. First removes other users' permissions. */
async function read(file: string, log: Log): Promise<z.output<typeof File> | undefined> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK, opening a pipe would block.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const there = await handle.stat();
    const { mode, size } = there;
    // A device belongs to everybody, and may have no end.
    if (!there.isFile()) throw new Error(NO_FILE);
    if (size > MOST_BYTES) throw new Error('it is too long');
    if ((mode & 0o077) !== 0) {
      log.warn(
        { mode: (mode & 0o777).toString(8), see: see('others-can-read-a-file') },
        'others could read or write the state file',
      );
      await handle.chmod(0o600);
    }
    return File.parse(JSON.parse(await handle.readFile('utf8')));
  } finally {
    await handle.close();
  }
}

/** Changes when the file is replaced. */
async function markOf(file: string): Promise<string | undefined> {
  const there = await stat(file, { bigint: true }).catch(() => undefined);
  return there && `${there.dev} ${there.ino} ${there.mtimeNs} ${there.size}`;
}

const NO_FILE = 'it is not a file';

/** Reading a pipe would wait for somebody to write. */
const isFile = (path: string) =>
  stat(path).then(
    (there) => there.isFile(),
    () => false,
  );

const NO_FOLDER_SYNC = new Set(['EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM']);

/** Writes beside the file, then renames: within a folder that is all or nothing. */
async function replace(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  // A state beside `/dev/stdout` would look durable but vanish with the container.
  if (folder === '/dev') throw new Error('no state can be kept in /dev');
  const there = await stat(file).catch(() => undefined);
  if (there && !there.isFile()) throw new Error(NO_FILE);
  const temporary = `${file}.new`;
  await withHandle(temporary, 'w', async (handle) => {
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  });
  await rename(temporary, file);
  await withHandle(folder, 'r', (handle) => handle.sync()).catch((error) => {
    // Not all file systems support this.
    if (!NO_FOLDER_SYNC.has(codeOf(error))) throw error;
  });
}

async function withHandle(
  path: string,
  flags: string,
  use: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Without the parser's message, which quotes the file. */
function words(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return 'not written by this app';
  return codeOf(error) || (error instanceof Error ? error.message : 'unknown');
}
