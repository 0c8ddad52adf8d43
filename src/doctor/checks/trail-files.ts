import { dirname, resolve } from 'node:path';
import { rotatedOf } from '../../audit/files.ts';
import { fingerprint } from '../../audit/key.ts';
import { publicOf } from '../../audit/key-file.ts';
import { isHeld } from '../../audit/presence.ts';
import { codeOf, isThere, lookAt, mayRead, partsIn, readSigner, whyNoWrites } from '../files.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';

const AREA = 'Audit trail';

/** The file, or the folder where it will be created. */
export const trailFile: Check = {
  area: AREA,
  name: 'AUDIT_FILE',
  async run({ config: { auditFile } }) {
    const there = await lookAt(auditFile);
    if (there === 'hidden') return [anothers('AUDIT_FILE', auditFile, 'seen')];
    const path = resolve(auditFile);
    if (!there) {
      const found = await whereMade('AUDIT_FILE', auditFile);
      return [
        rotatedOf(auditFile).length > 0 && found.result === 'ok'
          ? ok('AUDIT_FILE', `${path}, rotated`)
          : found,
      ];
    }
    if (there.isDirectory()) {
      return [
        failed('AUDIT_FILE', `${path} is a folder: no change will be made`, {
          remedy: 'Use a file in it.',
          symptom: 'the-audit-trail-cannot-be-written',
        }),
      ];
    }
    if (!there.isFile()) {
      return [
        warning('AUDIT_FILE', `${path} is not a file: what is written there cannot be read back`, {
          remedy: 'Use a file on a persistent disk: limits and blocks are read from it.',
        }),
      ];
    }
    const held = (await isHeld(`${auditFile}.lock`)) ? ', written by a running instance' : '';
    return [await fileLine('AUDIT_FILE', auditFile, there.mode, held)];
  },
};

/** What must outlive a restart. */
export const stateFile: Check = {
  area: AREA,
  name: 'STATE_FILE',
  async run({ config }) {
    const { stateFile, auditFile, auditKeyFile } = config;
    const there = await lookAt(stateFile);
    if (there === 'hidden') return [anothers('STATE_FILE', stateFile, 'seen')];
    const hadLife = (await isThere(auditFile)) || (await isThere(publicOf(auditKeyFile)));
    // Writing there would seem to work, and nothing would be kept.
    if (dirname(resolve(stateFile)) === '/dev' || (there && !there.isFile())) {
      return [
        failed('STATE_FILE', `no state can be kept at ${resolve(stateFile)}`, {
          remedy: 'Set STATE_FILE to a file on a persistent disk.',
          symptom: 'the-state-file-cannot-be-written',
        }),
      ];
    }
    if (!there) {
      const made = await whereMade('STATE_FILE', stateFile);
      return [made.result === 'ok' && hadLife ? lost('is gone') : made];
    }
    if (!(await mayRead(stateFile))) return [anothers('STATE_FILE', stateFile, 'read')];
    const state = await partsIn(stateFile);
    if (state === undefined) return [lost('cannot be read')];
    // It is written beside the file, and then takes its name.
    const made = await whereMade('STATE_FILE', stateFile);
    return [made.result === 'ok' ? await fileLine('STATE_FILE', stateFile, there.mode) : made];
  },
};

const lost = (what: string): Finding =>
  failed('STATE_FILE', `${what}: the next start will be in lockdown`, {
    remedy: 'Restore it from a backup, or have an approver check the trail and lift the lockdown.',
    symptom: 'it-starts-in-lockdown',
  });

/** The key that signs the rows. */
export const keyFile: Check = {
  area: AREA,
  name: 'AUDIT_KEY_FILE',
  async run({ config: { auditKeyFile } }) {
    const there = await lookAt(auditKeyFile);
    if (there === 'hidden') return [anothers('AUDIT_KEY_FILE', auditKeyFile, 'seen')];
    if (!there) {
      if (!(await isThere(publicOf(auditKeyFile))))
        return [await whereMade('AUDIT_KEY_FILE', auditKeyFile)];
      return [
        warning('AUDIT_KEY_FILE', 'is gone: a new key will sign from the next start on', {
          remedy: 'Put the key back. If it was stolen, keep a copy of the trail as it is now.',
          symptom: 'a-new-key-signs-the-audit-trail',
        }),
      ];
    }
    if (!(await mayRead(auditKeyFile))) return [anothers('AUDIT_KEY_FILE', auditKeyFile, 'read')];
    try {
      const { key } = await readSigner(auditKeyFile);
      const more = `, fingerprint ${fingerprint(key)}`;
      // It is only read, so it may be a mounted secret.
      return [modeLine('AUDIT_KEY_FILE', auditKeyFile, there.mode, more)];
    } catch (error) {
      const code = codeOf(error);
      const why =
        code === undefined ? 'holds no Ed25519 private key in PEM' : `cannot be read (${code})`;
      return [
        failed('AUDIT_KEY_FILE', `${resolve(auditKeyFile)} ${why}: no change will be made`, {
          remedy: 'Put the right key there, and let the user that runs the app read it.',
          symptom: 'the-audit-trail-cannot-be-written',
        }),
      ];
    }
  },
};

/** What another user may perhaps see. */
const anothers = (name: string, file: string, done: 'seen' | 'read' | 'written'): Finding =>
  failed(name, `${resolve(file)} cannot be ${done} by this user`, {
    remedy: 'Run the doctor as the user that runs the app, or give that user the file.',
    symptom: 'the-audit-trail-cannot-be-written',
  });

async function fileLine(name: string, file: string, mode: number, more = ''): Promise<Finding> {
  const path = resolve(file);
  const why = await whyNoWrites(file);
  if (why === 'EROFS') return readOnly(name, `${path} cannot be written`);
  if (why !== undefined) return anothers(name, file, 'written');
  return modeLine(name, file, mode, more);
}

function modeLine(name: string, file: string, mode: number, more: string): Finding {
  const path = resolve(file);
  if ((mode & 0o077) === 0) return ok(name, `${path}${more}`);
  return warning(name, `${path}: others can read or write it (mode ${octal(mode)})`, {
    remedy: 'Set its mode to 0600. The next start does this, if it is allowed to.',
    symptom: 'others-can-read-a-file',
  });
}

/** A missing file is created at the first start. */
async function whereMade(name: string, file: string): Promise<Finding> {
  const folder = dirname(resolve(file));
  const why = await whyNoWrites(folder);
  const says = `${resolve(file)} cannot be created`;
  if (why === undefined) return ok(name, `${resolve(file)} will be created`);
  if (why === 'EROFS') return readOnly(name, says);
  const hasFolder = why !== 'ENOENT';
  const where = hasFolder ? 'this user may not write there' : 'there is no such folder';
  return failed(name, `${says}: ${where}`, {
    remedy: `${hasFolder ? 'Let' : `Create ${folder}, and let`} the user that runs the app write there.`,
    symptom: 'the-audit-trail-cannot-be-written',
  });
}

const readOnly = (name: string, says: string): Finding =>
  failed(name, `${says}: the file system is read-only`, {
    remedy: 'Use a file on a writable volume, or mount this one read-write.',
    symptom: 'the-audit-trail-cannot-be-written',
  });

const octal = (mode: number) => (mode & 0o777).toString(8);
