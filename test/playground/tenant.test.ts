import { createPrivateKey } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTenant, type Tenant } from '../../src/playground/tenant/index.ts';
import {
  browser,
  ds100,
  fidoKey,
  logEvent,
  phone,
  playgroundRecords,
  sid700,
  tenantRecords,
  user,
  userByUpn,
} from '../../src/playground/tenant-records.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { PATIENCE } from '../support/patience.ts';

const REJECTED = 'Server failed to process provided access token';
const WRONG_BODY = {
  code: '400 BAD_REQUEST',
  description: 'Wrong number of properties in the request body.',
};
const APP_ID = '1f00c62b-a5c0-49d3-9ffb-92314d717187';
const LOOKUP = 'POST /v1/users/lookup';
const CODE = 'POST /v1/users/deviceRegistrationCode';

let clock: ManualClock;
let tenant: Tenant;

const grace = user({ emailAddress: 'grace@acme.test', principalUsername: 'gokafor' });
const alan = user({ emailAddress: 'alan@acme.test' });

beforeEach(async () => {
  clock = manualClock();
  tenant = await startTenant({ clock, records: tenantRecords({ users: [grace, alan] }) });
});

afterEach(() => tenant.stop());

type Reply = {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
};

async function send(method: string, path: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(`${tenant.url}${path}`, { method, ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  const body = isJson && text !== '' ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, body };
}

type Claims = Record<string, unknown>;

function sign(claims: Claims = {}, header: { alg: string } = { alg: 'RS256' }): Promise<string> {
  const now = Math.floor(clock.now() / 1000);
  return new SignJWT({
    sub: tenant.apiKey.accessID,
    aud: tenant.apiKey.adminRestApiUrl,
    iat: now,
    exp: now + 3600,
    ...claims,
  })
    .setProtectedHeader({ typ: 'JWT', ...header })
    .sign(createPrivateKey(tenant.apiKey.accessKey));
}

async function call(route: string, body?: unknown, token?: string): Promise<Reply> {
  const [method = '', path = ''] = route.split(' ');
  return send(method, `/AdminInterface/restapi${path}`, {
    headers: {
      authorization: `Bearer ${token ?? (await sign())}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const lookup = (email: string, token?: string) => call(LOOKUP, { email }, token);

describe('the Administration API key', () => {
  const seconds = (offset: number) => Math.floor(clock.now() / 1000) + offset;

  it('opens the API with a token signed as documented', async () => {
    expect(await lookup('grace@acme.test')).toMatchObject({ status: 200, body: grace });
  });

  it.each<[string, () => Claims]>([
    ['is meant for another address', () => ({ aud: `${tenant.apiKey.adminRestApiUrl}/` })],
    ['lists its audience', () => ({ aud: [tenant.apiKey.adminRestApiUrl] })],
    ['names another key', () => ({ sub: 'somebody' })],
    ['has no exp', () => ({ exp: undefined })],
    ['has no iat', () => ({ iat: undefined })],
    ['writes its times as strings', () => ({ iat: String(seconds(0)), exp: String(seconds(60)) })],
    ['lives longer than an hour', () => ({ exp: seconds(3601) })],
    ['has expired', () => ({ iat: seconds(-600), exp: seconds(-61) })],
    ['comes from the future', () => ({ iat: seconds(62), exp: seconds(600) })],
    ['is more than an hour old', () => ({ iat: seconds(-3662), exp: seconds(-62) })],
    ['counts milliseconds', () => ({ iat: clock.now(), exp: clock.now() + 60_000 })],
  ])('refuses a token that %s', async (_, claims) => {
    expect(await lookup('grace@acme.test', await sign(claims()))).toMatchObject({
      status: 403,
      body: {
        timestamp: clock.now(),
        status: 403,
        error: 'Forbidden',
        message: REJECTED,
        path: '/AdminInterface/restapi/v1/users/lookup',
      },
    });
  });

  it('allows a minute of clock skew either way', async () => {
    const slow = await sign({ iat: seconds(-600), exp: seconds(-59) });
    const fast = await sign({ iat: seconds(59), exp: seconds(3659) });
    expect(await lookup('grace@acme.test', slow)).toMatchObject({ status: 200 });
    expect(await lookup('grace@acme.test', fast)).toMatchObject({ status: 200 });
  });

  it('refuses any algorithm but RS256', async () => {
    const token = await sign({}, { alg: 'PS256' });
    expect((await lookup('grace@acme.test', token)).body.message).toBe(REJECTED);
  });

  it('refuses a token signed with another key', async () => {
    const now = Math.floor(clock.now() / 1000);
    const token = await new SignJWT({ iat: now, exp: now + 60 })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setSubject(tenant.apiKey.accessID)
      .setAudience(tenant.apiKey.adminRestApiUrl)
      .sign(await importJWK(tenant.oauth.rsaPrivateKey, 'RS256'));
    expect(await lookup('grace@acme.test', token)).toMatchObject({ status: 403 });
  });

  it('refuses a request without a token, and anything that is not a token', async () => {
    const bare = await send('GET', '/AdminInterface/restapi/v1/licenseusage');
    expect(bare).toMatchObject({ status: 403, body: { message: REJECTED } });
    expect((await lookup('grace@acme.test', 'nonsense')).status).toBe(403);
  });

  it('is refused for as long as the key is', async () => {
    tenant.setKeyRefused(true);
    expect((await lookup('grace@acme.test')).body.message).toBe(REJECTED);
    tenant.setKeyRefused(false);
    expect((await lookup('grace@acme.test')).status).toBe(200);
  });

  it('refuses earlier tokens after they were revoked, and accepts newer ones', async () => {
    const token = await sign();
    await lookup('grace@acme.test', token);

    tenant.revokeTokens(401);
    expect(await lookup('grace@acme.test', token)).toMatchObject({ status: 401, text: '' });
    tenant.revokeTokens(403);
    expect((await lookup('grace@acme.test', token)).body.message).toBe(REJECTED);

    clock.advance(1000);
    expect((await lookup('grace@acme.test')).status).toBe(200);
  });
});

describe('the OAuth client', () => {
  const assertion = async (claims: Claims = {}, key: JWK = tenant.oauth.rsaPrivateKey) => {
    const now = Math.floor(clock.now() / 1000);
    const { alg = '', kid } = key;
    return new SignJWT({
      iss: tenant.oauth.clientId,
      sub: tenant.oauth.clientId,
      aud: `${tenant.oauth.issuerUrl}/token`,
      exp: now + 300,
      jti: 'first',
      ...claims,
    })
      .setProtectedHeader({ alg, kid })
      .sign(await importJWK(key, alg));
  };

  async function askToken(fields: Record<string, string> = {}): Promise<Reply> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: fields.client_assertion ?? (await assertion()),
      scope: tenant.oauth.scopes.join(' '),
      ...fields,
    });
    return send('POST', '/oauth/token', { body: form });
  }

  it('gets an access token that opens the API for an hour', async () => {
    const { status, body } = await askToken();
    const token = String(body.access_token);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
    });

    clock.advance(3_599_000);
    expect((await lookup('grace@acme.test', token)).status).toBe(200);
    clock.advance(1000);
    expect((await lookup('grace@acme.test', token)).body.message).toBe(REJECTED);
  });

  it('may sign with its EC key', async () => {
    const client_assertion = await assertion({}, tenant.oauth.ecPrivateKey);
    expect((await askToken({ client_assertion })).status).toBe(200);
  });

  it('is denied what its scope does not cover', async () => {
    const { body } = await askToken({ scope: 'rsa.report.license.usage' });
    const token = String(body.access_token);
    expect((await call('GET /v1/licenseusage', undefined, token)).status).toBe(200);
    expect((await call('GET /v2/licenseusage', undefined, token)).status).toBe(200);
    expect(await lookup('grace@acme.test', token)).toMatchObject({
      status: 403,
      body: { error: 'Forbidden', message: 'Access is denied' },
    });
    const other = await assertion({ jti: 'second' });
    const reader = await askToken({ scope: 'rsa.user.read', client_assertion: other });
    expect(
      await call('GET /v2/licenseusage', undefined, String(reader.body.access_token)),
    ).toMatchObject({ status: 403, body: { message: 'Access is denied' } });
  });

  it('may use an assertion only once', async () => {
    const client_assertion = await assertion();
    expect((await askToken({ client_assertion })).status).toBe(200);
    expect(await askToken({ client_assertion })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it.each<[string, () => Claims]>([
    ['meant for the issuer', () => ({ aud: tenant.oauth.issuerUrl })],
    ['of another issuer', () => ({ iss: 'somebody' })],
    ['about another subject', () => ({ sub: 'somebody' })],
    ['that has expired', () => ({ exp: Math.floor(clock.now() / 1000) - 61 })],
    ['without exp', () => ({ exp: undefined })],
    ['without jti', () => ({ jti: undefined })],
  ])('is refused with an assertion %s', async (_, claims) => {
    const client_assertion = await assertion(claims());
    expect(await askToken({ client_assertion })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('is refused if kid names another key, or none', async () => {
    const { rsaPrivateKey, ecPrivateKey } = tenant.oauth;
    const swapped = await assertion({}, { ...rsaPrivateKey, kid: ecPrivateKey.kid });
    const nameless = await assertion({}, { ...rsaPrivateKey, kid: undefined });
    expect((await askToken({ client_assertion: swapped })).status).toBe(401);
    expect((await askToken({ client_assertion: nameless })).status).toBe(401);
  });

  it.each([
    ['invalid_request', { grant_type: '' }],
    ['unsupported_grant_type', { grant_type: 'password' }],
    ['invalid_client', { client_assertion_type: 'jwt' }],
    ['invalid_client', { client_id: 'somebody' }],
    ['invalid_scope', { scope: '' }],
    ['invalid_scope', { scope: 'rsa.user.read rsa.user.delete' }],
    ['invalid_scope', { scope: 'rsa.authenticator.sidtoken.delete' }],
  ])('is answered %s for %o', async (error, fields) => {
    expect((await askToken(fields)).body).toMatchObject({ error });
  });

  it('must send a form', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ grant_type: 'client_credentials' });
    expect(await send('POST', '/oauth/token', { headers, body })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });
});

describe('POST /v1/users/lookup', () => {
  it('finds a user by e-mail address or user name, in any case', async () => {
    expect((await call(LOOKUP, { email: 'GRACE@acme.test' })).body).toEqual(grace);
    expect((await call(LOOKUP, { username: 'GOkafor', searchUnsynched: true })).body).toEqual(
      grace,
    );
  });

  it('does not find a stranger', async () => {
    expect(await lookup('nobody@acme.test')).toMatchObject({
      status: 404,
      body: { code: '404 NOT_FOUND', description: 'User nobody@acme.test not found' },
    });
  });

  it.each([
    {},
    [],
    'grace@acme.test',
    { email: '' },
    { email: 7 },
    { email: 'grace@acme.test', username: 'gokafor' },
    { email: 'grace@acme.test', username: null },
    { email: 'grace@acme.test', searchUnsynched: 'true' },
    { emailId: 'grace@acme.test' },
  ])('refuses the body %j', async (body) => {
    expect(await call(LOOKUP, body)).toMatchObject({ status: 400, body: WRONG_BODY });
  });

  it('accepts only JSON', async () => {
    const path = '/AdminInterface/restapi/v1/users/lookup';
    const authorization = `Bearer ${await sign()}`;
    const ask = (type: string, body: string) =>
      send('POST', path, { headers: { authorization, 'content-type': type }, body });
    const email = '{"email":"grace@acme.test"}';
    expect((await ask('text/plain', email)).status).toBe(415);
    expect((await ask('application/json', 'email')).status).toBe(400);
    expect((await ask('application/json; charset=utf-8', email)).status).toBe(200);
  });
});

describe('GET /{v1,v2}/users/{id}/devices', () => {
  const pixel = phone({ userId: grace.id, name: "Grace's Pixel" });
  const chrome = browser({ userId: grace.id });
  const key = fidoKey({ userId: grace.id, name: "'s%20FIDO%20token" });
  const token = sid700({ tokenSerialNumber: '000000900001', userId: grace.id });

  beforeEach(() => {
    tenant.records.devices = [pixel, chrome];
    tenant.records.fidoTokens = [key];
    tenant.records.tokens = [token, sid700({ tokenSerialNumber: '000000900002' })];
  });

  it('returns three lists in version 2, without browsers unless asked for', async () => {
    const lists = { devices: [pixel], sidTokens: [token], fidoTokens: [key] };
    const path = `GET /v2/users/${grace.id}/devices`;
    expect((await call(path)).body).toEqual(lists);
    expect((await call(`${path}?includeBrowsers=false`)).body).toEqual(lists);
    expect((await call(`${path}?includeBrowsers=True`)).body.devices).toEqual([pixel, chrome]);
  });

  it('returns one list in version 1, with browsers unless told otherwise', async () => {
    const path = `GET /v1/users/${grace.id}/devices`;
    const { body } = await call(path);
    expect(body).toMatchObject([
      { osType: 'iOS 18.3' },
      { osType: 'Chrome 133.0.6943.54' },
      { osType: 'FIDO Token' },
    ]);
    expect((await call(`${path}?includeBrowsers=false`)).body).toEqual([
      {
        id: pixel.id,
        name: "Grace's%20Pixel",
        userid: grace.id,
        osType: 'iOS 18.3',
        capabilities: pixel.capabilities,
        registeredDate: pixel.registeredDate,
        lastUsedDate: pixel.registeredDate,
      },
      expect.objectContaining({ name: "'s%20FIDO%20token", capabilities: null }),
    ]);
  });

  it('differs in what it returns for a user without authenticators', async () => {
    expect((await call(`GET /v1/users/${alan.id}/devices`)).status).toBe(404);
    expect(await call(`GET /v2/users/${alan.id}/devices`)).toMatchObject({
      status: 200,
      body: { devices: [], sidTokens: [], fidoTokens: [] },
    });
  });

  it.each(['v1', 'v2'])('refuses a bad id and does not know a stranger in %s', async (version) => {
    const status = async (id: string, query = '') =>
      (await call(`GET /${version}/users/${id}/devices${query}`)).status;
    expect(await status('grace@acme.test')).toBe(400);
    expect(await status('%zz')).toBe(400);
    expect(await status('')).toBe(400);
    expect(await status(grace.id, '?includeBrowsers=perhaps')).toBe(400);
    expect(await status('00000000-0000-4000-8000-000000000000')).toBe(404);
  });
});

describe('POST /v1/users/deviceRegistrationCode', () => {
  it('issues a nine-digit code that lives for five minutes', async () => {
    const { status, body } = await call(CODE, { email: 'Alan@acme.test', appId: APP_ID });
    expect(status).toBe(200);
    expect(body).toEqual({
      companyID: 'acme',
      deviceRegistrationCode: expect.stringMatching(/^\d{9}$/),
      email: 'Alan@acme.test',
      expirationDate: new Date(clock.now() + 300_000).toISOString(),
    });
    expect(tenant.issuedCodes).toEqual([
      { code: body.deviceRegistrationCode, userId: alan.id, at: clock.now() },
    ]);
  });

  it('returns the user name if asked by user name', async () => {
    const { body } = await call(CODE, { username: 'alan' });
    expect(body).toMatchObject({ username: 'alan' });
    expect(body).not.toHaveProperty('email');
  });

  it.each([
    {},
    { email: 'alan@acme.test', username: 'alan' },
    { email: 'alan@acme.test', appId: null },
    { email: 'alan@acme.test', appId: 'another' },
    { email: 'alan@acme.test', platform: 'ios' },
    { emailId: 'alan@acme.test' },
  ])('refuses the body %j', async (body) => {
    expect(await call(CODE, body)).toMatchObject({ status: 400, body: WRONG_BODY });
    expect(tenant.issuedCodes).toEqual([]);
  });

  it.each<[string, () => void]>([
    [
      'Your company is not licensed to use SecurID multifactor authentication methods.',
      () => Object.assign(tenant.records, { licensed: false }),
    ],
    ['User alan@acme.test not found.', () => Object.assign(tenant.records, { users: [] })],
    [
      'User is disabled.',
      () => Object.assign(tenant.records, { users: [{ ...alan, userStatus: 'Disabled' }] }),
    ],
    [
      'User already has a registered device.',
      () => tenant.records.devices.push(phone({ userId: alan.id })),
    ],
  ])('refuses: %s', async (message, change) => {
    change();
    expect(await call(CODE, { email: 'alan@acme.test' })).toMatchObject({
      status: 403,
      body: {
        timestamp: clock.now(),
        status: 403,
        error: 'Forbidden',
        message,
        path: '/AdminInterface/restapi/v1/users/deviceRegistrationCode',
      },
    });
    expect(tenant.issuedCodes).toEqual([]);
  });

  it('does not count a browser as a registered device', async () => {
    tenant.records.devices.push(browser({ userId: alan.id }));
    expect((await call(CODE, { email: 'alan@acme.test' })).status).toBe(200);
  });
});

describe('PATCH /v1/users/{id}/methods', () => {
  const noor = () =>
    user({
      emailAddress: 'noor@acme.test',
      isTokenLocked: true,
      isSmsLocked: true,
      isApproveLocked: true,
    });
  const path = (id: string) => `PATCH /v1/users/${id}/methods`;
  const unlock = (unlockMethods: unknown, id = noor().id) => call(path(id), { unlockMethods });
  const state = () => tenant.records.users.at(-1);

  beforeEach(() => void tenant.records.users.push(noor()));
  afterEach(() => void tenant.records.users.pop());

  it('unlocks what was asked for, locked or not, and returns the state of all', async () => {
    expect(await unlock(['TOKEN', 'VOICE'])).toMatchObject({
      status: 200,
      body: {
        isTokenLocked: false,
        isSmsLocked: true,
        isVoiceLocked: false,
        isFingerprintLocked: false,
        isApproveLocked: true,
      },
    });
    expect(state()).toMatchObject({ isTokenLocked: false, isSmsLocked: true });
  });

  it.each([
    ['nothing', 200],
    ['no content', 204],
  ] as const)('answers %s in some tenants', async (unlockAnswer, status) => {
    tenant.traits.unlockAnswer = unlockAnswer;
    expect(await unlock(['SMS'])).toMatchObject({ status, text: '' });
    expect(state()).toMatchObject({ isSmsLocked: false });
  });

  it.each<unknown>([undefined, [], 'TOKEN', ['token'], ['APPROVE'], ['TOKEN', 'FINGERPRINT']])(
    'unlocks nothing for %j',
    async (methods) => {
      expect(await unlock(methods)).toMatchObject({ status: 400, body: WRONG_BODY });
      expect(state()).toMatchObject({ isTokenLocked: true });
    },
  );

  it('counts the properties, and accepts only JSON', async () => {
    const body = { unlockMethods: ['TOKEN'], email: 'noor@acme.test' };
    expect(await call(path(noor().id), body)).toMatchObject({ status: 400, body: WRONG_BODY });
    expect(await call(path(noor().id))).toMatchObject({ status: 400, body: WRONG_BODY });
  });

  it('refuses a bad id and does not know a stranger', async () => {
    expect((await unlock(['TOKEN'], 'noor@acme.test')).status).toBe(400);
    expect(await unlock(['TOKEN'], '00000000-0000-4000-8000-000000000000')).toMatchObject({
      status: 404,
      body: { code: '404 NOT_FOUND' },
    });
  });
});

describe('POST /v1/sidTokens/lookup', () => {
  const TOKEN = 'POST /v1/sidTokens/lookup';

  it('finds a token by its exact serial number, and calls it SID700', async () => {
    const token = sid700({ tokenSerialNumber: '000000900002' });
    tenant.records.tokens = [token];
    expect((await call(TOKEN, { tokenSerialNumber: '000000900002' })).body).toEqual({
      ...token,
      deviceType: 'SID700',
    });
    expect(await call(TOKEN, { tokenSerialNumber: '900002' })).toMatchObject({
      status: 404,
      body: { code: '404 NOT_FOUND' },
    });
  });

  it('does not find a DS100 by the number on its back', async () => {
    tenant.records.tokens = [
      ds100({ tokenSerialNumber: '014010900007', deviceSerialNumber: '140109000' }),
    ];
    expect((await call(TOKEN, { tokenSerialNumber: '140109000' })).status).toBe(404);
    const { body } = await call(TOKEN, { tokenSerialNumber: '014010900007' });
    expect(body).toMatchObject({ deviceType: 'SecurID DS100', tokenStatusChangedAt: ' null' });
    expect(body).not.toHaveProperty('deviceSerialNumber');
  });

  it.each([
    {},
    { tokenSerialNumber: '' },
    { tokenSerialNumber: 900002 },
    { tokenSerialNumber: '0'.repeat(37) },
    { tokenSerialNumber: '000000900002', userId: null },
  ])('refuses the body %j', async (body) => {
    expect((await call(TOKEN, body)).status).toBe(400);
  });
});

describe('GET /v1/licenseusage', () => {
  it('returns the figures', async () => {
    tenant.records.licenseUsage.mfaLicensesUsed = 1400;
    const { body } = await call('GET /v1/licenseusage');
    expect(body).toEqual(tenant.records.licenseUsage);
    expect(body.mfaLicensesUsed).toBe(1400);
  });
});

describe('GET /v2/licenseusage', () => {
  it('returns a list of this month and the twelve before', async () => {
    const { status, text } = await call('GET /v2/licenseusage');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual(tenant.records.licenseMonths);
    expect(JSON.parse(text)).toHaveLength(13);
    expect(JSON.parse(text).at(-1)).toEqual({
      mfaLicensesUsed: 1137,
      usersWithThirdPartyFidoAuthenticators: 212,
      smsAndVoiceTokencodesSent: 438,
      activeUsers: 1094,
      lastUpdatedAt: '2026-03-04T05:06:07.089Z',
      month: '2026-03',
    });
  });

  it('does not exist for a tenant without it', async () => {
    tenant.records.licenseMonths = undefined;
    const { status, text } = await call('GET /v2/licenseusage');
    expect([status, text]).toEqual([404, expect.stringContaining('404 Not Found')]);
    expect((await call('GET /v1/licenseusage')).status).toBe(200);
  });
});

describe('the gateway', () => {
  it.each(['/', '/AdminInterface/restapi/v2/users/lookup', '/AdminInterface/restapi/v1/users'])(
    'answers %s with a page',
    async (path) => {
      const { status, headers, text } = await send('GET', path);
      expect(status).toBe(404);
      expect(headers.get('content-type')).toBe('text/html');
      expect(text).toContain('404 Not Found');
    },
  );

  it('refuses the wrong method', async () => {
    const { status, headers } = await call('GET /v1/users/lookup');
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    expect((await send('GET', '/oauth/token')).status).toBe(405);
    expect((await call('POST /v1/licenseusage', {})).status).toBe(405);
  });

  it('refuses more than a megabyte', async () => {
    expect((await call(LOOKUP, { email: 'a'.repeat(2 ** 20) })).status).toBe(413);
    expect((await call(LOOKUP, { email: 'a'.repeat(2 ** 20 - 12) })).status).toBe(404);
  });
});

describe('tenants differ', () => {
  it('in the property for the company beside a code', async () => {
    const ask = async () => (await call(CODE, { email: 'alan@acme.test' })).body;

    expect(await ask()).toHaveProperty('companyID', 'acme');
    tenant.traits.companyIdAs = 'companyId';
    expect(await ask()).toHaveProperty('companyId', 'acme');
    expect(await ask()).not.toHaveProperty('companyID');
  });

  it('in how much of the audience they compare', async () => {
    const origin = await sign({ aud: tenant.url });
    const other = await sign({ aud: 'https://other.test/AdminInterface/restapi/v1' });

    expect((await lookup('grace@acme.test', origin)).status).toBe(403);
    tenant.traits.audience = 'its host';
    expect((await lookup('grace@acme.test', origin)).status).toBe(200);
    expect((await lookup('grace@acme.test', await sign())).status).toBe(200);
    expect((await lookup('grace@acme.test', other)).status).toBe(403);
    expect((await lookup('grace@acme.test', await sign({ aud: 'acme' }))).status).toBe(403);
  });

  it('in what they compress', async () => {
    const ask = async (accepted: string) => {
      const response = await fetch(`${tenant.url}/AdminInterface/restapi/v1/licenseusage`, {
        headers: { authorization: `Bearer ${await sign()}`, 'accept-encoding': accepted },
      });
      expect(await response.json()).toEqual(tenant.records.licenseUsage);
      return response.headers.get('content-encoding');
    };

    expect(await ask('gzip')).toBeNull();
    tenant.traits.gzip = 'if accepted';
    expect(await ask('deflate, gzip')).toBe('gzip');
    expect(await ask('identity')).toBeNull();
    expect(await ask('gzip;q=0')).toBeNull();
    tenant.traits.gzip = 'always';
    expect(await ask('identity')).toBe('gzip');
  });

  it.each<['page' | 'kong' | 'spring', string, unknown]>([
    ['page', 'text/html', expect.stringContaining('404 Not Found')],
    ['kong', 'application/json', '{"message":"no Route matched with those values"}'],
    [
      'spring',
      'application/json',
      expect.stringMatching(
        /^{"timestamp":"[^"]+","status":404,"error":"Not Found","path":"\/[^"]*\/v2\/licenseusage"}$/,
      ),
    ],
  ])('in how their gateway says 404: %s', async (gateway, type, said) => {
    tenant.traits.gateway = gateway;
    tenant.traits.unrouted = ['GET /v2/licenseusage'];

    const { status, headers, text } = await call('GET /v2/licenseusage');

    expect([status, headers.get('content-type'), text]).toEqual([404, type, said]);
    expect((await call('GET /v1/licenseusage')).status).toBe(200);
    tenant.traits.unrouted = [];
    expect((await call('GET /v2/licenseusage')).status).toBe(200);
  });

  it('in figures that they have not counted', async () => {
    tenant.records.licenseUsage.smsAndVoiceTokencodesSent = null;

    expect((await call('GET /v1/licenseusage')).body).toHaveProperty(
      'smsAndVoiceTokencodesSent',
      null,
    );
  });

  it('in whether an e-mail address is a mailbox or a user name', async () => {
    const upn = userByUpn('ghopper@corp.acme.test', { alternateUsername: 'grace' });
    tenant.records.users = [upn];

    expect((await lookup('ghopper@corp.acme.test')).body).toEqual(upn);
    expect((await lookup('grace@acme.test')).status).toBe(404);
    for (const username of ['ghopper@corp.acme.test', 'grace']) {
      expect((await call(LOOKUP, { username })).body).toEqual(upn);
    }
  });
});

describe('rateLimit', () => {
  const status = async () => (await lookup('grace@acme.test')).status;

  it('allows a burst, then as many as the elapsed time permits', async () => {
    tenant.rateLimit({ perSecond: 3, burst: 2 });
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    clock.advance(333);
    expect(await status()).toBe(429);
    clock.advance(1);
    expect([await status(), await status()]).toEqual([200, 429]);
    tenant.rateLimit(undefined);
    expect(await status()).toBe(200);
  });

  it.each([
    ['seconds', '2'],
    ['date', 'Wed, 04 Mar 2026 09:00:02 GMT'],
    ['none', null],
  ] as const)('says when to come back: %s', async (retryAfter, header) => {
    tenant.rateLimit({ perSecond: 0.5, burst: 1, retryAfter });
    await status();
    const { headers, body } = await lookup('grace@acme.test');
    expect(body.code).toBe('429 TOO_MANY_REQUESTS');
    expect(headers.get('retry-after')).toBe(header);
  });
});

describe('answerNext', () => {
  const CODE = 'POST /v1/users/deviceRegistrationCode';
  const issue = () => call(CODE, { email: 'alan@acme.test' });

  it('gives that many requests the planned answer', async () => {
    tenant.answerNext({ status: 504, body: '<html>' }, 2);
    expect(await lookup('grace@acme.test')).toMatchObject({ status: 504, text: '<html>' });
    expect(await issue()).toMatchObject({ status: 504 });
    expect((await lookup('grace@acme.test')).status).toBe(200);
    expect(tenant.issuedCodes).toEqual([]);
  });

  it('waits for the given route', async () => {
    const headers = { 'Retry-After': '7' };
    tenant.answerNext({ status: 429, headers, body: { a: 1 } }, 1, CODE);
    expect((await lookup('grace@acme.test')).status).toBe(200);
    const reply = await issue();
    expect(reply).toMatchObject({ status: 429, body: { a: 1 } });
    expect(reply.headers.get('retry-after')).toBe('7');
  });

  it.each([
    ['reset', 0],
    ['reset after', 1],
    ['cut off', 1],
  ] as const)('fails with %s after issuing %i codes', async (fault, issued) => {
    tenant.answerNext(fault);
    await expect(issue()).rejects.toThrow();
    expect(tenant.issuedCodes).toHaveLength(issued);
    expect(tenant.requests[0]).toMatchObject({ route: CODE, endedAt: clock.now() });
    expect((await lookup('grace@acme.test')).status).toBe(200);
  });

  it.each([
    ['hang', 0],
    ['hang after', 1],
  ] as const)('never answers with %s after issuing %i codes', async (fault, issued) => {
    tenant.answerNext(fault);
    const lost = expect(issue()).rejects.toThrow();
    await tenant.saw(CODE);
    await lookup('grace@acme.test');
    await vi.waitFor(() => expect(tenant.issuedCodes).toHaveLength(issued), PATIENCE);
    expect(tenant.requests[0]).not.toHaveProperty('endedAt');
    await tenant.stop();
    await lost;
  });
});

describe('hold', () => {
  it('keeps requests of one route waiting until released', async () => {
    const hold = tenant.hold(LOOKUP);
    const replies = [lookup('grace@acme.test'), lookup('alan@acme.test')];
    await hold.arrived(2);
    expect((await call('GET /v1/licenseusage')).status).toBe(200);
    expect(tenant.requests.map(({ endedAt }) => endedAt)).toEqual([
      undefined,
      undefined,
      clock.now(),
    ]);

    clock.advance(5000);
    hold.release();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200]);
    expect(tenant.requests[0]).toMatchObject({
      startedAt: clock.now() - 5000,
      endedAt: clock.now(),
    });
    expect((await lookup('grace@acme.test')).status).toBe(200);
  });

  it('carries a request out even if its client has gone', async () => {
    const hold = tenant.hold();
    const leave = new AbortController();
    const lost = send('POST', '/AdminInterface/restapi/v1/users/deviceRegistrationCode', {
      headers: { authorization: `Bearer ${await sign()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'alan@acme.test' }),
      signal: leave.signal,
    });
    await hold.arrived();
    leave.abort();
    await expect(lost).rejects.toThrow();
    hold.release();
    await vi.waitFor(() => expect(tenant.issuedCodes).toHaveLength(1), PATIENCE);
  });
});

describe('setAlways and setDelay', () => {
  it('apply to every request until told otherwise', async () => {
    tenant.setAlways({ status: 503 });
    expect((await lookup('grace@acme.test')).status).toBe(503);
    expect((await lookup('alan@acme.test')).status).toBe(503);

    tenant.setAlways(undefined);
    expect((await lookup('grace@acme.test')).status).toBe(200);
  });

  it('take their time by the clock', async () => {
    tenant.setDelay(3000);
    const answer = lookup('grace@acme.test');
    await tenant.saw(LOOKUP);
    await vi.waitUntil(() => clock.waiting() > 0, PATIENCE);
    expect(tenant.requests[0]?.status).toBeUndefined();

    clock.advance(3000);
    expect((await answer).status).toBe(200);
  });
});

describe('watch', () => {
  it('reports a request when it arrives and when it is answered, until unsubscribed', async () => {
    const heard: unknown[] = [];
    const stop = tenant.watch(({ route, status, answer }) =>
      heard.push({
        route,
        status,
        name: (answer as { firstName?: string } | undefined)?.firstName,
      }),
    );

    await lookup('grace@acme.test');
    stop();
    await lookup('grace@acme.test');

    expect(heard).toEqual([
      { route: LOOKUP, status: undefined, name: undefined },
      { route: LOOKUP, status: 200, name: 'Grace' },
    ]);
  });
});

describe('the record of requests', () => {
  it('contains each request without its token', async () => {
    await call(`GET /v2/users/${grace.id}/devices?includeBrowsers=true`);
    await lookup('nobody@acme.test');
    await send('GET', '/elsewhere');

    expect(tenant.requests).toMatchObject([
      {
        method: 'GET',
        path: `/AdminInterface/restapi/v2/users/${grace.id}/devices?includeBrowsers=true`,
        route: 'GET /v2/users/{id}/devices',
        body: undefined,
        status: 200,
        startedAt: clock.now(),
        endedAt: clock.now(),
      },
      { route: LOOKUP, body: { email: 'nobody@acme.test' }, status: 404 },
      { route: 'GET /elsewhere', status: 404 },
    ]);
    expect(tenant.calls()).toEqual(['GET /v2/users/{id}/devices', LOOKUP]);
    expect(JSON.stringify(tenant.requests)).not.toContain('Bearer');
  });

  it('resolves saw() for what has arrived and for what will', async () => {
    const both = tenant.saw(LOOKUP, 2);
    await lookup('grace@acme.test');
    await tenant.saw(LOOKUP);
    await lookup('grace@acme.test');
    await both;
  });

  it('counts connections, not requests', async () => {
    await lookup('grace@acme.test');
    await lookup('grace@acme.test');
    expect(tenant.connections()).toBe(1);
  });

  it('lists every secret', async () => {
    const token = await sign();
    await call('POST /v1/users/deviceRegistrationCode', { email: 'alan@acme.test' }, token);
    const [issued] = tenant.issuedCodes;
    expect(tenant.secrets()).toEqual(
      expect.arrayContaining([
        token,
        issued?.code,
        tenant.apiKey.accessKey,
        tenant.oauth.rsaPrivateKey.d,
        tenant.oauth.ecPrivateKey.d,
      ]),
    );
  });
});

describe('the tenant', () => {
  it('has a key file as RSA writes it', () => {
    expect(tenant.apiKey).toMatchObject({
      accessKey: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----\n/),
      adminRestApiUrl: `${tenant.url}/AdminInterface/restapi/v1`,
    });
  });

  it('does not accept a token meant for another tenant', async () => {
    const other = await startTenant({ clock });
    const token = await sign({ aud: other.apiKey.adminRestApiUrl });
    await other.stop();
    expect((await lookup('grace@acme.test', token)).status).toBe(403);
  });

  it('can be stopped twice', async () => {
    await tenant.stop();
    await tenant.stop();
    // Another server may have got its port.
    await lookup('grace@acme.test').catch(() => {});
    expect(tenant.requests).toEqual([]);
  });
});

describe('playgroundRecords', () => {
  const records = playgroundRecords(Date.parse('2026-01-04T09:00:00Z'));
  const idOf = (name: string) =>
    records.users.find(({ emailAddress }) => emailAddress === `${name}@acme.test`)?.id;

  it('have unique ids, and an owner for every authenticator', () => {
    const owned = [...records.devices, ...records.fidoTokens, ...records.tokens];
    const ids = [...records.users, ...owned].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const owners = records.users.map(({ id }) => id);
    expect(owned.every(({ userId }) => userId === null || owners.includes(userId))).toBe(true);
  });

  it('include the people whom the help desk meets', () => {
    const devices = (name: string) => records.devices.filter(({ userId }) => userId === idOf(name));
    expect(devices('grace').map((one) => one.browser)).toEqual([false, true, true]);
    expect(devices('alan')).toEqual([]);
    expect(devices('edda')).toEqual([]);
    expect(devices('otto')).toHaveLength(140);
    expect(Math.max(...devices('mallory').map(({ name }) => name.length))).toBe(300);
    expect(records.users.map(({ emailAddress }) => emailAddress.split('@')[0])).toEqual([
      'grace',
      'alan',
      'ivy',
      'noor',
      'otto',
      'mallory',
      'pia',
      'jonas',
      'mira',
      'nora',
      'sana',
      'edda',
    ]);
  });

  it('go from January back to December', () => {
    expect(records.licenseUsage).toMatchObject({
      monthOfActiveUsersThisMonth: 1,
      monthOfActiveUsersLastMonth: 12,
    });
  });

  it("count the licenses of thirteen months, consistent with this month's figures", () => {
    const { licenseUsage: usage, licenseMonths: months = [] } = records;
    expect(months.map(({ month }) => month)).toEqual([
      ...Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}`),
      '2026-01',
    ]);
    expect(months.slice(-2)).toMatchObject([
      { activeUsers: usage.activeUsersLastMonth, lastUpdatedAt: '2025-12-31T23:59:59.999Z' },
      {
        mfaLicensesUsed: usage.mfaLicensesUsed,
        usersWithThirdPartyFidoAuthenticators: usage.usersWithThirdPartyFidoAuthenticators,
        smsAndVoiceTokencodesSent: usage.smsAndVoiceTokencodesSent,
        activeUsers: usage.activeUsersThisMonth,
        lastUpdatedAt: usage.lastUpdated,
      },
    ]);
    const licenses = months.map(({ mfaLicensesUsed }) => mfaLicensesUsed);
    expect(licenses).toEqual(licenses.toSorted((a, b) => Number(a) - Number(b)));
  });
});

describe('GET /v1/users/{id}/authlogs/', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 4, 8, minute)).toISOString();
  const logs = async (query = '') => {
    const { text, status } = await call(`GET /v1/users/${alan.id}/authlogs/${query}`);
    return { status, times: status === 200 ? timesIn(text) : [] };
  };
  const timesIn = (text: string) =>
    JSON.parse(text).map((event: { eventLogDate: string }) => event.eventLogDate);

  beforeEach(() => {
    tenant.records.authLogs = [1, 5, 3].map((minute) =>
      logEvent({
        userId: alan.id,
        eventCode: minute,
        eventDescription: 'Event.',
        eventLogDate: at(minute),
      }),
    );
  });

  it('answers the newest events of one user first, as they are asked for', async () => {
    expect(await logs()).toEqual({ status: 200, times: [5, 3, 1].map(at) });
    expect((await logs('?eventCode=3')).times).toEqual([at(3)]);
    const between = `?startTimeAfter=${at(1)}&endTimeOnOrBefore=${at(3)}`;
    expect((await logs(between)).times).toEqual([at(3)]);
  });

  it.each([
    ['a + that is not encoded', '?startTimeAfter=2026-03-04T08:00:00+00:00'],
    ['no date', '?endTimeOnOrBefore=today'],
    ['no code', '?eventCode=first'],
  ])('refuses %s', async (_, query) => {
    expect((await logs(query)).status).toBe(400);
    expect((await logs(query.replace('+', '%2B'))).status).toBe(query.includes('+') ? 200 : 400);
  });
});

describe('PUT /v2/users/{id}/emergencyTokencode', () => {
  const enable = (body: unknown) => call(`PUT /v2/users/${alan.id}/emergencyTokencode`, body);

  it.each([
    ['the unit alone', { expiryUnit: 'hours' }],
    ['the value alone', { expiryValue: 4 }],
    ['another unit', { expiryUnit: 'weeks', expiryValue: 1 }],
    ['a string', { oneTimeUse: 'true' }],
    ['another property', { oneTimeUse: true, days: 1 }],
    ['no time', { expiryUnit: 'minutes', expiryValue: 0 }],
    ['more than seven days', { expiryUnit: 'hours', expiryValue: 169 }],
  ])('refuses %s', async (_, body) => {
    expect((await enable(body)).status).toBe(400);
    expect(tenant.emergencyCodes).toEqual([]);
  });

  it('uses the settings of the tenant for what is left out', async () => {
    expect((await enable({})).body).toMatchObject({
      configurationsUsed: { expiryValue: '1', expiryUnit: 'days', oneTimeUse: false },
    });
  });
});
