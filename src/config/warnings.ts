import type { Config } from './config.ts';
import { isOpenRedis } from './environment.ts';

const OPEN_REDIS =
  'REDIS_URL has no password: whoever reaches that Redis can stop all codes, free used cards and limits, and see who is looked up';

const NO_KEY_ID =
  'the private key of the OAuth client has no kid: if SecurID refuses it, add the one that the console shows';

/** What works, and should not stay as it is; a line each, without a value. */
export function warningsFor(config: Config): string[] {
  return [
    ...(config.redisUrl && isOpenRedis(config.redisUrl) ? [OPEN_REDIS] : []),
    ...(hasNoKeyId(config) ? [NO_KEY_ID] : []),
  ];
}

function hasNoKeyId({ securid: { credentials } }: Config): boolean {
  if (!('oauthClient' in credentials)) return false;
  // Whatever the JWK holds is there, also what is no key id (RFC 7517, 4.5).
  const kid: unknown = credentials.oauthClient.privateKey.kid;
  return typeof kid !== 'string' || kid.trim() === '';
}
