import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Bucket } from '../store/bucket.ts';
import { createAuthLogs } from './auth-logs.ts';
import { createAuthenticators } from './authenticators.ts';
import { createBearer } from './bearer.ts';
import type { Credentials } from './credentials.ts';
import { createEmergencyAccess } from './emergency-access.ts';
import { createFido } from './fido.ts';
import { createHardwareTokens } from './hardware-tokens.ts';
import { createHttp, type OnAnswer } from './http.ts';
import { createLicenseUsage } from './license-usage.ts';
import { DEFAULT_PACE, type Pace } from './pace.ts';
import { createPacing } from './pacing.ts';
import type { Permission } from './permissions.ts';
import { createQueue } from './queue.ts';
import { createRegistrationCodes } from './registration-codes.ts';
import { createRequest } from './request.ts';
import { createUserSearch } from './user-search.ts';
import { createUserStatus } from './user-status.ts';
import { createUserSync } from './user-sync.ts';
import { createUsers } from './users.ts';

export { type NetworkTrouble, networkTroubleIn } from '../http/trouble.ts';
export type { CallOptions } from './api-call.ts';
export { APIS, type Api } from './apis.ts';
export { type AuthEvent, type AuthLog, MOST_AUTH_EVENTS } from './auth-logs.ts';
export type { Authenticators, DeleteRefusal, Device, FidoToken } from './authenticators.ts';
export type { Credentials } from './credentials.ts';
export { readApiKey, readOAuthPrivateKey } from './credentials.ts';
export type {
  EmergencyCode,
  EmergencyRefusal,
  EndEmergencyRefusal,
} from './emergency-access.ts';
export { SecurIDError, type SecurIDErrorCode } from './errors.ts';
export type { FidoRefusal, FidoStatus } from './fido.ts';
export { type HardwareToken, LONGEST_SERIAL } from './hardware-tokens.ts';
export { monthIndex } from './license-months.ts';
export type { UsageMonth } from './license-usage.ts';
export { DEFAULT_PACE, type Pace } from './pace.ts';

export {
  lacks,
  type Permission,
  READ_PERMISSIONS,
  SEPARATE_READ_PERMISSIONS,
} from './permissions.ts';
export type { CodeRefusal, RegistrationCode } from './registration-codes.ts';
export type { TokenRefusal, TokenState } from './token-changes.ts';
export { type FoundUsers, MOST_FOUND } from './user-search.ts';
export type { StatusRefusal, UserStatus } from './user-status.ts';
export type { SyncRefusal } from './user-sync.ts';
export {
  bareUser,
  LOCK_OF,
  type Locks,
  type UnlockMethod,
  type UnlockRefusal,
  type UserDetails,
  type UserKey,
} from './users.ts';

export type SecurIDOptions = {
  credentials: Credentials;
  fetch: typeof globalThis.fetch;
  clock: Clock;
  pace?: Partial<Pace>;
  onAnswer?: OnAnswer;
  /** The bucket that all instances share, if there are several. */
  bucket?: Bucket | undefined;
};

export type SecurID = ReturnType<typeof createSecurID>;

/** The client of one SecurID tenant: one method per documented Cloud Administration API. */
export function createSecurID(options: SecurIDOptions) {
  const { credentials, fetch, clock, pace, onAnswer, bucket } = options;
  const settings = { ...DEFAULT_PACE, ...pace };
  const pacing = createPacing({
    pace: settings,
    clock,
    queue: createQueue(settings.concurrency, settings.queue),
    shared: bucket && { bucket, member: randomUUID() },
  });
  const http = createHttp(fetch, clock, onAnswer);
  const bearer = createBearer(credentials, http, clock);
  const request = createRequest({
    adminApiUrl:
      'apiKey' in credentials
        ? credentials.apiKey.adminRestApiUrl
        : credentials.oauthClient.adminApiUrl,
    http,
    bearer,
    pacing,
    clock,
  });

  return {
    /**
     * Signs or fetches a token. Throws if there is none.
     * @param permission what it is for; by default, the look-ups. Matters to an OAuth client only
     */
    async canSignIn(permission?: Permission): Promise<boolean> {
      return (await bearer.token(permission)) !== '';
    },
    users: {
      ...createUsers(request),
      ...createUserSearch(request),
      ...createUserSync(request),
      ...createUserStatus(request),
    },
    authenticators: createAuthenticators(request),
    authLogs: createAuthLogs(request),
    emergencyAccess: createEmergencyAccess(request),
    registrationCodes: createRegistrationCodes(request),
    hardwareTokens: createHardwareTokens(request),
    fido: createFido(request),
    licenseUsage: createLicenseUsage(request, clock),
    /** How many requests are waiting and under way, and the current rate. */
    pace: pacing.now,
    /** Refuses waiting and new requests. Resolves when none is under way. */
    stop: pacing.stop,
  };
}
