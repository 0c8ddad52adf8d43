import { describe, expect, it } from 'vitest';
import { user } from '../../src/playground/tenant-records.ts';
import { failureOf, openClient } from './support.ts';

const ISSUE = 'PUT /v2/users/{id}/emergencyTokencode';
const END = 'DELETE /v1/users/{id}/emergencyTokencode/{eacId}';

const CODE_ID = '3c0f5a1e-5b8d-4f2a-9d6c-7e1b2a4c8d90';

async function openEmergency(options: Parameters<typeof openClient>[0] = {}) {
  const noor = user({
    emailAddress: 'noor@acme.test',
    emergencyAccessStatus: 'Enabled',
    emergencyTokencodeId: CODE_ID,
  });
  const client = await openClient({ ...options, records: { users: [noor] } });
  const { emergencyAccess } = client.securid;
  return {
    ...client,
    noor,
    issue: (hours = 4) => emergencyAccess.enable(noor.id, hours),
    end: (code = CODE_ID) => emergencyAccess.disable(noor.id, code),
  };
}

describe('emergencyAccess.enable', () => {
  it('issues a code that works once, and reads what was really used', async () => {
    const { issue, tenant, clock, noor } = await openEmergency();

    expect(await issue(2)).toEqual({
      emergencyTokencode: tenant.emergencyCodes[0]?.code,
      emergencyTokencodeId: tenant.records.users[0]?.emergencyTokencodeId,
      expirationDate: new Date(clock.now() + 2 * 60 * 60_000),
      offlineExpirationDate: undefined,
      oneTimeUse: true,
      configurationsLocked: false,
      configurationsUsed: { expiryValue: '2', expiryUnit: 'hours', oneTimeUse: true },
    });

    expect(tenant.requests[0]).toMatchObject({
      path: `/AdminInterface/restapi/v2/users/${noor.id}/emergencyTokencode`,
      body: { oneTimeUse: true, expiryUnit: 'hours', expiryValue: 2 },
    });
  });

  it.each([1, 168])('accepts %i hours', async (hours) => {
    const { issue } = await openEmergency();
    expect(await issue(hours)).toMatchObject({ oneTimeUse: true });
  });

  it('reads settings that the tenant has locked', async () => {
    const { issue, tenant } = await openEmergency();
    tenant.traits.emergency.lockedTo = { expiryValue: 7, expiryUnit: 'days', oneTimeUse: false };
    expect(await issue()).toMatchObject({
      oneTimeUse: false,
      configurationsLocked: true,
      configurationsUsed: { expiryValue: '7', expiryUnit: 'days' },
    });
  });

  it.each([
    ['strings and no settings', { oneTimeUse: 'True', configurationsLocked: 'false' }],
    ['settings that cannot be read', { oneTimeUse: true, configurationsUsed: 'none' }],
  ])('accepts %s', async (_, more) => {
    const { issue, tenant } = await openEmergency();
    tenant.answerNext({ status: 200, body: { emergencyTokencode: 12_345_678, ...more } });
    expect(await issue()).toEqual(
      expect.objectContaining({ emergencyTokencode: '12345678', oneTimeUse: true }),
    );
  });

  it.each([
    ['no code', {}],
    ['an empty code', { emergencyTokencode: '' }],
    ['a sentence', { emergencyTokencode: 'ask your administrator' }],
    ['the code of another user', { emergencyTokencode: 'ABCD1234', userId: '0b1f' }],
  ])('takes %s for an unknown outcome', async (_, body) => {
    const { issue, tenant } = await openEmergency();
    tenant.answerNext({ status: 200, body });
    expect(await failureOf(issue())).toMatchObject({ code: 'UNEXPECTED_RESPONSE', sent: true });
  });

  it.each([
    [400, 'Expiry value is not within the allowed range.', 'EXPIRY_REFUSED'],
    [400, 'Bad request', 'EXPIRY_REFUSED'],
    [404, 'User not found', 'USER_NOT_FOUND'],
    [409, 'Already enabled', 'ALREADY_SO'],
  ])('says why RSA refuses: %i %s', async (status, description, reason) => {
    const { issue, tenant } = await openEmergency();
    tenant.answerNext({ status, body: { code: `${status} NOT_FOUND`, description } });
    expect(await failureOf(issue())).toMatchObject({ code: 'REFUSED', reason });
  });

  it.each(['Wrong number of properties in the request body.', 'User ID is not valid.'])(
    'takes %s for a mistake of its own',
    async (description) => {
      const { issue, tenant } = await openEmergency();
      tenant.answerNext({ status: 400, body: { code: '400 BAD_REQUEST', description } });
      expect(await failureOf(issue())).toMatchObject({ code: 'INVALID_REQUEST' });
    },
  );

  it('is never repeated once it may have been carried out', async () => {
    const { issue, tenant } = await openEmergency();
    tenant.answerNext('reset after');
    expect(await failureOf(issue())).toMatchObject({ code: 'UNAVAILABLE', sent: true });
    expect(tenant.calls()).toEqual([ISSUE]);
  });
});

describe('emergencyAccess.disable', () => {
  it.each(['nothing', 'no content'] as const)('ends it, and takes %s', async (endAnswer) => {
    const { end, tenant } = await openEmergency();
    tenant.traits.emergency.endAnswer = endAnswer;
    await end();
    expect(tenant.records.users[0]).toMatchObject({
      emergencyAccessStatus: 'Disabled',
      emergencyTokencodeId: null,
    });
  });

  it('sends no body', async () => {
    const { end, tenant } = await openEmergency();
    await end();
    expect(tenant.requests[0]?.body).toBeUndefined();
    expect(tenant.requests[0]?.headers['content-type']).toBeUndefined();
  });

  it.each([
    ['another code', 'other', 'CODE_NOT_FOUND'],
    ['an id that has to be encoded', 'a/b', 'CODE_NOT_FOUND'],
  ])('says that RSA has no such code: %s', async (_, code, reason) => {
    const { end, tenant } = await openEmergency();
    expect(await failureOf(end(code))).toMatchObject({ code: 'REFUSED', reason });
    expect(tenant.calls()).toEqual([END]);
  });

  it('says that there is none any more', async () => {
    const { end } = await openEmergency();
    await end();
    expect(await failureOf(end())).toMatchObject({ code: 'REFUSED', reason: 'ALREADY_SO' });
  });

  it.each(['oauth rsa', 'oauth ec'] as const)('is covered by its permission (%s)', async (how) => {
    const { issue, end, tenant } = await openEmergency({ credential: how });
    const { emergencyTokencodeId: code } = await issue();
    await end(code);
    expect(tenant.records.users[0]?.emergencyAccessStatus).toBe('Disabled');
  });
});
