import { failure, json, nothing } from './answer.ts';
import type { Endpoint, EndpointCall } from './endpoint.ts';
import type { Device, FidoToken } from './records.ts';
import { userById } from './users.ts';

const permission = 'rsa.authenticator.mobile.read';

/** Authenticator Details API v1. */
export const authenticatorDetailsV1: Endpoint = {
  method: 'GET',
  path: '/v1/users/{id}/devices',
  permission,
  answer(call) {
    const owned = authenticatorsOf(call, { browsersByDefault: true });
    if ('status' in owned) return owned;
    const all = [...owned.devices, ...owned.fidoTokens].map(inVersion1);
    if (all.length === 0) return failure(404, 'User and/or authenticator not found');
    return json(200, all);
  },
};

/** Authenticator Details API v2. */
export const authenticatorDetailsV2: Endpoint = {
  method: 'GET',
  path: '/v2/users/{id}/devices',
  permission,
  answer(call) {
    const owned = authenticatorsOf(call, { browsersByDefault: false });
    return 'status' in owned ? owned : json(200, owned);
  },
};

/**
 * Delete User Device API. RSA's page shows no answer. It does not say whether a browser's id works; here it
 * does, since both versions of the details list browsers among the devices.
 * https://community.rsa.com/s/article/Cloud-Administration-Delete-User-Device-API-d80d6197
 */
export const deleteUserDevice: Endpoint = {
  method: 'DELETE',
  path: '/v1/users/{id}/devices/{deviceId}',
  permission: 'rsa.authenticator.mobile.delete',
  answer({ records, traits, id, itemId }) {
    const user = userById(records, id);
    if ('status' in user) return user;
    const wanted = decodeURIComponent(itemId);
    const index = records.devices.findIndex((one) => one.id === wanted && one.userId === user.id);
    const [deleted] = index === -1 ? [] : records.devices.splice(index, 1);
    if (!deleted) return failure(404, 'User and/or device not found');
    if (traits.deleteAnswer === 'the device') return json(200, deleted);
    return nothing(traits.deleteAnswer === 'no content' ? 204 : 200);
  },
};

function authenticatorsOf(
  { records, id, query }: EndpointCall,
  options: { browsersByDefault: boolean },
) {
  const asked = query.get('includeBrowsers')?.toLowerCase() ?? String(options.browsersByDefault);
  if (asked !== 'true' && asked !== 'false') {
    return failure(400, 'includeBrowsers is not a Boolean.');
  }
  const user = userById(records, id);
  if ('status' in user) return user;

  const owns = ({ userId }: { userId: string | null }) => userId === user.id;
  return {
    devices: records.devices.filter(owns).filter(({ browser }) => asked === 'true' || !browser),
    sidTokens: records.tokens.filter(owns),
    fidoTokens: records.fidoTokens.filter(owns),
  };
}

/** Authenticator Details API v1 writes `userid`, and encodes the name: `'s%20FIDO%20token`. */
function inVersion1(authenticator: Device | FidoToken) {
  const { id, name, userId, deviceType, registeredDate } = authenticator;
  return {
    id,
    name: /%[0-9a-f]{2}/i.test(name) ? name : encodeURIComponent(name),
    userid: userId,
    osType: deviceType,
    capabilities: 'capabilities' in authenticator ? authenticator.capabilities : null,
    registeredDate,
    lastUsedDate: registeredDate,
  };
}
