import { failure, json, nothing } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { userById } from './users.ts';

/**
 * Enable and Disable FIDO Authenticator APIs: no body, no 404, and a number where the page promises ISO 8601.
 */
const change = (name: 'enable' | 'disable', status: 'Enabled' | 'Disabled'): Endpoint => ({
  method: 'PATCH',
  path: `/v1/fido/{id}/authenticators/{authenticatorId}/${name}`,
  permission: 'rsa.authenticator.fido.manage',
  answer({ clock, records, traits, id, itemId, body }) {
    if (body !== undefined) return failure(400, 'The request has a body.');
    const user = userById(records, id);
    const credential = records.fidoTokens.find(
      (one) => one.id === decodeURIComponent(itemId) && 'id' in user && one.userId === user.id,
    );
    if (!credential) return failure(400, 'User ID or authenticator ID is not valid.');
    credential.status = status;
    if (traits.changeAnswer !== 'state') {
      return nothing(traits.changeAnswer === 'no content' ? 204 : 200);
    }
    return json(200, {
      statusChangedAt: clock.now(),
      statusChangedBy: 'SecurID Desk',
      status,
    });
  },
});

export const fidoChanges: Endpoint[] = [change('enable', 'Enabled'), change('disable', 'Disabled')];
