/** The tenant's data. A test may change it in place, from the next request on. */
export type TenantRecords = {
  companyId: string;
  /** Whether the company is licensed for SecurID multifactor authentication. */
  licensed: boolean;
  users: User[];
  /** What the directory says of users, those whom the tenant has not synchronized yet among them. */
  directory?: User[];
  devices: Device[];
  fidoTokens: FidoToken[];
  tokens: HardwareToken[];
  /** The sign-in events of all users. */
  authLogs?: LogEvent[];
  licenseUsage: LicenseUsage;
  /** Undefined if the tenant has no License Usage API v2. */
  licenseMonths: LicenseMonth[] | undefined;
  /** How long a registration code lives, in milliseconds; five minutes by default. */
  codeLifetime?: number;
};

type Status = 'Enabled' | 'Disabled';

/** User Details API. Optional properties are absent from many answers. */
export type User = {
  id: string;
  emailAddress: string;
  firstName: string;
  lastName: string;
  creationDate: string;
  identitySource: string;
  userStatus: Status;
  highRiskUser: boolean;
  markDeleted: boolean;
  markDeletedAt: string | null;
  markDeletedBy: string | null;
  isTokenLocked: boolean;
  isSmsLocked: boolean;
  isVoiceLocked: boolean;
  isFingerprintLocked: boolean;
  isApproveLocked: boolean;
  lastSyncTime: string;
  smsNumber?: string;
  voiceNumber?: string;
  emergencyAccessStatus: Status;
  offlineEmergencyAccessStatus: Status;
  emergencyTokencodeId: string | null;
  emergencyTokencodeExpiration: string | null;
  emergencyTokencodeLastUse: string | null;
  emergencyTokencodeOneTimeUse?: boolean;
  offlineEmergencyTokencodeExpiration: string | null;
  monthLastAuthenticated: string | null;
  principalUsername: string;
  alternateUsername: string;
  primaryUniqueIdentifier: string;
  secondaryUniqueIdentifier?: string;
  lastSuccessfulAuthenticationMethod?: string;
  lastSuccessfulAuthenticationDate?: string;
  identitySourceSpecificGroups?: string[];
  globalGroups?: string[];
};

/** A phone, a computer or a browser: `devices` of the Authenticator Details API v2. */
export type Device = {
  id: string;
  name: string;
  userId: string;
  deviceType: string;
  registeredDate: string;
  capabilities: string | null;
  browser: boolean;
};

/** `fidoTokens` of the Authenticator Details API v2. */
export type FidoToken = {
  id: string;
  name: string;
  userId: string;
  deviceType: string;
  registeredDate: string;
  status: Status;
};

/** `sidTokens` of the Authenticator Details API v2; the last two belong to a DS100. */
export type HardwareToken = {
  id: string;
  name: string | null;
  userId: string | null;
  deviceType: string;
  registeredDate: string | null;
  tokenSerialNumber: string;
  updatedAt: string;
  tokenState: 'Unassigned' | 'Activation Pending' | 'Activated';
  expiryDate: string | null;
  tokenStatus: Status;
  assignedAt: string | null;
  assignedBy: string | null;
  pinSet: boolean;
  tokenStatusChangedAt: string | null;
  tokenStatusChangedBy: string | null;
  tokenStatusReason?: string | null;
  deviceSerialNumber?: string;
};

/**
 * Retrieve Authentication Audit Logs API, whose page shows no example; the names are those of RSA's
 * public clients. The codes: https://community.rsa.com/s/article/ka4PO00000020jtYAA
 */
export type LogEvent = {
  eventId: string;
  eventLogDate: string;
  eventType: string;
  eventLevel: string;
  eventCategory: string;
  userId: string;
  sourceIPAddress: string | null;
  eventCode: number;
  eventDescription: string;
  application: string | null;
  method: string | null;
  deviceName: string | null;
};

/** RSA leaves a figure empty if it has not counted it. */
type Figure = number | null;

/** License Usage API v1. */
type LicenseUsage = {
  mfaLicensesUsed: Figure;
  usersWithThirdPartyFidoAuthenticators: Figure;
  smsAndVoiceTokencodesSent: Figure;
  monthOfSmsAndVoiceTokencodesSent: Figure;
  lastUpdated: string;
  activeUsersThisMonth: Figure;
  monthOfActiveUsersThisMonth: Figure;
  activeUsersLastMonth: Figure;
  monthOfActiveUsersLastMonth: Figure;
};

/**
 * One month of the License Usage API v2. The format of `month` is undocumented; here it is `2026-03`:
 * https://community.rsa.com/s/article/Cloud-Administration-Retrieve-License-Usage-API-Version-2-80341e52
 */
export type LicenseMonth = {
  mfaLicensesUsed: Figure;
  usersWithThirdPartyFidoAuthenticators: Figure;
  smsAndVoiceTokencodesSent: Figure;
  activeUsers: Figure;
  lastUpdatedAt: string;
  month: string;
};
