import { z } from 'zod';
import type { CallOptions, ReasonOf, Refusals, SendRequest } from './api-call.ts';
import { aboutUser } from './users.ts';
import { flag, id, moment, text } from './wire.ts';

/** How long the code is valid and how often it works, in RSA's words. */
const Settings = z.object({ expiryValue: text, expiryUnit: text, oneTimeUse: flag });

const EmergencyCode = z.object({
  /** Undocumented in this answer. */
  id: text,
  userId: text,
  emergencyTokencodeId: text,
  /** Any visible characters: RSA does not say which. Anything else must not be read out to a caller. */
  emergencyTokencode: id.refine((code) => /^[\x21-\x7e]{4,64}$/.test(code), 'is no code'),
  expirationDate: moment,
  offlineExpirationDate: moment,
  oneTimeUse: flag,
  /** The tenant has locked its settings: it ignores what was asked for. */
  configurationsLocked: flag,
  configurationsUsed: Settings.nullish().catch(undefined),
});

export type EmergencyCode = Omit<z.output<typeof EmergencyCode>, 'id' | 'userId'>;

/**
 * RSA's page lists no reasons. A 400 about the number of properties or the user's id is this app's own
 * mistake; what else can be wrong is the expiry.
 */
const ENABLE_REFUSALS = [
  [400, /^(?!.*(?:number of properties|user ?id)).+/i, 'EXPIRY_REFUSED'],
  [403, /disabled/i, 'USER_DISABLED'],
  [403, /not licensed/i, 'NOT_LICENSED'],
  [404, /^/, 'USER_NOT_FOUND'],
  [409, /^/, 'ALREADY_SO'],
] as const satisfies Refusals;

const DISABLE_REFUSALS = [
  [404, /^/, 'CODE_NOT_FOUND'],
  [409, /^/, 'ALREADY_SO'],
] as const satisfies Refusals;

/** Why RSA issues no emergency code. */
export type EmergencyRefusal = ReasonOf<typeof ENABLE_REFUSALS>;

/** Why RSA ends no emergency access: there is none, or no longer that one. */
export type EndEmergencyRefusal = ReasonOf<typeof DISABLE_REFUSALS>;

export function createEmergencyAccess(request: SendRequest) {
  return {
    /**
     * Enable Emergency Tokencode API, Version 2: `PUT v2/users/{userId}/emergencyTokencode`. Issues a code that
     * works once. Never retried once it may have been carried out.
     * @param userId the `id` of the user details
     * @param hours how long it is valid, 1 to 168; a tenant with locked settings uses its own
     * @throws SecurIDError `REFUSED` with an `EmergencyRefusal`; `UNAVAILABLE` or `UNEXPECTED_RESPONSE`, where
     *   `sent` means that a code may have been issued, also if the answer names another user;
     *   `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Enable-Emergency-Tokencode-API-Version-2-afcc433e
     */
    async enable(userId: string, hours: number, options?: CallOptions): Promise<EmergencyCode> {
      const {
        id: _,
        userId: __,
        ...code
      } = await request(
        {
          api: 'PUT v2/users/{userId}/emergencyTokencode',
          method: 'PUT',
          path: `v2/users/${encodeURIComponent(userId)}/emergencyTokencode`,
          body: { oneTimeUse: true, expiryUnit: 'hours', expiryValue: hours },
          shape: aboutUser(userId, EmergencyCode),
          changes: true,
          permission: 'rsa.authenticator.emergency.manage',
          refusals: ENABLE_REFUSALS,
        },
        options,
      );
      return code;
    },

    /**
     * Disable Emergency Tokencode API: `DELETE v1/users/{userId}/emergencyTokencode/{eacId}`. Ends all of the
     * user's codes but the offline one, which works on a Windows agent until it expires. Never retried once it
     * may have been carried out.
     * @param userId the `id` of the user details
     * @param codeId the `emergencyTokencodeId` of the user details
     * @throws SecurIDError `REFUSED` with an `EndEmergencyRefusal`; otherwise as above
     * @see https://community.rsa.com/s/article/Cloud-Administration-Disable-Emergency-Tokencode-API-6865895d
     */
    async disable(userId: string, codeId: string, options?: CallOptions): Promise<void> {
      const [user, code] = [userId, codeId].map(encodeURIComponent);
      await request(
        {
          api: 'DELETE v1/users/{userId}/emergencyTokencode/{eacId}',
          method: 'DELETE',
          path: `v1/users/${user}/emergencyTokencode/${code}`,
          shape: z.unknown(),
          mayBeEmpty: true,
          changes: true,
          permission: 'rsa.authenticator.emergency.manage',
          refusals: DISABLE_REFUSALS,
        },
        options,
      );
    },
  };
}
