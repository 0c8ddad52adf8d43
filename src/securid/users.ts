import { z } from 'zod';
import type { CallOptions, ReasonOf, Refusals, SendRequest } from './api-call.ts';
import { SecurIDError } from './errors.ts';
import { flag, moment, recordId, text } from './wire.ts';

const LOCKS = {
  isTokenLocked: flag,
  isSmsLocked: flag,
  isVoiceLocked: flag,
  isFingerprintLocked: flag,
  isApproveLocked: flag,
};

export const UserDetails = z.object({
  id: recordId,
  emailAddress: text,
  firstName: text,
  lastName: text,
  identitySource: text,
  /** `Enabled` or `Disabled`. */
  userStatus: text,
  highRiskUser: flag,
  markDeleted: flag,
  markDeletedAt: moment,
  ...LOCKS,
  emergencyAccessStatus: text,
  /** Names the code when it is to be ended. */
  emergencyTokencodeId: text,
  emergencyTokencodeExpiration: moment,
  offlineEmergencyAccessStatus: text,
  offlineEmergencyTokencodeExpiration: moment,
  /** The numbers for SMS and voice tokencodes, if the company uses them. */
  smsNumber: text,
  voiceNumber: text,
  /** When the record last followed its identity source. */
  lastSyncTime: moment,
  /** A month in words, such as `Jun 2025`. */
  monthLastAuthenticated: text,
  /** Undocumented: some tenants tell the last sign-in exactly. */
  lastSuccessfulAuthenticationDate: moment,
  principalUsername: text,
  /** Holds the userPrincipalName, if the directory has one. */
  alternateUsername: text,
});

export type UserDetails = z.output<typeof UserDetails>;

/** A record of which nothing is known but its id, or the key that stands for it. */
export const bareUser = (id: string): UserDetails => ({ ...NOTHING_KNOWN, id });

const NOTHING_KNOWN = UserDetails.parse({ id: '-' });

/** How RSA finds a user: by e-mail address or user name, ignoring case. */
export type UserKey = { email: string } | { username: string };

/** Which of the user's methods are locked, as far as RSA says. */
export type Locks = Pick<UserDetails, keyof typeof LOCKS>;

/**
 * The methods that RSA can unlock, in its words (Fingerprint and Approve are not among them), and
 * the property that says that each is locked.
 */
export const LOCK_OF = {
  TOKEN: 'isTokenLocked',
  SMS: 'isSmsLocked',
  VOICE: 'isVoiceLocked',
} as const satisfies Record<string, keyof Locks>;

export type UnlockMethod = keyof typeof LOCK_OF;

/** RSA's page lists no business reasons; 404 means that the user no longer exists. */
const UNLOCK_REFUSALS = [[404, /^/, 'USER_NOT_FOUND']] as const satisfies Refusals;

export type UnlockRefusal = ReasonOf<typeof UNLOCK_REFUSALS>;

/** Takes no answer about another user. */
export const aboutUser = <S extends z.ZodType>(userId: string, shape: S) =>
  shape.superRefine((answer, context) => {
    const named: { id?: unknown; userId?: unknown } =
      typeof answer === 'object' && answer !== null ? answer : {};
    for (const path of ['id', 'userId'] as const) {
      const told = named[path] ?? userId;
      if (String(told).toLowerCase() === userId.toLowerCase()) continue;
      context.addIssue({ code: 'custom', path: [path], message: 'is another person' });
    }
  });

/**
 * The state of all methods. The property names are undocumented, so
 * a method that is missing is unknown.
 */
const unlocked = (userId: string, methods: readonly UnlockMethod[]) =>
  aboutUser(
    userId,
    z
      .object({ id: text, userId: text, ...LOCKS })
      .optional()
      .catch(undefined),
  ).transform((answer): Locks | undefined => {
    if (!answer || methods.some((method) => answer[LOCK_OF[method]] === undefined)) return;
    const { id: _, userId: __, ...locks } = answer;
    return locks;
  });

export function createUsers(request: SendRequest) {
  return {
    /**
     * User Details API: `POST v1/users/lookup`. `undefined` if there is no such user.
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`,
     *   `UNEXPECTED_RESPONSE`
     * @see https://community.rsa.com/s/article/ka4PO00000031CTYAY
     */
    find(key: UserKey, options?: CallOptions): Promise<UserDetails | undefined> {
      return orNothing(
        request(
          {
            api: 'POST v1/users/lookup',
            method: 'POST',
            path: 'v1/users/lookup',
            permission: 'rsa.user.read',
            body: key,
            shape: UserDetails,
          },
          options,
        ),
      );
    },

    /**
     * Unlock User Tokencodes API: `PATCH v1/users/{userId}/methods`. Unlocks methods that were
     * locked after too many failed attempts; others stay as they are. Never retried once it may
     * have been carried out.
     * @param userId the `id` of the user details
     * @param methods at least one
     * @returns what is locked now, or `undefined` if the answer does not cover all of the methods
     * @throws SecurIDError `REFUSED` with an `UnlockRefusal`; `UNAVAILABLE` or
     *   `UNEXPECTED_RESPONSE`, where `sent` means that it may have been carried out;
     *   `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Unlock-User-Tokencodes-API-16d60db0
     */
    unlock(
      userId: string,
      methods: readonly UnlockMethod[],
      options?: CallOptions,
    ): Promise<Locks | undefined> {
      return request(
        {
          api: 'PATCH v1/users/{userId}/methods',
          method: 'PATCH',
          path: `v1/users/${encodeURIComponent(userId)}/methods`,
          body: { unlockMethods: methods },
          shape: unlocked(userId, methods),
          mayBeEmpty: true,
          changes: true,
          permission: 'rsa.user.factor.manage',
          refusals: UNLOCK_REFUSALS,
        },
        options,
      );
    },
  };
}

/** Turns `NOT_FOUND` into `undefined`. */
export async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SecurIDError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
