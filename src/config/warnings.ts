import { lacks, READ_PERMISSIONS, SEPARATE_READ_PERMISSIONS } from '../securid/index.ts';
import type { Config } from './config.ts';
import { isOpenRedis } from './environment.ts';

const OPEN_REDIS =
  'REDIS_URL has no password: whoever reaches that Redis can stop all codes, free used cards and limits, and see who is looked up';

const NO_KEY_ID =
  'the private key of the OAuth client has no kid: if SecurID refuses it, add the one that the console shows';

const WITHOUT_EFFECT = {
  ALL_PROXY: 'ALL_PROXY is not read: if SecurID Desk needs a proxy, set HTTPS_PROXY',
  NO_PROXY:
    'NO_PROXY has items that are no host names, such as ranges of addresses: they have no effect, because Slack and SecurID are called by name',
};

/** A change that is switched on, and the OAuth permission that it needs. */
type ChangeScope = { name: string; isTyped: boolean; scope: string };

/** What works, and should not stay as it is; a line each, without a secret. */
export function warningsFor(config: Config, changes: readonly ChangeScope[]): string[] {
  return [
    ...(config.redisUrl && isOpenRedis(config.redisUrl) ? [OPEN_REDIS] : []),
    ...(hasNoKeyId(config) ? [NO_KEY_ID] : []),
    ...lackingScopes(config, changes),
    ...config.withoutEffect.map((name) => WITHOUT_EFFECT[name]),
  ];
}

function hasNoKeyId({ securid: { credentials } }: Config): boolean {
  if (!('oauthClient' in credentials)) return false;
  // Whatever the JWK holds is there, also what is no key id (RFC 7517, 4.5).
  const kid: unknown = credentials.oauthClient.privateKey.kid;
  return typeof kid !== 'string' || kid.trim() === '';
}

/** Where the configuration says what every token asks for: what it forgets. */
function lackingScopes({ securid: { credentials } }: Config, changes: readonly ChangeScope[]) {
  const given = 'oauthClient' in credentials ? credentials.oauthClient.scope : undefined;
  if (given === undefined) return [];
  const needed = [
    ...READ_PERMISSIONS.map((each) => ({ what: 'look-ups', scope: each })),
    ...SEPARATE_READ_PERMISSIONS.map((each) => ({ what: '/securid history', scope: each })),
    ...changes.map(({ name, isTyped, scope }) => ({
      what: isTyped ? `/securid ${name}` : `the change ${name}`,
      scope,
    })),
  ];
  const lacking = needed.filter((one) => lacks(given, one.scope));
  const scopes = [...new Set(lacking.map(({ scope }) => scope))];
  return scopes.map((scope) => {
    const what = lacking.filter((one) => one.scope === scope).map((one) => one.what);
    return `SECURID_OAUTH_SCOPE lacks ${scope}, needed for ${what.join(', ')}`;
  });
}
