import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Tenant } from '../../src/playground/tenant/index.ts';
import { readApiKey, readOAuthPrivateKey } from '../../src/securid/index.ts';
import { READ_PERMISSIONS } from '../../src/securid/permissions.ts';
import { alan, CODE, failureOf, grace, LOOKUP, openClient, soon, TOKEN } from './support.ts';

const MINUTE = 60_000;
const byEmail = { email: grace.emailAddress };

/** The JWTs that the client has sent to the tenant, in order. */
const shown = ({ secrets }: Tenant) => secrets().filter((secret) => secret.startsWith('eyJ'));
const tokenRequests = ({ requests }: Tenant) => requests.filter(({ route }) => route === TOKEN);

describe('the API key token', () => {
  it('is signed as RSA documents it', async () => {
    const { securid, tenant, clock } = await openClient();
    await securid.users.find(byEmail);

    const [token = ''] = shown(tenant);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', typ: 'JWT' });
    const { sub, aud, iat = 0, exp = 0 } = decodeJwt(token);
    expect({ sub, aud }).toEqual({
      sub: tenant.apiKey.accessID,
      aud: tenant.apiKey.adminRestApiUrl,
    });
    expect(exp - iat).toBeLessThanOrEqual(3600);
    expect(iat * 1000).toBeLessThanOrEqual(clock.now());
  });

  it.each([
    '/AdminInterface/restapi',
    '/AdminInterface/restapi/',
    '/AdminInterface/restapi/v1',
    '/AdminInterface/restapi/v1/',
  ])('names %s byte for byte, and sends requests to the same addresses', async (path) => {
    const { securid, tenant } = await openClient();
    const adminRestApiUrl = `${tenant.url}${path}`;
    const other = await openClient({ keyFile: { adminRestApiUrl } });
    tenant.answerNext({ status: 200, body: grace });
    tenant.answerNext({ status: 200, body: {} });

    await other.securid.users.find(byEmail);
    await other.securid.authenticators.detailsV2(grace.id, { includeBrowsers: false });

    expect(tenant.requests.map((request) => request.path)).toEqual([
      '/AdminInterface/restapi/v1/users/lookup',
      `/AdminInterface/restapi/v2/users/${grace.id}/devices?includeBrowsers=false`,
    ]);
    expect(shown(tenant).map((token) => decodeJwt(token).aud)).toEqual([adminRestApiUrl]);
    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });
  });

  it('is kept until a minute before it expires', async () => {
    const { securid, tenant, clock } = await openClient();
    await securid.users.find(byEmail);
    const [first = ''] = shown(tenant);
    const end = (decodeJwt(first).exp ?? 0) * 1000;

    clock.advance(end - MINUTE - clock.now() - 1);
    await securid.users.find(byEmail);
    expect(shown(tenant)).toEqual([first]);

    clock.advance(1);
    await securid.users.find(byEmail);
    expect(shown(tenant)).toHaveLength(2);
  });

  it('is shared by all calls that start at once', async () => {
    const { securid, tenant } = await openClient();
    await Promise.all([
      securid.users.find(byEmail),
      securid.users.find({ email: alan.emailAddress }),
      securid.licenseUsage.v1(),
      securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios'),
    ]);
    expect(shown(tenant)).toHaveLength(1);
  });

  it.each([
    ['two minutes fast', 2 * MINUTE],
    ['half an hour slow', -29 * MINUTE],
  ])('is accepted even if our clock is %s', async (_, ahead) => {
    const { securid } = await openClient({ ahead });
    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });
  });

  it('is refused if our clock is further off', async () => {
    const { securid } = await openClient({ ahead: 5 * MINUTE });
    expect(await failureOf(securid.users.find(byEmail))).toMatchObject({ code: 'NOT_AUTHORIZED' });
  });
});

describe('the API key file', () => {
  const lines = (pem: string) => pem.trim().split('\n');
  it.each<[string, (pem: string) => string]>([
    ['PKCS#1', (pem) => pem],
    ['PKCS#8', (pem) => createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['line breaks written out', (pem) => pem.replaceAll('\n', '\\n')],
    ['Windows line breaks written out', (pem) => pem.replaceAll('\n', '\\r\\n')],
    ['Windows line breaks', (pem) => pem.replaceAll('\n', '\r\n')],
    ['blanks for line breaks', (pem) => lines(pem).join(' ')],
    ['no line breaks', (pem) => lines(pem).join('')],
    ['indented lines', (pem) => lines(pem).join('\n    ')],
    ['invisible characters', (pem) => `\uFEFF${lines(pem).join('\u200B\n')}\u00A0`],
  ])('may contain its key with %s', async (_, written) => {
    const { securid, tenant } = await openClient();
    const accessKey = written(tenant.apiKey.accessKey);
    const { privateKey } = readApiKey(JSON.stringify({ ...tenant.apiKey, accessKey }));
    expect(privateKey.equals(createPrivateKey(tenant.apiKey.accessKey))).toBe(true);
    expect(await securid.users.find(byEmail)).toBeDefined();
  });

  it('may begin with a byte order mark', async () => {
    const { tenant } = await openClient();
    expect(readApiKey(`\uFEFF${JSON.stringify(tenant.apiKey)}\n`)).toMatchObject({
      accessID: tenant.apiKey.accessID,
    });
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  it.each<[string, unknown, RegExp]>([
    ['empty', '', /check that it is JSON/],
    ['a PEM', '-----BEGIN SECRET-----', /check that it is JSON/],
    ['a list', '[]', /check that it is JSON/],
    ['another object', '{"secret":"SECRET"}', /check accessID, accessKey, adminRestApiUrl$/],
    ['without an address', { adminRestApiUrl: 'SECRET' }, /check adminRestApiUrl$/],
    ['without a key', { accessKey: 'SECRET' }, /accessKey is not a private key in PEM form/],
    ['with an empty key', { accessKey: '' }, /accessKey is not a private key in PEM form/],
    [
      'with half a key',
      { accessKey: '-----BEGIN RSA PRIVATE KEY-----\nSECRET' },
      /accessKey is not a private key in PEM form/,
    ],
    [
      'with a public key',
      { accessKey: ec.publicKey.export({ type: 'spki', format: 'pem' }) },
      /accessKey is not a private key in PEM form/,
    ],
    ['with an EC key', { accessKey: ec.privateKey.export(pkcs8) }, /accessKey is not an RSA key/],
    [
      'with a key that is too short',
      { accessKey: short.privateKey.export(pkcs8) },
      /accessKey is not an RSA key of at least 2048 bits/,
    ],
  ])('is refused in a sentence without a value if %s', async (_, given, sentence) => {
    const { tenant } = await openClient();
    const text =
      typeof given === 'string' ? given : JSON.stringify({ ...tenant.apiKey, ...Object(given) });
    const read = () => readApiKey(text);
    expect(read).toThrow(/^is not an API key file: /);
    expect(read).toThrow(sentence);
    expect(read).not.toThrow(/SECRET|BEGIN|127\.0\.0\.1/);
  });
});

describe.each(['oauth rsa', 'oauth ec'] as const)('an OAuth client (%s)', (credential) => {
  it('does not need a permission that clients of earlier versions lack', async () => {
    const { securid, tenant } = await openClient({ credential });
    const { scopes } = tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.authenticator.ds100.read'), 1);

    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });
    const call = securid.hardwareTokens.onDevice('140109000');
    expect(await failureOf(call)).toMatchObject({ code: 'NOT_AUTHORIZED' });

    const asked = tokenRequests(tenant).map(({ body }) => Object(body).scope);
    const least = READ_PERMISSIONS.filter((permission) => scopes.includes(permission));
    expect(asked).toEqual([READ_PERMISSIONS.join(' '), least.join(' ')]);
  });

  it('requests its token with a form, as in RFC 7523', async () => {
    const { securid, tenant, clock } = await openClient({ credential });
    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });

    const [request] = tokenRequests(tenant);
    expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(request?.body).toEqual({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.any(String),
      client_id: tenant.oauth.clientId,
      scope: READ_PERMISSIONS.join(' '),
    });

    const [assertion = ''] = shown(tenant);
    expect(decodeJwt(assertion)).toEqual({
      iss: tenant.oauth.clientId,
      sub: tenant.oauth.clientId,
      aud: `${tenant.oauth.issuerUrl}/token`,
      iat: clock.now() / 1000,
      exp: clock.now() / 1000 + 300,
      jti: expect.any(String),
    });
    expect(decodeProtectedHeader(assertion)).toMatchObject(
      credential === 'oauth ec'
        ? { alg: 'ES256', kid: tenant.oauth.ecPrivateKey.kid }
        : { alg: 'RS256', kid: tenant.oauth.rsaPrivateKey.kid },
    );
  });
});

describe('the access token', () => {
  const credential = 'oauth rsa';
  const granted = (more: object) => ({ status: 200, body: { token_type: 'Bearer', ...more } });

  it('is kept until a minute before it expires', async () => {
    const { securid, tenant, clock } = await openClient({ credential });
    await securid.users.find(byEmail);
    clock.advance(59 * MINUTE - 1);
    await securid.users.find(byEmail);
    expect(tokenRequests(tenant)).toHaveLength(1);

    clock.advance(1);
    await securid.users.find(byEmail);
    expect(tokenRequests(tenant)).toHaveLength(2);
  });

  it('is requested once, however many calls wait for it', async () => {
    const { securid, tenant } = await openClient({ credential, pace: { concurrency: 4 } });
    const hold = tenant.hold(TOKEN);
    const calls = Promise.all([
      securid.users.find(byEmail),
      securid.users.find({ email: alan.emailAddress }),
      securid.licenseUsage.v1(),
      securid.authenticators.detailsV2(grace.id, { includeBrowsers: false }),
    ]);
    await hold.arrived();
    hold.release();
    await calls;
    expect(tokenRequests(tenant)).toHaveLength(1);
  });

  it.each([
    ['is missing', {}],
    ['is not a number', { expires_in: 'soon' }],
    ['is null', { expires_in: null }],
    ['is a string', { expires_in: '3600' }],
  ])('is kept for an hour if expires_in %s', async (_, more) => {
    const { securid, tenant, clock } = await openClient({ credential });
    tenant.answerNext(granted({ access_token: 'opaque', ...more }), 1, TOKEN);
    tenant.answerNext({ status: 200, body: grace }, 2, LOOKUP);
    await securid.users.find(byEmail);
    clock.advance(59 * MINUTE - 1);
    await securid.users.find(byEmail);
    expect(tokenRequests(tenant)).toHaveLength(1);
    clock.advance(1);
    await securid.users.find(byEmail);
    expect(tokenRequests(tenant)).toHaveLength(2);
  });

  it('is used for half its life if that is shorter than two minutes', async () => {
    const { securid, tenant, clock } = await openClient({ credential });
    tenant.answerNext(granted({ access_token: 'opaque', expires_in: 40 }), 1, TOKEN);
    tenant.answerNext({ status: 200, body: grace }, 2, LOOKUP);
    await securid.users.find(byEmail);
    clock.advance(19_999);
    await securid.users.find(byEmail);
    expect(tokenRequests(tenant)).toHaveLength(1);
    clock.advance(1);
    await securid.users.find(byEmail);
    expect(tokenRequests(tenant)).toHaveLength(2);
  });
});

describe.each(['api key', 'oauth rsa'] as const)('a refused token (%s)', (credential) => {
  it.each([401, 403] as const)('is renewed once after %i, and the call is answered', async (as) => {
    const { securid, tenant } = await openClient({ credential });
    await securid.users.find(byEmail);
    tenant.revokeTokens(as);

    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });
    expect(tenant.requests.map(({ route, status }) => [route, status])).toEqual([
      ...(credential === 'api key' ? [] : [[TOKEN, 200]]),
      [LOOKUP, 200],
      [LOOKUP, as],
      ...(credential === 'api key' ? [] : [[TOKEN, 200]]),
      [LOOKUP, 200],
    ]);
  });

  it('is renewed once for all calls that were refused with it', async () => {
    const { securid, tenant } = await openClient({ credential });
    await securid.users.find(byEmail);
    tenant.revokeTokens(403);

    const before = tenant.secrets().length;
    const hold = tenant.hold();
    const calls = Promise.all([
      securid.users.find(byEmail),
      securid.users.find({ email: alan.emailAddress }),
      securid.licenseUsage.v1(),
    ]);
    await hold.arrived(3);
    hold.release();
    await calls;
    expect(tenant.calls()).toHaveLength(7);
    // With OAuth, the assertion and the new token.
    expect(tenant.secrets()).toHaveLength(before + (credential === 'api key' ? 1 : 2));
  });

  it('is not mistaken for the new one when it is refused late', async () => {
    const { securid, tenant } = await openClient({ credential });
    await securid.users.find(byEmail);
    tenant.revokeTokens(403);
    const before = tenant.secrets().length;
    const hold = tenant.hold('GET /v1/licenseusage');
    const late = securid.licenseUsage.v1();
    await hold.arrived();
    await securid.users.find(byEmail);
    hold.release();
    await late;
    expect(tenant.secrets()).toHaveLength(before + (credential === 'api key' ? 1 : 2));
  });

  it('is renewed for a registration code as well, since none was issued', async () => {
    const { securid, tenant } = await openClient({ credential });
    await securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios');
    tenant.revokeTokens(401);
    await securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios');
    expect(tenant.issuedCodes).toHaveLength(2);
  });

  it.each([LOOKUP, CODE])('is not renewed twice (%s)', async (route) => {
    const { securid, tenant } = await openClient({ credential });
    tenant.setKeyRefused(true);
    const call =
      route === LOOKUP
        ? securid.users.find(byEmail)
        : securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios');
    expect(await failureOf(call)).toMatchObject({ code: 'NOT_AUTHORIZED', status: 403 });
    expect(tenant.calls()).toEqual([route, route]);
  });

  it('is not renewed if the key lacks the permission', async () => {
    const { securid, tenant } = await openClient({ credential });
    const denied = { timestamp: 1, status: 403, error: 'Forbidden', message: 'Access is denied' };
    tenant.answerNext({ status: 403, body: denied }, 1, LOOKUP);
    expect(await failureOf(securid.users.find(byEmail))).toMatchObject({
      code: 'NOT_AUTHORIZED',
      tokenRefused: false,
    });
    expect(tenant.calls()).toEqual([LOOKUP]);
  });
});

describe('the token endpoint', () => {
  const credential = 'oauth rsa';

  it.each([
    ['resets the connection', 'reset' as const],
    ['cuts its answer off', 'cut off' as const],
    ['answers 503', { status: 503, body: '<html>' }],
  ])('is tried three times if it %s, and nothing was sent to the API', async (_, fault) => {
    const { securid, tenant } = await openClient({ credential });
    tenant.answerNext(fault, 10, TOKEN);
    for (const call of [
      () => securid.users.find(byEmail),
      () => securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios'),
    ]) {
      tenant.requests.length = 0;
      expect(await failureOf(call())).toMatchObject({ code: 'UNAVAILABLE', sent: false });
      expect(tenant.requests.map(({ route }) => route)).toEqual([TOKEN, TOKEN, TOKEN]);
    }
  });

  it.each([
    ['500', { status: 500 }, 'UNAVAILABLE'],
    ['401', { status: 401, body: { error: 'invalid_client' } }, 'NOT_AUTHORIZED'],
    ['403', { status: 403, body: '<html>' }, 'NOT_AUTHORIZED'],
    ['400 with a page', { status: 400, body: '<html>' }, 'UNEXPECTED_RESPONSE'],
    ['401 with a page', { status: 401, body: '<html>' }, 'UNEXPECTED_RESPONSE'],
    ['401 without a body', { status: 401 }, 'NOT_AUTHORIZED'],
    ['a redirect', { status: 302, headers: { location: '/' } }, 'UNEXPECTED_RESPONSE'],
    ['a page', { status: 200, body: '<html>' }, 'UNEXPECTED_RESPONSE'],
    ['no token', { status: 200, body: { expires_in: 3600 } }, 'UNEXPECTED_RESPONSE'],
    [
      'a token of two lines',
      { status: 200, body: { access_token: 'a\nb' } },
      'UNEXPECTED_RESPONSE',
    ],
  ])('is tried once if it answers %s', async (_, fault, code) => {
    const { securid, tenant } = await openClient({ credential });
    tenant.answerNext(fault, 1, TOKEN);
    const call = securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios');
    expect(await failureOf(call)).toMatchObject({ code, sent: false });
    expect(tenant.requests.map(({ route }) => route)).toEqual([TOKEN]);
  });

  it.each([
    [400, 'invalid_scope'],
    [401, 'invalid_client'],
    [403, 'unauthorized_client'],
    [503, 'temporarily_unavailable'],
  ])('is quoted if it refuses with %i %s, by its OAuth error code', async (status, error) => {
    const { securid, tenant } = await openClient({ credential, pace: { retryPause: 0 } });
    const message = `POST /oauth/token: ${status}`;
    const tries = { 400: 2, 503: 3 }[status] ?? 1;
    const description = 'client 5d1c may not ask for xoxb-secret';
    tenant.answerNext({ status, body: { error, error_description: description } }, tries, TOKEN);
    expect(await failureOf(securid.users.find(byEmail))).toMatchObject({
      message: `${message} ${error}`,
    });
    tenant.answerNext({ status, body: { error: `${error} of 5d1c` } }, tries, TOKEN);
    const other = failureOf(securid.users.find({ username: 'alan' }));
    expect(await other).toMatchObject({ message });
  });

  it('pauses all calls with its 429', async () => {
    const { securid, tenant, clock } = await openClient({ credential });
    tenant.answerNext({ status: 429, headers: { 'retry-after': '3' } }, 1, TOKEN);
    const start = clock.now();
    const call = securid.users.find(byEmail);
    await soon(() => expect(clock.nextIn()).toBe(3000));
    clock.advance(3000);
    expect(await call).toMatchObject({ id: grace.id });
    expect(tenant.requests.map(({ route, startedAt }) => [route, startedAt - start])).toEqual([
      [TOKEN, 0],
      [TOKEN, 3000],
      [LOOKUP, 3000],
    ]);
  });

  it('that answers too late lets nothing be sent to the API', async () => {
    const { securid, tenant, clock } = await openClient({ credential });
    const hold = tenant.hold(TOKEN);
    const until = clock.elapsed() + 1000;
    const issue = securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios', { until });
    const failed = failureOf(issue);
    await hold.arrived();
    clock.advance(1000);
    expect(await failed).toMatchObject({ code: 'UNAVAILABLE', sent: false });
    hold.release();
    await securid.licenseUsage.v1();
    expect(tenant.calls()).toEqual(['GET /v1/licenseusage']);
  });

  it.each([
    ['a look-up', LOOKUP],
    ['a registration code', CODE],
  ])('makes %s unavailable, not busy, if it never answers', async (_, route) => {
    const { securid, tenant, clock } = await openClient({ credential });
    tenant.answerNext('hang', 2, TOKEN);
    const failed = failureOf(
      route === LOOKUP
        ? securid.users.find(byEmail)
        : securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios'),
    );
    await tenant.saw(TOKEN);
    clock.advance(8000);
    await tenant.saw(TOKEN, 2);
    clock.advance(7000);
    expect(await failed).toMatchObject({ code: 'UNAVAILABLE', sent: false });
    expect(tenant.calls()).toEqual([]);
  });
});

describe('the OAuth private key', () => {
  const jwkOf = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
    format: 'jwk',
  });
  const { d: _, ...publicOnly } = ec;

  it.each([
    ['is RSA without alg', jwkOf(2048)],
    ['is EC on another curve without alg', ec],
  ])('may be one that %s', async (_, jwk) => {
    expect(await readOAuthPrivateKey(`\uFEFF${JSON.stringify(jwk)}`)).toMatchObject({
      kty: jwk.kty,
    });
  });

  it.each<[string, unknown]>([
    ['is no JSON', 'SECRET'],
    ['is public', publicOnly],
    ['is symmetric', { kty: 'oct', k: 'SECRET' }],
    ['is damaged', { ...ec, d: 'SECRET' }],
    ['names an algorithm of another kind', { ...ec, alg: 'RS256' }],
    ['names an unknown algorithm', { ...ec, alg: 'SECRET' }],
    ['is too short to sign with', jwkOf(1024)],
    ['is not meant for signing', { ...jwkOf(2048), key_ops: ['decrypt'] }],
  ])('is refused in a sentence without a value if it %s', async (_, key) => {
    const refused = expect(
      readOAuthPrivateKey(typeof key === 'string' ? key : JSON.stringify(key)),
    );
    await refused.rejects.toThrow(/^is not a (usable )?private JWK( of type RSA or EC)?$/);
  });
});
