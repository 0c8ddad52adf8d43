import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';
import {
  createSigner,
  fingerprint,
  newPrivateKey,
  publicPem,
  readPrivateKey,
  readPublicKeys,
  type Signer,
} from './key.ts';
import { forOwnerAlone } from './mode.ts';

/** Where an operator puts the key for the next start. */
export const nextOf = (keyFile: string) => `${keyFile}.next`;
export const publicOf = (keyFile: string) => `${keyFile}.pub`;

/**
 * Reads the signing key, or makes one, with its public part beside it.
 * @throws Error that says why there is no key
 */
export async function openKey(keyFile: string, log: Log): Promise<Signer> {
  const there = await readKey(keyFile, log);
  if (there) {
    await keepPublicPart(keyFile, there, log);
    return there;
  }
  const pem = newPrivateKey().export({ format: 'pem', type: 'pkcs8' }).toString();
  const isOurs = await writeOnce(keyFile, pem);
  const signer = await readKey(keyFile, log);
  if (!signer) throw new Error('it vanished');
  await keepPublicPart(keyFile, signer, log);
  if (isOurs) {
    log.warn(
      {
        file: keyFile,
        fingerprint: fingerprint(signer.key),
        see: see('a-new-key-signs-the-audit-trail'),
      },
      'a new key signs the audit trail from here on: keep its public part and its fingerprint elsewhere',
    );
  }
  return signer;
}

/** The next key, if there is one. */
export const nextKey = (keyFile: string, log: Log) => readKey(nextOf(keyFile), log);

/** Makes the next key the current one. */
export async function takeOver(keyFile: string, signer: Signer, log: Log): Promise<void> {
  await rename(nextOf(keyFile), keyFile);
  await keepPublicPart(keyFile, signer, log);
}

async function readKey(file: string, log: Log): Promise<Signer | undefined> {
  try {
    // Without O_NONBLOCK, opening a pipe would block.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) throw new Error('it is not a file');
      await forOwnerAlone(handle, file, log);
      return createSigner(readPrivateKey(await handle.readFile('utf8')));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes all or nothing. @returns whether it is new */
async function writeOnce(file: string, text: string): Promise<boolean> {
  const temporary = `${file}.${randomUUID()}.new`;
  try {
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, file);
    return true;
  } catch (error) {
    // Another process was faster.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The public key, for checking the trail. */
async function keepPublicPart(keyFile: string, { key }: Signer, log: Log): Promise<void> {
  const file = publicOf(keyFile);
  const pem = publicPem(key);
  try {
    const kept = await readFile(file, 'utf8').catch(() => '');
    if (kept === pem) return;
    // Older rows need the older key.
    for (const old of readPublicKeys(kept)) await rename(file, `${file}.${fingerprint(old)}`);
    const handle = await open(file, 'w', 0o644);
    try {
      await handle.writeFile(pem);
    } finally {
      await handle.close();
    }
  } catch (error) {
    log.warn(
      { err: error, file, see: see('the-audit-trail-cannot-be-written') },
      'the public key of the audit trail could not be written',
    );
  }
}
