import { LOCK_OF, type Locks, type UnlockMethod } from '../securid/index.ts';

/** What RSA's API can unlock, in its terms. */
export const UNLOCKABLE: readonly UnlockMethod[] = ['TOKEN', 'SMS', 'VOICE'];

/** What agents call each method, by the property that says it is locked. */
export const METHOD_NAMES: Record<keyof Locks, string> = {
  isTokenLocked: 'Authenticate OTP',
  isSmsLocked: 'SMS tokencode',
  isVoiceLocked: 'Voice tokencode',
  isApproveLocked: 'Approve',
  isFingerprintLocked: 'Fingerprint',
};

/** The names of the locked methods, as far as SecurID says. */
export const lockedMethods = (locks: Locks): string[] =>
  Object.entries(METHOD_NAMES).flatMap(([lock, name]) =>
    locks[lock as keyof Locks] ? [name] : [],
  );

/** The locked methods that RSA's API can unlock, in its terms. */
export const unlockable = (locks: Locks): UnlockMethod[] =>
  UNLOCKABLE.filter((method) => locks[LOCK_OF[method]]);
