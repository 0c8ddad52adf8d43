import { authenticationLogs } from './auth-logs.ts';
import {
  authenticatorDetailsV1,
  authenticatorDetailsV2,
  deleteUserDevice,
} from './authenticators.ts';
import { synchronizeUser, userSearch } from './directory.ts';
import { disableEmergencyAccess, enableEmergencyAccess } from './emergency-access.ts';
import type { Endpoint } from './endpoint.ts';
import { fidoChanges } from './fido-changes.ts';
import { ds100Lookup, hardwareTokenLookup } from './hardware-tokens.ts';
import { licenseUsageV1, licenseUsageV2 } from './license-usage.ts';
import { deviceRegistrationCode } from './registration-codes.ts';
import { tokenChanges } from './token-changes.ts';
import { userStatus } from './user-status.ts';
import { unlockTokencodes, userDetails } from './users.ts';

export const ADMIN_API = '/AdminInterface/restapi';
export const TOKEN_ENDPOINT = '/oauth/token';

const endpoints: Endpoint[] = [
  userDetails,
  userSearch,
  synchronizeUser,
  userStatus,
  unlockTokencodes,
  authenticatorDetailsV1,
  authenticatorDetailsV2,
  deleteUserDevice,
  deviceRegistrationCode,
  enableEmergencyAccess,
  disableEmergencyAccess,
  authenticationLogs,
  hardwareTokenLookup,
  ds100Lookup,
  ...tokenChanges,
  ...fidoChanges,
  licenseUsageV1,
  licenseUsageV2,
];

export const permissions = [...new Set(endpoints.map(({ permission }) => permission))];

/** `route` names a request as tests do, even one that leads nowhere. */
export type Destination = { route: string } & (
  | { to: 'token endpoint' }
  | { to: 'admin API'; endpoint: Endpoint; id: string; itemId: string }
  | { to: 'wrong method'; allow: string }
  | { to: 'nowhere' }
);

export function findRoute(method: string, path: string): Destination {
  if (path === TOKEN_ENDPOINT) {
    const route = `${method} ${path}`;
    if (method !== 'POST') return { route, to: 'wrong method', allow: 'POST' };
    return { route, to: 'token endpoint' };
  }

  const resource = path.startsWith(`${ADMIN_API}/`) ? path.slice(ADMIN_API.length) : undefined;
  const matches = endpoints.filter((one) => resource && pattern(one).test(resource));
  const known = matches[0];
  if (!known || !resource) return { route: `${method} ${resource ?? path}`, to: 'nowhere' };

  const route = `${method} ${known.path}`;
  const endpoint = matches.find((one) => one.method === method);
  if (!endpoint) return { route, to: 'wrong method', allow: known.method };
  const [, id = '', itemId = ''] = pattern(endpoint).exec(resource) ?? [];
  return { route, to: 'admin API', endpoint, id, itemId };
}

const pattern = ({ path }: Endpoint) => new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]*)')}$`);
