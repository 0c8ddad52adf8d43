import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import { SignJWT } from 'jose/jwt/sign';
import { importJWK } from 'jose/key/import';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { SecurIDError } from './errors.ts';
import { parseJson } from './failure.ts';
import type { Http, HttpAnswer } from './http.ts';
import { flawOfKey, parseKey } from './key-text.ts';

/** RSA's Administration API key: the JSON file that the console hands out once. */
export type ApiKey = { accessID: string; privateKey: KeyObject; adminRestApiUrl: string };

/** An OAuth API client of the type "Admin API". */
export type OAuthClient = {
  issuerUrl: string;
  clientId: string;
  privateKey: JWK;
  /** Permissions, separated by blanks. */
  scope: string;
  adminApiUrl: string;
};

export type Credentials = { apiKey: ApiKey } | { oauthClient: OAuthClient };

/** Where a bearer token comes from, and where to say that it was refused. */
export type Bearer = {
  token(): Promise<string>;
  /** The tenant refused this token: the next `token()` is a new one. */
  refused(token: string): void;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * RSA takes an `exp` at most one hour after `iat`, an `iat` in the past, and clocks 60 s apart
 * (Authentication for the Cloud Administration APIs). A backdated `iat` doubles what a fast clock
 * of ours may be off.
 */
const API_KEY_TOKEN = { backdated: MINUTE, lifetime: 30 * MINUTE };

/** As RSA's public clients send it; the assertion is used once, at once. */
const ASSERTION_LIFETIME = 5 * MINUTE;

/** RFC 6749 lets a server leave `expires_in` out; RSA's public clients then assume an hour. */
const DEFAULT_EXPIRES_IN = 3600;

/** RS256 takes no shorter one (RFC 7518, 3.3). */
const SHORTEST_RSA_KEY = 2048;

const KeyFile = z.object({
  accessID: z.string().trim().min(1),
  accessKey: z.string(),
  adminRestApiUrl: z.string().trim().pipe(z.url()),
});

/**
 * Reads the Administration API key file.
 * @param json the file's text; `accessKey` is PEM, PKCS#1 or PKCS#8, also with `\n` written out or on one line
 * @throws Error that names the property at fault and no value
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

/** With what the text looks like instead, where that can be told. */
function told(problem: string, text: string): string {
  const flaw = parseKey(text) === undefined ? flawOfKey(text) : undefined;
  return flaw ? `${problem}; ${flaw}` : problem;
}

/** A key pasted into a variable loses its line breaks, which PEM wants, and picks up invisible characters. */
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
 * @param json a JWK, RSA or EC, or a set with one private key
 * @throws Error that says what is wrong and prints no value
 */
export async function readOAuthPrivateKey(json: string): Promise<JWK> {
  const { data, error } = PrivateJwk.safeParse(onlyKeyOf(parseKey(json)));
  if (error) throw new Error(told('is not a private JWK of type RSA or EC', json));
  const jwk = data as JWK;
  const alg = algorithm(jwk);
  try {
    // Some keys can be imported and still not sign, such as short ones.
    await new SignJWT().setProtectedHeader({ alg }).sign(await importJWK(jwk, alg));
  } catch {
    throw new Error('is not a usable private JWK');
  }
  return jwk;
}

/** A set (RFC 7517, 5) may hold the public key as well; which of several to sign with, it does not tell. */
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

/** A JWK without `alg` says enough by its type and curve (RFC 7518, 3.1). */
function algorithm({ alg, kty, crv }: JWK): string {
  if (alg) return alg;
  if (kty !== 'EC') return 'RS256';
  return { 'P-384': 'ES384', 'P-521': 'ES512' }[crv ?? ''] ?? 'ES256';
}

/** `renewAt` by `clock.elapsed()`. */
type Minted = { token: string; renewAt: number };

/** A minute before the end; half-way, if the token's whole life is hardly longer. */
const renewAt = (issuedAt: number, lifetime: number) =>
  issuedAt + lifetime - Math.min(MINUTE, lifetime / 2);

/**
 * Signs or fetches a bearer token once per lifetime, however many calls wait for it, and again a
 * minute before it ends.
 */
export function createBearer(credentials: Credentials, http: Http, clock: Clock): Bearer {
  const mint =
    'apiKey' in credentials
      ? () => signApiKeyToken(credentials.apiKey, clock)
      : () => fetchAccessToken(credentials.oauthClient, http, clock);
  let current: Minted | undefined;
  let minting: Promise<Minted> | undefined;

  return {
    async token() {
      if (current && clock.elapsed() < current.renewAt) return current.token;
      minting ??= mint()
        .then((minted) => {
          current = minted;
          return minted;
        })
        .finally(() => {
          minting = undefined;
        });
      return (await minting).token;
    },
    refused(token) {
      if (current?.token === token) current = undefined;
    },
  };
}

/** `aud` is the key file's URL byte for byte: RSA documents it with and without `/v1`. */
async function signApiKeyToken(key: ApiKey, clock: Clock): Promise<Minted> {
  const issuedAt = clock.now() - API_KEY_TOKEN.backdated;
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setSubject(key.accessID)
    .setAudience(key.adminRestApiUrl)
    // RSA ignores other claims; this one makes a renewed token differ within the same second.
    .setJti(randomUUID())
    .setIssuedAt(Math.floor(issuedAt / SECOND))
    .setExpirationTime(Math.floor((issuedAt + API_KEY_TOKEN.lifetime) / SECOND))
    .sign(key.privateKey);
  const issued = clock.elapsed() - API_KEY_TOKEN.backdated;
  return { token, renewAt: renewAt(issued, API_KEY_TOKEN.lifetime) };
}

/** What a token endpoint may say is wrong (RFC 6749, 5.2 and 4.1.2.1; RFC 8707, 2): other words stay out of the log. */
const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
  'invalid_target',
] as const;

const TokenRefusal = z.object({ error: z.enum(OAUTH_ERRORS) });

function oauthError(body: string): string[] {
  const { data } = TokenRefusal.safeParse(parseJson(body));
  return data ? [data.error] : [];
}

const TokenResponse = z.object({
  // What a header can carry.
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().catch(DEFAULT_EXPIRES_IN),
});

/** What a client made for an earlier version of this app lacks: the rest goes on without. */
const DISPENSABLE = new Set(['rsa.authenticator.ds100.read']);

const withoutDispensable = (scope: string) =>
  scope
    .split(' ')
    .filter((permission) => !DISPENSABLE.has(permission))
    .join(' ');

/** RFC 6749, 5.2. */
const OAuthFailure = z.object({ error: z.string() });

const isRefusedScope = ({ status, body }: HttpAnswer) =>
  status >= 400 &&
  status < 500 &&
  OAuthFailure.safeParse(parseJson(body)).data?.error === 'invalid_scope';

async function fetchAccessToken(client: OAuthClient, http: Http, clock: Clock): Promise<Minted> {
  const requestedAt = clock.elapsed();
  const answer = await askForToken(client, client.scope, http, clock);
  const least = withoutDispensable(client.scope);
  if (!isRefusedScope(answer) || least === '' || least === client.scope) {
    return readToken(answer, requestedAt);
  }
  return readToken(await askForToken(client, least, http, clock), requestedAt);
}

async function askForToken(
  client: OAuthClient,
  scope: string,
  http: Http,
  clock: Clock,
): Promise<HttpAnswer> {
  const endpoint = `${client.issuerUrl.replace(/\/+$/, '')}/token`;
  return http({
    api: 'POST /oauth/token',
    method: 'POST',
    url: endpoint,
    form: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signAssertion(client, endpoint, clock),
      client_id: client.clientId,
      scope,
    },
  }).catch((error: SecurIDError) => {
    throw new SecurIDError(error.code, `POST /oauth/token: ${error.message}`, { sent: false });
  });
}

function readToken({ status, body, retryAfter }: HttpAnswer, requestedAt: number): Minted {
  // A token request changes nothing that matters, so what fails here was, for its caller, not sent.
  const failure = { status, sent: false };
  if (status === 429) {
    throw new SecurIDError('RATE_LIMITED', 'POST /oauth/token: 429', { ...failure, retryAfter });
  }
  const code = status >= 500 ? 'UNAVAILABLE' : 'NOT_AUTHORIZED';
  if (status !== 200) {
    const words = [`POST /oauth/token: ${status}`, ...oauthError(body)].join(' ');
    throw new SecurIDError(code, words, failure);
  }
  const { data, error } = TokenResponse.safeParse(parseJson(body));
  if (error) {
    throw new SecurIDError('UNEXPECTED_RESPONSE', 'POST /oauth/token: wrong shape', failure);
  }
  return { token: data.access_token, renewAt: renewAt(requestedAt, data.expires_in * SECOND) };
}

async function signAssertion(client: OAuthClient, endpoint: string, clock: Clock) {
  const alg = algorithm(client.privateKey);
  const issuedAt = Math.floor(clock.now() / SECOND);
  return new SignJWT({})
    .setProtectedHeader({
      alg,
      typ: 'JWT',
      ...(client.privateKey.kid && { kid: client.privateKey.kid }),
    })
    .setIssuer(client.clientId)
    .setSubject(client.clientId)
    .setAudience(endpoint)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFETIME / SECOND)
    .sign(await importJWK(client.privateKey, alg));
}
