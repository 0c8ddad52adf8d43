import { z } from 'zod';
import { failure, json, nothing, wrongBody } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { userById } from './users.ts';

const Body = z.strictObject({ userStatus: z.enum(['Enabled', 'Disabled']) });

/**
 * User Status API. RSA's page lists a 409 without its meaning: here, the user is in that state already or
 * pending deletion.
 */
export const userStatus: Endpoint = {
  method: 'PUT',
  path: '/v1/users/{id}/userStatus',
  permission: 'rsa.user.manage',
  answer({ records, traits, id, body }) {
    const { data } = Body.safeParse(body);
    if (!data) return wrongBody;
    const user = userById(records, id);
    if ('status' in user) return user;
    if (traits.scimSources.includes(user.identitySource)) {
      return failure(405, 'Operation is not allowed for users of a SCIM managed identity source.');
    }
    if (user.userStatus === data.userStatus || user.markDeleted) {
      return failure(409, `User ${id} is already ${user.userStatus} or pending deletion`);
    }
    user.userStatus = data.userStatus;
    if (traits.statusAnswer !== 'status') {
      return nothing(traits.statusAnswer === 'no content' ? 204 : 200);
    }
    return json(200, { id: user.id, userStatus: user.userStatus });
  },
};
