import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'jose';

const generate = promisify(generateKeyPair);

// Making a 2048-bit key takes longer than most tests, so each process makes one set. Tenants tell their
// signatures apart by the audience.
const [apiKey, rsa, ec] = await Promise.all([
  generate('rsa', { modulusLength: 2048 }),
  generate('rsa', { modulusLength: 2048 }),
  generate('ec', { namedCurve: 'P-256' }),
]);

/** The Administration API key: PKCS#1, as in RSA's key file. */
export const apiKeyPem = apiKey.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
export const apiKeyPublic: KeyObject = apiKey.publicKey;

export type ClientKey = { alg: 'RS256' | 'ES256'; publicKey: KeyObject; privateJwk: JWK };

/** The two keys of the OAuth client, by `kid`. */
export const clientKeys = {
  'desk-rsa': clientKey('desk-rsa', 'RS256', rsa),
  'desk-ec': clientKey('desk-ec', 'ES256', ec),
} as const;

function clientKey(
  kid: string,
  alg: ClientKey['alg'],
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
): ClientKey {
  const jwk = privateKey.export({ format: 'jwk' }) as JWK;
  return { alg, publicKey, privateJwk: { ...jwk, use: 'sig', alg, kid } };
}
