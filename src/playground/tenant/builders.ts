import { createHash } from 'node:crypto';
import { licenseMonths } from './license-months.ts';
import type { Device, FidoToken, HardwareToken, LogEvent, TenantRecords, User } from './records.ts';

const REGISTERED = '2025-02-03T08:15:30.045Z';
const EXPIRES = '2035-01-31T00:00:00.000Z';
const COUNTED = '2026-03-04T05:06:07.089Z';
const HELP_DESK = 'jonas@acme.test';

/** A company without users, unless told otherwise. */
export function tenantRecords(overrides: Partial<TenantRecords> = {}): TenantRecords {
  return {
    companyId: 'acme',
    licensed: true,
    users: [],
    devices: [],
    fidoTokens: [],
    tokens: [],
    licenseUsage: {
      mfaLicensesUsed: 1137,
      usersWithThirdPartyFidoAuthenticators: 212,
      smsAndVoiceTokencodesSent: 438,
      monthOfSmsAndVoiceTokencodesSent: 3,
      lastUpdated: COUNTED,
      activeUsersThisMonth: 1094,
      monthOfActiveUsersThisMonth: 3,
      activeUsersLastMonth: 1121,
      monthOfActiveUsersLastMonth: 2,
    },
    licenseMonths: licenseMonths(Date.parse(COUNTED), COUNTED),
    ...overrides,
  };
}

/** The id is derived from the e-mail address, so that a user has the same one in every test. */
export function user(overrides: Partial<User> & Pick<User, 'emailAddress'>): User {
  const { emailAddress } = overrides;
  const name = emailAddress.slice(0, emailAddress.indexOf('@'));
  return {
    id: uuid(emailAddress),
    firstName: name.charAt(0).toUpperCase() + name.slice(1),
    lastName: 'Example',
    creationDate: '2024-05-06T07:08:09.010Z',
    identitySource: 'Acme Directory',
    userStatus: 'Enabled',
    highRiskUser: false,
    markDeleted: false,
    markDeletedAt: null,
    markDeletedBy: null,
    isTokenLocked: false,
    isSmsLocked: false,
    isVoiceLocked: false,
    isFingerprintLocked: false,
    isApproveLocked: false,
    lastSyncTime: '2026-03-03T22:00:00.123Z',
    emergencyAccessStatus: 'Disabled',
    offlineEmergencyAccessStatus: 'Disabled',
    emergencyTokencodeId: null,
    emergencyTokencodeExpiration: null,
    emergencyTokencodeLastUse: null,
    offlineEmergencyTokencodeExpiration: null,
    monthLastAuthenticated: 'Feb 2026',
    principalUsername: name,
    alternateUsername: '',
    primaryUniqueIdentifier: uuid(`${emailAddress} in the directory`),
    ...overrides,
  };
}

/** For directories without a usable mail attribute: the e-mail address is the UPN. */
export const userByUpn = (upn: string, overrides: Partial<User> = {}): User =>
  user({ emailAddress: upn, principalUsername: upn, ...overrides });

/** An event of a user's sign-ins. */
export function logEvent(
  overrides: Partial<LogEvent> &
    Pick<LogEvent, 'userId' | 'eventCode' | 'eventDescription' | 'eventLogDate'>,
): LogEvent {
  const { userId, eventCode, eventLogDate } = overrides;
  return {
    // 19 digits, more than a number in JavaScript keeps.
    eventId: `1${numericId(`${userId} ${eventCode} ${eventLogDate}`).padStart(18, '0')}`,
    eventType: 'USER',
    eventLevel: 'notice',
    eventCategory: 'Authentication',
    sourceIPAddress: '198.51.100.7',
    application: 'Acme VPN',
    method: null,
    deviceName: null,
    ...overrides,
  };
}

type Owned<T> = Partial<T> & { userId: string };

export function phone(overrides: Owned<Device>): Device {
  const name = overrides.name ?? 'iPhone';
  return {
    id: numericId(`${overrides.userId} ${name}`),
    name,
    deviceType: 'iOS 18.3',
    registeredDate: REGISTERED,
    capabilities: 'FCAM,BCAM,ACC,FINGERPRINT',
    browser: false,
    ...overrides,
  };
}

export function browser(overrides: Owned<Device>): Device {
  return phone({
    name: 'Chrome_133.0.6943.54_1739347200123',
    deviceType: 'Chrome 133.0.6943.54',
    capabilities: null,
    browser: true,
    ...overrides,
  });
}

export function fidoKey(overrides: Owned<FidoToken>): FidoToken {
  const name = overrides.name ?? 'Security key';
  return {
    id: createHash('sha512').update(`${overrides.userId} ${name}`).digest('base64url'),
    name,
    deviceType: 'FIDO Token',
    registeredDate: '2025-02-03T08:15:30.000Z',
    status: 'Enabled',
    ...overrides,
  };
}

/** Unassigned without a `userId`, activated with one. */
export function sid700(
  overrides: Partial<HardwareToken> & Pick<HardwareToken, 'tokenSerialNumber'>,
): HardwareToken {
  const assigned = Boolean(overrides.userId);
  return {
    id: uuid(`token ${overrides.tokenSerialNumber}`),
    name: assigned ? overrides.tokenSerialNumber : null,
    userId: null,
    deviceType: 'RSA SecurID 700',
    registeredDate: assigned ? REGISTERED : null,
    updatedAt: '2025-02-03T08:16:31.046Z',
    tokenState: assigned ? 'Activated' : 'Unassigned',
    expiryDate: EXPIRES,
    tokenStatus: 'Enabled',
    assignedAt: assigned ? REGISTERED : null,
    assignedBy: assigned ? HELP_DESK : null,
    pinSet: assigned,
    tokenStatusChangedAt: null,
    tokenStatusChangedBy: null,
    ...overrides,
  };
}

/**
 * Without an expiry date, and with the string " null" where nothing changed: Authenticator Details API v2.
 */
export function ds100(overrides: Parameters<typeof sid700>[0]): HardwareToken {
  return sid700({
    deviceType: 'SecurID DS100',
    expiryDate: null,
    tokenStatusReason: null,
    tokenStatusChangedAt: ' null',
    tokenStatusChangedBy: ' null',
    deviceSerialNumber: overrides.tokenSerialNumber.slice(1, 10),
    ...overrides,
  });
}

function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}

function numericId(name: string): string {
  return String(createHash('sha256').update(name).digest().readUInt32BE(0));
}
