import type { CallOptions, ReasonOf, Refusals, SendRequest } from './api-call.ts';
import { aboutUser, orNothing, UserDetails, type UserKey } from './users.ts';

/** RSA's page lists no business reasons; 404 means that the user no longer exists. */
const REFUSALS = [[404, /^/, 'USER_NOT_FOUND']] as const satisfies Refusals;

export type SyncRefusal = ReasonOf<typeof REFUSALS>;

/** What makes RSA's records follow the directory that users come from. */
export function createUserSync(request: SendRequest) {
  return {
    /**
     * Synchronize User API: `POST v1/users/{userId}/sync`. Never retried once it may have been
     * carried out.
     * @param userId the `id` of the user details
     * @returns the user's record as it is now
     * @throws SecurIDError `REFUSED` with a `SyncRefusal`; `UNAVAILABLE` or `UNEXPECTED_RESPONSE`,
     *   where `sent` means that it may have been carried out; `INVALID_REQUEST`, `NOT_AUTHORIZED`,
     *   `RATE_LIMITED`
     * @see https://community.securid.com/s/article/Cloud-Administration-Synchronize-User-API-8c53fd17
     */
    sync(userId: string, options?: CallOptions): Promise<UserDetails> {
      return request(
        {
          api: 'POST v1/users/{userId}/sync',
          method: 'POST',
          path: `v1/users/${encodeURIComponent(userId)}/sync`,
          // No body: `fetch` then sends the `Content-Length: 0` that RSA asks for.
          shape: aboutUser(userId, UserDetails),
          changes: true,
          permission: 'rsa.user.sync',
          refusals: REFUSALS,
        },
        options,
      );
    },

    /**
     * User Details API with `searchUnsynched`: `POST v1/users/lookup`. Looks in the directory, and
     * synchronizes whom it finds there; slower than `find`. Never retried once it may have been
     * carried out. `undefined` if the directory has no such user either.
     * @throws SecurIDError as `sync`, without `REFUSED`
     * @see https://community.rsa.com/s/article/ka4PO00000031CTYAY
     */
    findInDirectory(key: UserKey, options?: CallOptions): Promise<UserDetails | undefined> {
      return orNothing(
        request(
          {
            api: 'POST v1/users/lookup',
            method: 'POST',
            path: 'v1/users/lookup',
            body: { ...key, searchUnsynched: true },
            shape: UserDetails,
            changes: true,
            permission: 'rsa.user.read',
          },
          options,
        ),
      );
    },
  };
}
