import { describe, expect, it } from 'vitest';
import type { Tenant } from '../../src/playground/tenant/index.ts';
import { READ_PERMISSIONS } from '../../src/securid/permissions.ts';
import { alan, CODE, failureOf, grace, openClient, TOKEN } from './support.ts';

const READS = READ_PERMISSIONS.join(' ');
const CODES = 'rsa.authenticator.mobile.manage';
const FACTORS = 'rsa.user.factor.manage';
const HOUR = 60 * 60_000;
const byEmail = { email: alan.emailAddress };

/** The scopes requested at the token endpoint, in order. */
const asked = ({ requests }: Tenant) =>
  requests.flatMap(({ route, body }) => (route === TOKEN ? [Object(body).scope] : []));

async function openOAuth(options: { without?: string[]; scope?: string } = {}) {
  const { without = [], ...rest } = options;
  const client = await openClient({ credential: 'oauth rsa', ...rest });
  const { scopes } = client.tenant.oauth;
  for (const permission of without) scopes.splice(scopes.indexOf(permission), 1);
  const { securid } = client;
  return {
    ...client,
    find: () => securid.users.find(byEmail),
    issue: () => securid.registrationCodes.issue(byEmail, 'ios'),
    unlock: () => securid.users.unlock(grace.id, ['TOKEN']),
  };
}

describe('an OAuth client', () => {
  it('requests one token for all look-ups, and one for each change', async () => {
    const { securid, tenant, find, issue, unlock } = await openOAuth();
    for (const call of [find, issue, unlock, issue, find, unlock]) await call();
    await securid.hardwareTokens.find('000900000001');
    await securid.licenseUsage.v1();
    await securid.authenticators.detailsV1(alan.id, { includeBrowsers: false });
    expect(asked(tenant)).toEqual([READS, CODES, FACTORS]);
  });

  it('requests one token for simultaneous changes with the same permission', async () => {
    const { tenant, find, issue } = await openOAuth();
    await Promise.all([issue(), find(), issue(), issue()]);
    expect(asked(tenant).toSorted()).toEqual([CODES, READS]);
  });

  it('keeps each token for its own lifetime', async () => {
    const { tenant, clock, find, issue } = await openOAuth();
    await find();
    clock.advance(HOUR / 2);
    await issue();
    clock.advance(HOUR / 2);
    await issue();
    await find();
    expect(asked(tenant)).toEqual([READS, CODES, READS]);
  });

  it('loses only the change whose permission is missing', async () => {
    const { tenant, find, issue, unlock } = await openOAuth({ without: [FACTORS] });

    expect(await failureOf(unlock())).toMatchObject({
      code: 'NOT_AUTHORIZED',
      permission: FACTORS,
      sent: false,
      message: `POST /oauth/token: 400 invalid_scope ${FACTORS}`,
    });
    await find();
    await issue();
    expect(await failureOf(unlock())).toMatchObject({ permission: FACTORS });

    // Once the permission is granted, no restart is needed.
    tenant.oauth.scopes.push(FACTORS);
    expect(await unlock()).toMatchObject({ isTokenLocked: false });
  });

  it('makes changes even if look-ups are not allowed', async () => {
    const { find, unlock } = await openOAuth({ without: ['rsa.user.read'] });
    expect(await failureOf(find())).toMatchObject({
      code: 'NOT_AUTHORIZED',
      permission: undefined,
    });
    expect(await unlock()).toMatchObject({ isTokenLocked: false });
  });

  it('renews the token that was refused, and no other', async () => {
    const { tenant, find, issue, unlock } = await openOAuth();
    for (const call of [find, issue, unlock]) await call();
    const body = { message: 'Server failed to process provided access token' };
    tenant.answerNext({ status: 403, body }, 1, CODE);

    for (const call of [issue, find, unlock]) await call();

    expect(asked(tenant)).toEqual([READS, CODES, FACTORS, CODES]);
  });

  it.each([
    ['400 access_denied', { status: 400, body: { error: 'access_denied' } }, CODES],
    ['a 403 that says nothing', { status: 403, body: '<html>' }, CODES],
    ['401 invalid_client', { status: 401, body: { error: 'invalid_client' } }, undefined],
    ['403 invalid_client', { status: 403, body: { error: 'invalid_client' } }, undefined],
    ['400 unauthorized_client', { status: 400, body: { error: 'unauthorized_client' } }, undefined],
    ['503 temporarily_unavailable', { status: 503, body: { error: 'invalid_scope' } }, undefined],
  ])('reads %s as what it is', async (_, fault, permission) => {
    const { tenant, issue } = await openOAuth();
    tenant.answerNext(fault, 3, TOKEN);
    expect((await failureOf(issue())).permission).toBe(permission);
  });

  it('names the missing permission if the API refuses a token', async () => {
    const { tenant, find, issue } = await openOAuth();
    const denied = { status: 403, body: { message: 'Access is denied' } };
    tenant.answerNext(denied, 1, CODE);
    expect(await failureOf(issue())).toMatchObject({ code: 'NOT_AUTHORIZED', permission: CODES });
    tenant.answerNext(denied, 1, 'POST /v1/users/lookup');
    expect((await failureOf(find())).permission).toBe('rsa.user.read');
  });

  it('names none if the token is bad, or RSA gives a reason', async () => {
    const { tenant, issue } = await openOAuth();
    tenant.setKeyRefused(true);
    expect((await failureOf(issue())).permission).toBeUndefined();
    tenant.setKeyRefused(false);
    tenant.records.licensed = false;
    expect(await failureOf(issue())).toMatchObject({ code: 'REFUSED', permission: undefined });
  });

  it('requests exactly the configured scopes, with every token', async () => {
    const scope = `rsa.user.read ${CODES}`;
    const { tenant, find, issue, unlock } = await openOAuth({ scope });
    await find();
    await issue();
    expect(await failureOf(unlock())).toMatchObject({
      code: 'NOT_AUTHORIZED',
      permission: FACTORS,
      sent: true,
      status: 403,
    });
    expect(asked(tenant)).toEqual([scope]);
  });

  it('can sign in if look-ups are allowed, whatever the changes may', async () => {
    const { securid, tenant } = await openOAuth({ without: [CODES, FACTORS] });
    expect(await securid.canSignIn()).toBe(true);
    expect(asked(tenant)).toEqual([READS]);
  });
});

describe('an API key', () => {
  it('has a role, and it is named what that has to cover', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 403, body: { message: 'Access is denied' } }, 1, CODE);
    const failure = await failureOf(securid.registrationCodes.issue(byEmail, 'ios'));
    expect(failure).toMatchObject({
      code: 'NOT_AUTHORIZED',
      permission: undefined,
      toCover: CODES,
    });
    expect(asked(tenant)).toEqual([]);
  });
});
