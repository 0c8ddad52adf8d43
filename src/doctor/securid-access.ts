import type { Clock } from '../clock.ts';
import type { PartialConfig } from '../config/config.ts';
import { type Credentials, createSecurID, type SecurID } from '../securid/index.ts';
import { createListener, type Listener } from './heard.ts';

/** The tenant, asked with the doctor's own client, which shares no pace with the app. */
export type SecurIDAccess = {
  host: string;
  /** Where tokens come from; `undefined` with an API key, which signs them here. */
  issuer: string | undefined;
  securid: SecurID;
  credentials: Credentials;
  /** Whether SecurID gives a token for the look-ups and accepts it; asked once. */
  isThere(): Promise<boolean>;
  heard: Listener;
};

type Wiring = { fetch: typeof globalThis.fetch; clock: Clock };

/** Nobody can have an address there: https://www.rfc-editor.org/rfc/rfc2606#section-2 */
export const NOBODY = 'securid-desk-doctor@example.invalid';

/** Until when a question waits for its answer, in milliseconds. */
export const PATIENCE = 8000;

export function createSecurIDAccess(
  { credentials, pace }: NonNullable<PartialConfig['securid']>,
  { fetch, clock }: Wiring,
): SecurIDAccess {
  const heard = createListener(fetch, clock);
  const securid = createSecurID({ credentials, pace, fetch: heard.fetch, clock });
  let asked: Promise<boolean> | undefined;
  return {
    host: new URL(adminUrlOf(credentials)).host,
    issuer:
      'oauthClient' in credentials ? new URL(credentials.oauthClient.issuerUrl).host : undefined,
    securid,
    credentials,
    isThere() {
      asked ??= securid.users.find({ email: NOBODY }, { until: clock.elapsed() + PATIENCE }).then(
        () => true,
        () => false,
      );
      return asked;
    },
    heard,
  };
}

const adminUrlOf = (credentials: Credentials) =>
  'apiKey' in credentials
    ? credentials.apiKey.adminRestApiUrl
    : credentials.oauthClient.adminApiUrl;
