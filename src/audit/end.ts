import { existsSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';
import { isFile, measure } from './lines.ts';
import { type LongPast, readPast } from './past.ts';
import type { Position } from './row.ts';

export function logCannotBeOpened(log: Log, error: unknown): void {
  const place = { see: see('the-audit-trail-cannot-be-written') };
  log.error({ err: error, ...place }, 'the audit trail cannot be opened: no change will be made');
}

/** The file, if it exists yet. */
export async function isPlain(file: string): Promise<boolean> {
  return (await isFile(file)) || !existsSync(file);
}

/** `undefined` if some rows cannot be read. */
export async function readEnd(
  file: string,
  after: Position | undefined,
  log: Log,
): Promise<LongPast | undefined> {
  try {
    return await readPast(file, after);
  } catch (error) {
    logCannotBeOpened(log, error);
    return undefined;
  }
}

/** A row cut in half by a power failure was never reported as written. */
export async function dropHalfRow(file: string, log: Log): Promise<boolean> {
  try {
    if (!(await isFile(file))) return true;
    const { size, whole } = await measure(file);
    if (whole === size) return true;
    log.warn(
      { bytes: size - whole, see: see('it-was-killed-before-it-had-stopped') },
      'dropped half a row from the end of the audit trail',
    );
    await truncate(file, whole);
    return true;
  } catch (error) {
    logCannotBeOpened(log, error);
    return false;
  }
}

export async function endsInHalfRow(file: string): Promise<boolean> {
  if (!(await isFile(file))) return false;
  const { size, whole } = await measure(file);
  return whole !== size;
}
