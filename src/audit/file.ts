import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Log } from '../log.ts';
import { forOwnerAlone } from './mode.ts';

/** Somebody else wrote to, cut or replaced the file. */
export class NotAsLeft extends Error {
  override readonly name = 'NotAsLeft';
}

/** Which file it is, and how long. */
export type Look = { ino: number; dev: number; size: number } | undefined;

export const isSame = (a: Look, b: Look) =>
  a?.ino === b?.ino && a?.dev === b?.dev && a?.size === b?.size;

/** A pipe that nobody reads is an error, and does not block. */
const TO_APPEND =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** A file that only this process appends to. Pipes and the like are not checked. */
export function createAppended(file: string, log: Log) {
  let handle: FileHandle | undefined;
  let left: Look;

  const look = async (): Promise<Look> => {
    const there = await stat(file).catch(() => undefined);
    return there && { ino: there.ino, dev: there.dev, size: there.isFile() ? there.size : 0 };
  };

  /** The file that has the name now: it may have been rotated since the last row. */
  async function current(): Promise<FileHandle> {
    const there = await look();
    if (handle) {
      const ours = await handle.stat();
      if (ours.isFile() && ours.size !== left?.size) throw new NotAsLeft();
      if (there?.ino === ours.ino && there.dev === ours.dev) return handle;
    }
    await close();
    const opened = await open(file, TO_APPEND, 0o600);
    try {
      await forOwnerAlone(opened, file, log);
      const { ino, dev, size, isFile } = await found(opened);
      // After rotation there is a new, empty file.
      const expected = ino === left?.ino && dev === left.dev ? left.size : 0;
      if (isFile && size !== expected) throw new NotAsLeft();
      left = { ino, dev, size };
    } catch (error) {
      await opened.close();
      throw error;
    }
    handle = opened;
    return handle;
  }

  async function close(): Promise<void> {
    const old = handle;
    handle = undefined;
    await old?.close().catch(() => {});
  }

  return {
    look,
    close,
    /** Takes the file as it is now as its own. */
    async adopt(as: Look): Promise<void> {
      await close();
      left = as;
    },
    /** Opens the file if nobody has changed it. */
    async ready(): Promise<void> {
      await current();
    },
    /**
     * Appends a line and flushes it to disk, all or nothing: half a row would break the chain.
     * @throws NotAsLeft
     */
    async append(line: string): Promise<void> {
      const to = await current();
      const { size } = await found(to);
      try {
        await to.appendFile(line);
        await to.datasync();
      } catch (error) {
        await to.truncate(size).catch(() => {});
        throw error;
      }
      const now = await found(to);
      if (now.isFile && now.size !== size + Buffer.byteLength(line)) throw new NotAsLeft();
      left = { ino: now.ino, dev: now.dev, size: now.size };
    },
  };
}

async function found(handle: FileHandle) {
  const there = await handle.stat();
  return {
    ino: there.ino,
    dev: there.dev,
    size: there.isFile() ? there.size : 0,
    isFile: there.isFile(),
  };
}
