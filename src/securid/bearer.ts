import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose/jwt/sign';
import { importJWK } from 'jose/key/import';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { type ApiKey, algorithm, type Credentials, type OAuthClient } from './credentials.ts';
import { SecurIDError, type SecurIDErrorCode } from './errors.ts';
import { isOwn, parseJson } from './failure.ts';
import type { Http, HttpAnswer } from './http.ts';
import { leastOf, type Permission, READ_PERMISSIONS } from './permissions.ts';

/** Supplies bearer tokens, and replaces those that the tenant refused. */
export type Bearer = {
  /** For a call that needs this permission of its own; without one, for the other look-ups. */
  token(permission?: Permission): Promise<string>;
  /** The tenant refused this token: the next call gets a new one. */
  refused(token: string): void;
  /** Whether tokens carry permissions rather than a role. */
  hasPermissions: boolean;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * RSA requires an `exp` at most one hour after `iat` and an `iat` in the past, and tolerates 60 s
 * of clock skew (Authentication for the Cloud Administration APIs). Backdating `iat` doubles how
 * fast our clock may run.
 */
const API_KEY_TOKEN = { backdated: MINUTE, lifetime: 30 * MINUTE };

/** As in RSA's public clients. The assertion is used once, right away. */
const ASSERTION_LIFETIME = 5 * MINUTE;

/** RFC 6749 makes `expires_in` optional; RSA's public clients then assume an hour. */
const DEFAULT_EXPIRES_IN = 3600;

/** `renewAt` by `clock.elapsed()`. */
type Minted = { token: string; renewAt: number };

/** A minute before the token expires, or halfway through if it lives less than two minutes. */
const renewAt = (issuedAt: number, lifetime: number) =>
  issuedAt + lifetime - Math.min(MINUTE, lifetime / 2);

/**
 * With an API key, one token signed here serves every call. With OAuth, look-ups
 * share one token, and each change and each separate look-up has one with its own permission,
 * so that a missing permission fails that call alone.
 */
export function createBearer(credentials: Credentials, http: Http, clock: Clock): Bearer {
  if ('apiKey' in credentials) {
    const one = createRenewed(() => signApiKeyToken(credentials.apiKey, clock), clock);
    return { token: () => one.token(), refused: one.refused, hasPermissions: false };
  }
  const client = credentials.oauthClient;
  const byScope = new Map<string, Renewed>();
  function tokenFor(scope: string, own?: Permission): Renewed {
    const known = byScope.get(scope);
    if (known) return known;
    const renewed = createRenewed(
      () => fetchAccessToken({ client, scope, own }, http, clock),
      clock,
    );
    byScope.set(scope, renewed);
    return renewed;
  }
  return {
    token(permission) {
      if (client.scope !== undefined) return tokenFor(client.scope).token();
      return tokenFor(permission ?? READ_PERMISSIONS.join(' '), permission).token();
    },
    refused(token) {
      for (const renewed of byScope.values()) renewed.refused(token);
    },
    hasPermissions: true,
  };
}

type Renewed = { token(): Promise<string>; refused(token: string): void };

/** Mints one token at a time, whoever waits for it, and renews it a minute before it expires. */
function createRenewed(mint: () => Promise<Minted>, clock: Clock): Renewed {
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
    // RSA ignores other claims; this one makes a token renewed within the same second differ.
    .setJti(randomUUID())
    .setIssuedAt(Math.floor(issuedAt / SECOND))
    .setExpirationTime(Math.floor((issuedAt + API_KEY_TOKEN.lifetime) / SECOND))
    .sign(key.privateKey);
  const issued = clock.elapsed() - API_KEY_TOKEN.backdated;
  return { token, renewAt: renewAt(issued, API_KEY_TOKEN.lifetime) };
}

/**
 * The error codes of a token endpoint (RFC 6749, 5.2 and 4.1.2.1; RFC 8707, 2). Anything else
 * stays out of the log.
 */
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
  // Characters that a header can carry.
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().catch(DEFAULT_EXPIRES_IN),
});

const isRefusedScope = (answer: HttpAnswer) =>
  answer.status >= 400 && answer.status < 500 && oauthError(answer) === 'invalid_scope';

/**
 * Whether the scope was refused rather than the client. RSA's
 * public clients take a bare 403 for that.
 */
function isForScope(answer: HttpAnswer): boolean {
  if (answer.status >= 500) return false;
  const error = oauthError(answer);
  return error === undefined ? answer.status === 403 : SCOPE_ERRORS.has(error);
}

const OAuthForm = z.object({ error: z.string() });

/** A firewall's is none. RSA's public clients report a 403 whose form is not known. */
const isOwnRefusal = (answer: HttpAnswer) =>
  answer.status === 403 || OAuthForm.safeParse(parseJson(answer.body)).success || isOwn(answer);

function codeOf(answer: HttpAnswer): SecurIDErrorCode {
  if (answer.status >= 500) return 'UNAVAILABLE';
  return answer.status >= 400 && isOwnRefusal(answer) ? 'NOT_AUTHORIZED' : 'UNEXPECTED_RESPONSE';
}

const SCOPE_ERRORS = new Set(['invalid_scope', 'access_denied']);

type Grant = {
  client: OAuthClient;
  scope: string;
  /** The permission that the call itself needs. */
  own: Permission | undefined;
};

async function fetchAccessToken(grant: Grant, http: Http, clock: Clock): Promise<Minted> {
  const { client, scope, own } = grant;
  const requestedAt = clock.elapsed();
  const answer = await askForToken(client, scope, http, clock);
  const least = leastOf(scope);
  if (!isRefusedScope(answer) || least === '' || least === scope) {
    return readToken(answer, requestedAt, own);
  }
  return readToken(await askForToken(client, least, http, clock), requestedAt, own);
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
    const { code, message, network } = error;
    throw new SecurIDError(code, `POST /oauth/token: ${message}`, { sent: false, network });
  });
}

function readToken(answer: HttpAnswer, requestedAt: number, own: Permission | undefined): Minted {
  const { status, body, retryAfter } = answer;
  // A token request changes nothing, and the caller's own request has not been sent.
  const failure = { status, sent: false };
  if (status === 429) {
    throw new SecurIDError('RATE_LIMITED', 'POST /oauth/token: 429', { ...failure, retryAfter });
  }
  if (status !== 200) {
    const permission = isForScope(answer) ? own : undefined;
    const form = isOwnRefusal(answer) ? undefined : "not in SecurID's own form";
    const words = [`POST /oauth/token: ${status}`, oauthError(answer), permission, form];
    throw new SecurIDError(codeOf(answer), words.filter(Boolean).join(' '), {
      ...failure,
      permission,
    });
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
