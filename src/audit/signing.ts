import { existsSync } from 'node:fs';
import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';
import { createSigner, fingerprint, newPrivateKey, type Signer } from './key.ts';
import { nextKey, nextOf, openKey, publicOf, takeOver } from './key-file.ts';
import { isFile } from './lines.ts';
import type { LongPast } from './past.ts';
import type { Entry } from './row.ts';

type Wiring = {
  file: string;
  keyFile: string;
  log: Log;
};

/** What all rows about keys have in common. */
const INCIDENT = 'audit key';

/** The key that signs rows, and the rows about it. */
export function createSigning({ file, keyFile, log }: Wiring) {
  let signer: Signer | undefined;
  const hadKey = existsSync(publicOf(keyFile));

  /** Looks again for a key that was missing at the start. */
  async function current(): Promise<Signer> {
    signer ??= (await isPipe(file)) ? createSigner(newPrivateKey()) : await openKey(keyFile, log);
    return signer;
  }

  return {
    current,
    /** Whether an earlier process had a key: it left the public part. */
    hadKey,
    /** The key's fingerprint; `undefined` before there is a key. */
    fingerprint: () => signer && fingerprint(signer.key),
    /** Before anything else is signed, records a new key. */
    async introduce(
      { end, signedBy }: Pick<LongPast, 'end' | 'signedBy'>,
      put: (entry: Entry) => Promise<void>,
    ): Promise<void> {
      const { key } = await current();
      const next = await nextKey(keyFile, log).catch((error) => {
        log.error(
          { err: error, file: nextOf(keyFile), see: see('a-new-key-signs-the-audit-trail') },
          NEXT_UNUSABLE,
        );
        return undefined;
      });
      if (next) {
        if (next.key !== key) {
          await put({ event: 'key replaced', newKey: next.key, incident: INCIDENT });
        }
        await takeOver(keyFile, next, log);
        signer = next;
        log.warn({ fingerprint: fingerprint(next.key) }, 'a new key signs the audit trail');
        return;
      }
      if (!end || signedBy === key) return;
      const reason = signedBy ? KEY_LOST : NOT_SIGNED;
      if (signedBy) {
        log.error(
          { fingerprint: fingerprint(key), see: see('a-new-key-signs-the-audit-trail') },
          KEY_LOST,
        );
      }
      await put({ event: 'key introduced', incident: INCIDENT, reason });
    },
  };
}

const NEXT_UNUSABLE = 'the new key cannot be used: the old one keeps signing';
const NOT_SIGNED = 'earlier rows are from a version that did not sign';
const KEY_LOST = 'earlier rows are signed by another key, which did not introduce this one';

/** No key can be kept beside these, so one is made for the life of the process. */
async function isPipe(file: string): Promise<boolean> {
  return existsSync(file) && !(await isFile(file));
}
