import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose/jwt/sign';
import { importJWK } from 'jose/key/import';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { type ApiKey, algorithm, type Credentials, type OAuthClient } from './credentials.ts';
import { SecurIDError } from './errors.ts';
import { parseJson } from './failure.ts';
import type { Http, HttpAnswer } from './http.ts';

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

const oauthError = ({ body }: HttpAnswer) => TokenRefusal.safeParse(parseJson(body)).data?.error;

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

const isRefusedScope = (answer: HttpAnswer) =>
  answer.status >= 400 && answer.status < 500 && oauthError(answer) === 'invalid_scope';

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

function readToken(answer: HttpAnswer, requestedAt: number): Minted {
  const { status, body, retryAfter } = answer;
  // A token request changes nothing that matters, so what fails here was, for its caller, not sent.
  const failure = { status, sent: false };
  if (status === 429) {
    throw new SecurIDError('RATE_LIMITED', 'POST /oauth/token: 429', { ...failure, retryAfter });
  }
  const code = status >= 500 ? 'UNAVAILABLE' : 'NOT_AUTHORIZED';
  if (status !== 200) {
    const words = [`POST /oauth/token: ${status}`, oauthError(answer)].filter(Boolean).join(' ');
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
