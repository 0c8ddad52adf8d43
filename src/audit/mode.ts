import type { FileHandle } from 'node:fs/promises';
import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';

/** Removes other users' permissions on a file, or logs that it could not. */
export async function forOwnerAlone(handle: FileHandle, file: string, log: Log): Promise<void> {
  const there = await handle.stat();
  if (!there.isFile() || (there.mode & 0o077) === 0) return;
  const mode = (there.mode & 0o777).toString(8);
  try {
    await handle.chmod(0o600);
    log.warn(
      { file, mode, see: see('others-can-read-a-file') },
      'others could read or write this file; only its owner can now',
    );
  } catch (error) {
    log.error(
      { err: error, file, mode, see: see('others-can-read-a-file') },
      'others can read or write this file: set its mode to 0600',
    );
  }
}
