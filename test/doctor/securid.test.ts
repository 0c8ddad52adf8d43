import { describe, expect, it } from 'vitest';
import { examine, standIns, withOAuth } from './support/examine.ts';
import { impostor } from './support/impostor.ts';

const READS = [
  'user details',
  'user search',
  'authenticators',
  'hardware tokens',
  'SecurID DS100',
  'last sign-ins',
  'license usage',
];

const without = (all: string[], ...gone: string[]) => {
  for (const one of gone) all.splice(all.indexOf(one), 1);
};

describe('the doctor at SecurID', () => {
  it('reads each API for what does not exist, and asks for nothing else', async () => {
    const { tenant, env } = await standIns();

    const { about } = await examine({ ...env, SECURID_CHANGES: 'code, unlock, token, fido' });

    for (const name of READS) expect(about(name)).toMatchObject([{ result: 'ok' }]);
    expect(about('API key')).toMatchObject([{ result: 'ok' }]);
    expect(about('changes')).toMatchObject([
      { result: 'warning', says: expect.stringContaining('rsa.user.factor.manage') },
    ]);
    expect(new Set(tenant.calls())).toEqual(
      new Set([
        'POST /v1/users/lookup',
        'POST /v2/users/search',
        'GET /v2/users/{id}/devices',
        'POST /v1/sidTokens/lookup',
        'POST /v1/ds100/lookup',
        'GET /v1/users/{id}/authlogs/',
        'GET /v2/licenseusage',
      ]),
    );
  });

  it('asks the version of an API that is configured, and no API that nobody may use', async () => {
    const { tenant, env } = await standIns();

    await examine({ ...env, SECURID_AUTHENTICATOR_API: '1', SECURID_MANAGERS: '' });

    expect(tenant.calls()).toContain('GET /v1/users/{id}/devices');
    expect(tenant.calls()).not.toContain('GET /v2/licenseusage');
  });

  it('fetches a token for each change, and names the permission that is missing', async () => {
    const { tenant, env } = await standIns();
    without(tenant.oauth.scopes, 'rsa.user.factor.manage', 'rsa.audit.user');

    const { about, code } = await examine(
      withOAuth(env, tenant, { SECURID_CHANGES: 'code, unlock, user' }),
    );

    expect(about('OAuth client')).toMatchObject([{ result: 'ok' }]);
    expect(about('rsa.authenticator.mobile.manage')).toMatchObject([
      { result: 'ok', says: 'granted, for code' },
    ]);
    expect(about('rsa.user.manage')).toMatchObject([
      { result: 'ok', says: 'granted, for disable, enable' },
    ]);
    expect(about('rsa.user.factor.manage')).toMatchObject([
      {
        result: 'failed',
        says: 'the OAuth client lacks it; needed for unlock',
        remedy: 'Add it to the client in the Cloud Administration Console, and publish.',
      },
    ]);
    expect(about('last sign-ins')).toMatchObject([
      { result: 'warning', says: 'the OAuth client lacks the permission rsa.audit.user' },
    ]);
    expect(code).toBe(1);
    expect(tenant.calls().filter((call) => /PATCH|PUT|DELETE|Code/.test(call))).toEqual([]);
  });

  it('asks for every permission of a change, also those of other APIs for some tokens', async () => {
    const { tenant, env } = await standIns();
    without(tenant.oauth.scopes, 'rsa.authenticator.ds100.manage');

    const { about } = await examine(withOAuth(env, tenant, { SECURID_CHANGES: 'token' }));

    expect(about('rsa.authenticator.sidtoken.manage')).toMatchObject([{ result: 'ok' }]);
    expect(about('rsa.authenticator.ds100.manage')).toMatchObject([
      {
        result: 'failed',
        says: 'the OAuth client lacks it; needed for token-disable, token-enable, token-clear-pin',
      },
    ]);
  });

  it('names the permission without which there is no token for look-ups', async () => {
    const { tenant, env } = await standIns();
    without(tenant.oauth.scopes, 'rsa.user.read', 'rsa.authenticator.ds100.read');

    const { about, checks } = await examine(withOAuth(env, tenant));

    expect(about('rsa.user.read')).toMatchObject([
      { result: 'failed', says: 'the OAuth client lacks it; no look-up works without it' },
    ]);
    expect(about('OAuth client')).toEqual([]);
    expect(checks.filter(({ result }) => result === 'failed')).toHaveLength(1);
  });

  it('names SECURID_OAUTH_SCOPE where the client lacks what it asks for', async () => {
    const { tenant, env } = await standIns();
    const scope = tenant.oauth.scopes.join(' ');
    without(tenant.oauth.scopes, 'rsa.user.factor.manage');

    const { about } = await examine(
      withOAuth(env, tenant, { SECURID_CHANGES: 'code', SECURID_OAUTH_SCOPE: scope }),
    );

    expect(about('OAuth client')).toMatchObject([
      {
        result: 'failed',
        says: 'SecurID gives no token: the OAuth client lacks a permission',
        remedy: 'Add what SECURID_OAUTH_SCOPE names to the client, and publish.',
      },
    ]);
  });

  it('says what SECURID_OAUTH_SCOPE lacks', async () => {
    const { tenant, env } = await standIns();
    const scope = tenant.oauth.scopes.filter((one) => one !== 'rsa.user.factor.manage').join(' ');

    const { about } = await examine(
      withOAuth(env, tenant, { SECURID_CHANGES: 'unlock', SECURID_OAUTH_SCOPE: scope }),
    );

    expect(about('rsa.user.factor.manage')).toMatchObject([
      { result: 'failed', says: 'SECURID_OAUTH_SCOPE lacks it; needed for unlock' },
    ]);
  });

  it('says that the key or the client is refused, and what was therefore not checked', async () => {
    const { tenant, env } = await standIns();
    tenant.setKeyRefused(true);

    const key = await examine(env);
    const client = await examine(
      withOAuth(env, tenant, { SECURID_OAUTH_CLIENT_ID: 'another-client' }),
    );

    expect(key.about('API key')).toMatchObject([
      { result: 'failed', says: 'SecurID does not accept this app’s key' },
    ]);
    expect(key.about('APIs')).toMatchObject([{ result: 'warning' }]);
    expect(key.about('user search')).toEqual([]);
    expect(client.about('OAuth client')).toMatchObject([
      { result: 'failed', says: 'SecurID gives no token (invalid_client)' },
    ]);
  });

  it('names the host where tokens come from, if that is away', async () => {
    const { tenant, env } = await standIns();
    const { tenant: away } = await standIns();
    await away.stop();

    const { about } = await examine(
      withOAuth(env, tenant, { SECURID_OAUTH_ISSUER_URL: away.oauth.issuerUrl }),
    );

    const { host } = new URL(away.url);
    expect(about('OAuth client')).toMatchObject([
      { result: 'failed', says: `no answer from ${host} (ECONNREFUSED)` },
    ]);
  });

  it('names the host of a tenant that is away, and takes a busy one for no fault', async () => {
    const { tenant, env } = await standIns();
    const busyFor = { status: 429, headers: { 'retry-after': '60' } };
    tenant.answerNext(busyFor, 200, 'POST /v1/sidTokens/lookup');
    const busy = await examine(env);
    await tenant.stop();
    const away = await examine(env);

    expect(busy.about('hardware tokens')).toMatchObject([
      { result: 'warning', says: 'SecurID is busy, and was not asked again' },
    ]);
    expect(away.about('API key')).toMatchObject([
      { result: 'failed', says: `no answer from ${new URL(tenant.url).host} (ECONNREFUSED)` },
    ]);
  });

  it.each([
    { minutes: 8, says: 'ahead' },
    { minutes: -8, says: 'behind' },
  ])('compares the clock, $minutes minutes off, by the Date of both', async ({ minutes, says }) => {
    const { env } = await standIns();
    const now = () => Date.now() + minutes * 60_000;

    const { about, code } = await examine(env, { clock: { now } });

    expect(about('clock and Slack')).toMatchObject([
      {
        result: 'failed',
        says: expect.stringMatching(
          new RegExp(
            `^this clock is 4(79|80|81) s ${says} \\(its signatures are valid for 5 minutes\\)`,
          ),
        ),
      },
    ]);
    expect(about('clock and SecurID')).toMatchObject([
      { result: 'failed', says: expect.stringContaining('(it tolerates 60 s)') },
    ]);
    expect(code).toBe(1);
  });

  it('speaks of no Socket Mode while that cannot be read', async () => {
    const { env } = await standIns();

    const { about } = await examine({ ...env, PORT: 'many' });

    expect(about('clock and Slack')).toMatchObject([
      { result: 'ok', says: 'within 10 s (its signatures are valid for 5 minutes)' },
    ]);
  });

  it.each([
    { what: 'no Date', date: undefined },
    { what: 'one of another form', date: '2026-11-26T10:00:00+09:00' },
    { what: 'a number', date: '1' },
  ])('compares no clock with answers that have $what', async ({ date }) => {
    const { env } = await standIns();
    const answering = await impostor({ ok: true, team: 'acme', team_id: 'T0ACME' }, date);

    const { about } = await examine({ ...env, SLACK_API_URL: answering });

    expect(about('clock and Slack')).toMatchObject([
      { result: 'warning', says: 'not compared: no answer has a Date that can be read' },
    ]);
    expect(about('clock and SecurID')).toMatchObject([{ result: 'ok' }]);
  });
});
