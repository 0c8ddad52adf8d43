import { z } from 'zod';
import type { CallOptions, ReasonOf, Refusals, SendRequest } from './api-call.ts';
import { aboutUser } from './users.ts';
import { text } from './wire.ts';

export type UserStatus = 'Enabled' | 'Disabled';

/**
 * RSA's page lists 404 and 409 without their meaning. For other APIs, it says that 405 means a user
 * from a SCIM identity source:
 * https://community.securid.com/s/article/Cloud-Administration-Mark-User-Deleted-API-0e6f88a0
 */
const REFUSALS = [
  [404, /^/, 'USER_NOT_FOUND'],
  [405, /^/, 'MANAGED_ELSEWHERE'],
  [409, /^/, 'ALREADY_SO'],
] as const satisfies Refusals;

export type StatusRefusal = ReasonOf<typeof REFUSALS>;

const Answer = z.object({ id: text, userId: text, userStatus: text }).optional().catch(undefined);

export function createUserStatus(request: SendRequest) {
  return {
    /**
     * User Status API: `PUT v1/users/{userId}/userStatus`. Never retried once it may have been
     * carried out.
     * @param userId the `id` of the user details
     * @returns the status as RSA answered it, or `undefined` if it did not
     * @throws SecurIDError `REFUSED` with a `StatusRefusal`; `UNAVAILABLE` or
     *   `UNEXPECTED_RESPONSE`, where `sent` means that it may have been carried out;
     *   `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`
     * @see https://community.rsa.com/s/article/Cloud-Administration-User-Status-API-0f6807d1
     */
    setStatus(
      userId: string,
      userStatus: UserStatus,
      options?: CallOptions,
    ): Promise<string | undefined> {
      return request(
        {
          api: 'PUT v1/users/{userId}/userStatus',
          method: 'PUT',
          path: `v1/users/${encodeURIComponent(userId)}/userStatus`,
          body: { userStatus },
          shape: aboutUser(userId, Answer).transform((answer) => answer?.userStatus),
          mayBeEmpty: true,
          changes: true,
          permission: 'rsa.user.manage',
          refusals: REFUSALS,
        },
        options,
      );
    },
  };
}
