import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { SignJWT } from 'jose/jwt/sign';
import { importJWK } from 'jose/key/import';
import { z } from 'zod';
import { flawOfKey, parseKey } from './key-text.ts';

/** RSA's Administration API key: the JSON file that the console offers for download once. */
export type ApiKey = { accessID: string; privateKey: KeyObject; adminRestApiUrl: string };

/** An OAuth API client of the type "Admin API". */
export type OAuthClient = {
  issuerUrl: string;
  clientId: string;
  privateKey: JWK;
  /**
   * Space-separated permissions that every token asks for, in place of those that the call needs.
   */
  scope?: string | undefined;
  adminApiUrl: string;
};

export type Credentials = { apiKey: ApiKey } | { oauthClient: OAuthClient };

/** RS256 requires at least 2048 bits (RFC 7518, 3.3). */
const SHORTEST_RSA_KEY = 2048;

const KeyFile = z.object({
  accessID: z.string().trim().min(1),
  accessKey: z.string(),
  adminRestApiUrl: z.string().trim().pipe(z.url()),
});

/**
 * Reads the Administration API key file.
 * @param json the file's text; `accessKey` is PEM, PKCS#1 or PKCS#8,
 *   also with escaped `\n` or on one line
 * @throws Error that names the invalid property and no value
 */
export function readApiKey(json: string): ApiKey {
  const { data, error } = KeyFile.safeParse(parseKey(json));
  if (error) throw new Error(told(`is not an API key file: check ${properties(error)}`, json));

  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(wellFormedPem(data.accessKey));
  } catch {
    throw new Error('is not an API key file: accessKey is not a private key in PEM form');
  }
  const { modulusLength = 0 } = privateKey.asymmetricKeyDetails ?? {};
  if (privateKey.asymmetricKeyType !== 'rsa' || modulusLength < SHORTEST_RSA_KEY) {
    throw new Error(
      `is not an API key file: accessKey is not an RSA key of at least ${SHORTEST_RSA_KEY} bits`,
    );
  }
  return { accessID: data.accessID, privateKey, adminRestApiUrl: data.adminRestApiUrl };
}

/** Adds what the text looks like instead, where that is known. */
function told(problem: string, text: string): string {
  const flaw = parseKey(text) === undefined ? flawOfKey(text) : undefined;
  return flaw ? `${problem}; ${flaw}` : problem;
}

/**
 * A key pasted into a variable loses the line breaks that PEM
 * requires, and picks up invisible characters.
 */
function wellFormedPem(pasted: string): string {
  const pem = pasted.replace(/\\[rn]/g, '\n');
  const [, label = '', base64 = ''] = /-----BEGIN ([A-Z ]+)-----([\s\S]+?)-----END/.exec(pem) ?? [];
  const lines = base64.replace(/[^A-Za-z0-9+/=]+/g, '').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

const RsaJwk = z.looseObject({ kty: z.literal('RSA'), n: z.string(), e: z.string() });
const EcJwk = z.looseObject({
  kty: z.literal('EC'),
  crv: z.string(),
  x: z.string(),
  y: z.string(),
});
const PrivateJwk = z.union([RsaJwk, EcJwk]).and(z.looseObject({ d: z.string().min(1) }));
const JwkSet = z.object({ keys: z.array(z.unknown()) });

/**
 * Reads the private key of an OAuth client.
 * @param json an RSA or EC JWK, or a JWK set with one private key
 * @throws Error that says what is wrong and contains no value
 */
export async function readOAuthPrivateKey(json: string): Promise<JWK> {
  const { data, error } = PrivateJwk.safeParse(onlyKeyOf(parseKey(json)));
  if (error) throw new Error(told('is not a private JWK of type RSA or EC', json));
  const jwk = data as JWK;
  const alg = algorithm(jwk);
  try {
    // Some keys can be imported but cannot sign, such as short ones.
    await new SignJWT().setProtectedHeader({ alg }).sign(await importJWK(jwk, alg));
  } catch {
    throw new Error('is not a usable private JWK');
  }
  return jwk;
}

/** A set (RFC 7517, 5) may also hold public keys, but must hold exactly one private key. */
function onlyKeyOf(value: unknown): unknown {
  const { data: set } = JwkSet.safeParse(value);
  if (!set) return value;
  const keys = set.keys.filter((key) => PrivateJwk.safeParse(key).success);
  if (keys.length > 1) {
    throw new Error(
      `is a set of ${keys.length} private JWKs; leave only the one that the OAuth client has`,
    );
  }
  return keys[0];
}

const properties = (error: z.ZodError) =>
  [...new Set(error.issues.map(({ path }) => path.join('.') || 'that it is JSON'))].join(', ');

/** Type and curve determine the algorithm of a JWK without `alg` (RFC 7518, 3.1). */
export function algorithm({ alg, kty, crv }: JWK): string {
  if (alg) return alg;
  if (kty !== 'EC') return 'RS256';
  return { 'P-384': 'ES384', 'P-521': 'ES512' }[crv ?? ''] ?? 'ES256';
}
