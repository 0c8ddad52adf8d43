import { z } from 'zod';
import type { CallOptions, SendRequest } from './api-call.ts';
import { SecurIDError } from './errors.ts';
import { flag, id, moment, text } from './wire.ts';

const UserDetails = z.object({
  id,
  emailAddress: text,
  firstName: text,
  lastName: text,
  identitySource: text,
  /** `Enabled` or `Disabled`. */
  userStatus: text,
  highRiskUser: flag,
  markDeleted: flag,
  markDeletedAt: moment,
  isTokenLocked: flag,
  isSmsLocked: flag,
  isVoiceLocked: flag,
  isFingerprintLocked: flag,
  isApproveLocked: flag,
  emergencyAccessStatus: text,
  emergencyTokencodeExpiration: moment,
  offlineEmergencyAccessStatus: text,
  /** A month in words, such as `Jun 2025`. */
  monthLastAuthenticated: text,
  principalUsername: text,
  /** Where RSA keeps the userPrincipalName of directories that have one. */
  alternateUsername: text,
});

export type UserDetails = z.output<typeof UserDetails>;

/** How RSA finds a person: by e-mail address or by user name, in any case of letters. */
export type UserKey = { email: string } | { username: string };

export function createUsers(request: SendRequest) {
  return {
    /**
     * User Details API: `POST v1/users/lookup`. Nobody found is `undefined`.
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`, `UNEXPECTED_RESPONSE`
     * @see https://community.rsa.com/s/article/ka4PO00000031CTYAY
     */
    find(key: UserKey, options?: CallOptions): Promise<UserDetails | undefined> {
      return orNothing(
        request(
          {
            api: 'POST v1/users/lookup',
            method: 'POST',
            path: 'v1/users/lookup',
            body: key,
            shape: UserDetails,
          },
          options,
        ),
      );
    },
  };
}

/** Not found is an answer, not an error. */
export async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SecurIDError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
