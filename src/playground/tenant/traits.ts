import { type Answer, json, page } from './answer.ts';

/** In what RSA's tenants differ. A test changes it in place; the next request sees the change. */
export type Traits = {
  /** How the company is called beside a registration code: RSA's example writes the one, clients read the other. */
  companyIdAs: 'companyID' | 'companyId';
  /** What it answers once tokencodes are unlocked: RSA's page says the state of all methods, and shows no example. */
  unlockAnswer: 'locks' | 'nothing' | 'no content';
  /** What of a bearer token's `aud` is compared with the address of the API. */
  audience: 'all of it' | 'its host';
  /** Whether answers are compressed: where the client says it can read that, or whatever it says. */
  gzip: 'never' | 'if accepted' | 'always';
  /** Who says 404 to a path that is not there. */
  gateway: 'page' | 'kong' | 'spring';
  /** Routes that the gateway does not know, such as `POST /v1/ds100/lookup`. */
  unrouted: string[];
};

export const usualTraits = (): Traits => ({
  companyIdAs: 'companyID',
  unlockAnswer: 'locks',
  audience: 'all of it',
  gzip: 'never',
  gateway: 'page',
  unrouted: [],
});

/** Whether `aud`, of a token or an assertion, is this tenant's. */
export function isAudience(aud: unknown, wanted: string, { audience }: Traits): boolean {
  if (typeof aud !== 'string') return false;
  if (audience === 'all of it') return aud === wanted;
  return URL.canParse(aud) && new URL(aud).host === new URL(wanted).host;
}

/**
 * What stands in for a path that is not there, in three of the forms in which gateways say so:
 * https://developer.konghq.com/gateway/routing and Spring Boot's DefaultErrorAttributes.
 */
export function notRouted({ gateway }: Traits, path: string, now: number): Answer {
  if (gateway === 'kong') return json(404, { message: 'no Route matched with those values' });
  if (gateway === 'spring') {
    const timestamp = new Date(now).toISOString();
    return json(404, { timestamp, status: 404, error: 'Not Found', path });
  }
  return page(404, 'Not Found');
}
