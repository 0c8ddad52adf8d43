import type { Device, User } from './tenant/records.ts';

/** A user's state in the tenant, in the words of their card. */
export function userState(user: User, devices: Device[]): string[] {
  const owned = devices.filter(({ userId, browser }) => userId === user.id && !browser).length;
  return [
    user.userStatus === 'Disabled' && 'disabled',
    user.markDeleted && 'pending deletion',
    user.emergencyAccessStatus === 'Enabled' && 'emergency access',
    user.isTokenLocked && 'OTP locked',
    user.isSmsLocked && 'SMS locked',
    user.isVoiceLocked && 'voice locked',
    user.isApproveLocked && 'Approve locked',
    user.isFingerprintLocked && 'fingerprint locked',
    owned > 0 && (owned === 1 ? '1 device' : `${owned} devices`),
  ].filter((word) => word !== false);
}
