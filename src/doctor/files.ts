import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { z } from 'zod';
import { createSigner, readPrivateKey, type Signer } from '../audit/key.ts';

/** Whether there is a file or folder of that name. */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** What is there; `undefined` if nothing is, and `hidden` if this user may not look. */
export const lookAt = (path: string) =>
  stat(path).catch((error): 'hidden' | undefined =>
    NOTHING.test(codeOf(error) ?? '') ? undefined : 'hidden',
  );

const NOTHING = /^(ENOENT|ENOTDIR)$/;

/** Why this user may not write to the file, or in the folder: Node's code. Nothing is written. */
export const whyNoWrites = (path: string): Promise<string | undefined> =>
  access(path, constants.W_OK).then(() => undefined, codeOf);

/** Whether this user may read the file. */
export const mayRead = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

/** How much of a folder's disk is free for this user. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The text of a file, as UTF-8. A pipe would be waited for: it throws, without a code. */
export async function readPlain(file: string): Promise<string> {
  const there = await stat(file);
  if (!there.isFile()) throw new Error('it is not a file');
  return readFile(file, 'utf8');
}

const State = z.object({ parts: z.record(z.string(), z.unknown()) });

/** The parts of a state file; `undefined` if this app did not write it. */
export async function partsIn(stateFile: string): Promise<Record<string, unknown> | undefined> {
  try {
    return State.parse(JSON.parse(await readPlain(stateFile))).parts;
  } catch {
    return undefined;
  }
}

/** The key that signs rows. Throws Node's error, or one without a code if it is no such key. */
export const readSigner = async (keyFile: string): Promise<Signer> =>
  createSigner(readPrivateKey(await readPlain(keyFile)));

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;
