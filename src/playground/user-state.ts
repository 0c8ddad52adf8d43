import type { User } from './tenant/records.ts';

/** A user's state in the tenant, in the words of their card. */
export const userState = (user: User): string[] =>
  [
    user.userStatus === 'Disabled' && 'disabled',
    user.markDeleted && 'pending deletion',
    user.emergencyAccessStatus === 'Enabled' && 'emergency access',
    user.isTokenLocked && 'OTP locked',
    user.isSmsLocked && 'SMS locked',
    user.isVoiceLocked && 'voice locked',
    user.isApproveLocked && 'Approve locked',
    user.isFingerprintLocked && 'fingerprint locked',
  ].filter((word) => word !== false);
