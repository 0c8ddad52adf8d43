import { type Answer, json, page } from './answer.ts';

/** How RSA's tenants differ. A test may change it in place, from the next request on. */
export type Traits = {
  /** The company's property beside a registration code: the first in RSA's example, the second in clients. */
  companyIdAs: 'companyID' | 'companyId';
  /** The answer to an unlock: RSA's page promises the state of all methods and shows no example. */
  unlockAnswer: 'locks' | 'nothing' | 'no content';
  /** The answer to the deletion of a device: RSA's page shows none. */
  deleteAnswer: 'nothing' | 'no content' | 'the device';
  /** RSA's page documents an array, and a client of RSA's reads an envelope with the total. */
  searchAnswer: 'array' | 'envelope';
  /** The answer to a change of a user's status. */
  statusAnswer: 'status' | 'nothing' | 'no content';
  /** Identity sources whose users SCIM manages. */
  scimSources: string[];
  /** The answer to a change of a token or a FIDO credential. RSA's pages show the new state. */
  changeAnswer: 'state' | 'nothing' | 'no content';
  /** What a change answers that leaves everything as it is. RSA's pages list 409 without saying when. */
  repeated: 'conflict' | 'accepted';
  /** What a change answers if the token belongs to another user. RSA's pages do not say. */
  tokenOfAnother: 'not found' | 'conflict';
  /** How the tenant is set up for emergency access. */
  emergency: {
    /** What it uses whatever was asked for, if its settings are locked. */
    lockedTo?: EmergencySettings;
    /** The longest validity that it allows, in minutes; seven days by default. */
    longest?: number;
    /** What it answers if the user has a code already. RSA's page does not say. */
    again: 'replaced' | 'conflict';
    /** The answer to the end of emergency access: RSA's page shows none. */
    endAnswer: 'nothing' | 'no content';
  };
  /** What part of a bearer token's `aud` is compared with the API's address. */
  audience: 'all of it' | 'its host';
  /** When answers are compressed: never, if the client accepts it, or in any case. */
  gzip: 'never' | 'if accepted' | 'always';
  /** Who answers 404 for an unknown path. */
  gateway: 'page' | 'kong' | 'spring';
  /** Routes that the gateway lacks, such as `POST /v1/ds100/lookup`. */
  unrouted: string[];
};

type EmergencySettings = {
  expiryValue: number;
  expiryUnit: 'days' | 'hours' | 'minutes';
  oneTimeUse: boolean;
};

export const usualTraits = (): Traits => ({
  companyIdAs: 'companyID',
  unlockAnswer: 'locks',
  deleteAnswer: 'nothing',
  searchAnswer: 'array',
  statusAnswer: 'status',
  scimSources: [],
  changeAnswer: 'state',
  repeated: 'conflict',
  tokenOfAnother: 'not found',
  emergency: { again: 'replaced', endAnswer: 'nothing' },
  audience: 'all of it',
  gzip: 'never',
  gateway: 'page',
  unrouted: [],
});

/** Whether the `aud` of a token or an assertion is this tenant. */
export function isAudience(aud: unknown, wanted: string, { audience }: Traits): boolean {
  if (typeof aud !== 'string') return false;
  if (audience === 'all of it') return aud === wanted;
  return URL.canParse(aud) && new URL(aud).host === new URL(wanted).host;
}

/**
 * A 404 for an unknown path, in three forms that gateways use: https://developer.konghq.com/gateway/routing
 * and Spring Boot's DefaultErrorAttributes.
 */
export function notRouted({ gateway }: Traits, path: string, now: number): Answer {
  if (gateway === 'kong') return json(404, { message: 'no Route matched with those values' });
  if (gateway === 'spring') {
    const timestamp = new Date(now).toISOString();
    return json(404, { timestamp, status: 404, error: 'Not Found', path });
  }
  return page(404, 'Not Found');
}
