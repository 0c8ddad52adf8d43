import { z } from 'zod';
import type { CallOptions, SendRequest } from './api-call.ts';
import { UserDetails } from './users.ts';
import { count, list } from './wire.ts';

/** RSA's page allows 1 to 25 and no more. */
export const MOST_FOUND = 25;

/** Those found, and how many there are in all; `undefined` if RSA does not say and there may be more. */
export type FoundUsers = { users: UserDetails[]; total: number | undefined };

/**
 * RSA's page documents an array. A client of RSA's reads an envelope:
 * https://github.com/rsa-ingo/rsa-idplus-admin-api
 */
const Envelope = z.object({
  elements: z.unknown().refine(isThere, 'is missing').pipe(list(UserDetails)),
  totalElements: count.optional().catch(undefined),
});

/** Only what says so means that nobody was found. */
const Nobody = z
  .object({ totalElements: count.refine((total) => total === 0, 'is not 0') })
  .transform(({ totalElements }) => ({ elements: [], totalElements }));

const Found = z
  .union([
    z.array(UserDetails).transform((elements) => ({ elements, totalElements: undefined })),
    Envelope,
    Nobody,
  ])
  .transform(({ elements, totalElements }): FoundUsers => {
    const users = elements.slice(0, MOST_FOUND);
    const known = elements.length < MOST_FOUND ? elements.length : undefined;
    const total = totalElements === undefined ? known : Math.max(totalElements, users.length);
    return { users, total };
  });

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}

export function createUserSearch(request: SendRequest) {
  return {
    /**
     * User Search API v2: `POST v2/users/search`. Users who have been synchronized and whose e-mail
     * address contains this text, sorted by address; the first 25 of them.
     * @param emailLike taken literally: no wildcards
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`,
     *   `UNEXPECTED_RESPONSE`
     * @see https://community.securid.com/s/article/Cloud-Administration-User-Search-API-Version-2-f9c441f8
     */
    search(emailLike: string, options?: CallOptions): Promise<FoundUsers> {
      return request(
        {
          api: 'POST v2/users/search',
          method: 'POST',
          path: `v2/users/search?pageSize=${MOST_FOUND}&pageNumber=0`,
          permission: 'rsa.user.read',
          body: { emailLike },
          shape: Found,
        },
        options,
      );
    },
  };
}
