import type { LicenseMonth } from './records.ts';

/** Oldest first: licenses used, users with FIDO authenticators, SMS and voice, active users. */
const FIGURES: [number, number, number, number][] = [
  [1010, 96, 612, 987],
  [1021, 103, 598, 1002],
  [1034, 109, 605, 1011],
  [1040, 121, 571, 1018],
  [1052, 128, 533, 996],
  [1061, 137, 520, 1009],
  [1073, 149, 547, 1046],
  [1085, 158, 529, 1063],
  [1092, 167, 511, 1071],
  [1104, 176, 462, 1058],
  [1118, 189, 494, 1097],
  [1129, 201, 471, 1121],
  [1137, 212, 438, 1094],
];

/** The month of `now` and the 12 before it, consistent with the figures of `tenantRecords()`. */
export function licenseMonths(now: number, lastUpdatedAt: string): LicenseMonth[] {
  const today = new Date(now);
  const startOf = (index: number) =>
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + index + 1 - FIGURES.length);

  return FIGURES.map(([licenses, fido, sent, active], index) => ({
    mfaLicensesUsed: licenses,
    usersWithThirdPartyFidoAuthenticators: fido,
    smsAndVoiceTokencodesSent: sent,
    activeUsers: active,
    lastUpdatedAt:
      index === FIGURES.length - 1 ? lastUpdatedAt : new Date(startOf(index + 1) - 1).toISOString(),
    month: new Date(startOf(index)).toISOString().slice(0, 7),
  }));
}
