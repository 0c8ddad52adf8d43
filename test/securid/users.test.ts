import { describe, expect, it } from 'vitest';
import { user } from '../../src/playground/tenant-records.ts';
import { failureOf, grace, LOOKUP, openClient } from './support.ts';

const byEmail = { email: grace.emailAddress };

describe('users.find', () => {
  it('asks by e-mail address, with only that property', async () => {
    const { securid, tenant } = await openClient();
    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });
    expect(tenant.requests).toMatchObject([
      {
        method: 'POST',
        path: '/AdminInterface/restapi/v1/users/lookup',
        body: byEmail,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
      },
    ]);
    expect(tenant.requests[0]?.body).toEqual(byEmail);
  });

  it('asks by user name, with only that property', async () => {
    const { securid, tenant } = await openClient();
    expect(await securid.users.find({ username: 'GOkafor' })).toMatchObject({ id: grace.id });
    expect(tenant.requests[0]?.body).toEqual({ username: 'GOkafor' });
  });

  it('returns what is known of a user, with dates as dates', async () => {
    const noor = user({
      emailAddress: 'noor@acme.test',
      lastName: 'Haddad',
      highRiskUser: true,
      markDeleted: true,
      markDeletedAt: '2026-03-02T01:02:03.004Z',
      isSmsLocked: true,
      emergencyAccessStatus: 'Enabled',
      emergencyTokencodeExpiration: '2026-03-07T09:00:00.000Z',
    });
    const { securid } = await openClient({ records: { users: [noor] } });
    expect(await securid.users.find({ email: 'noor@acme.test' })).toEqual({
      id: noor.id,
      emailAddress: 'noor@acme.test',
      firstName: 'Noor',
      lastName: 'Haddad',
      identitySource: 'Acme Directory',
      userStatus: 'Enabled',
      highRiskUser: true,
      markDeleted: true,
      markDeletedAt: new Date('2026-03-02T01:02:03.004Z'),
      isTokenLocked: false,
      isSmsLocked: true,
      isVoiceLocked: false,
      isFingerprintLocked: false,
      isApproveLocked: false,
      emergencyAccessStatus: 'Enabled',
      emergencyTokencodeExpiration: new Date('2026-03-07T09:00:00.000Z'),
      offlineEmergencyAccessStatus: 'Disabled',
      monthLastAuthenticated: 'Feb 2026',
      principalUsername: 'noor',
      lastSyncTime: new Date('2026-03-03T22:00:00.123Z'),
    });
  });

  it('finds nobody', async () => {
    const { securid } = await openClient();
    expect(await securid.users.find({ email: 'stranger@acme.test' })).toBeUndefined();
  });

  it.each([
    'o’neill+help"desk"@acme.test',
    'ünïcode@büro.test',
    '田中@acme.test',
    ' spaced@acme.test ',
    '../../../v1/licenseusage',
    '\u0000\ud800',
  ])('sends %j as it is', async (email) => {
    const { securid, tenant } = await openClient();
    await securid.users.find({ email });
    expect(tenant.requests).toMatchObject([{ route: LOOKUP }]);
    expect(JSON.stringify(tenant.requests[0]?.body)).toBe(JSON.stringify({ email }));
  });

  it('accepts booleans as strings, every spelling of nothing, and unknown values', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({
      status: 200,
      body: {
        id: 4711,
        firstName: ' Grace ',
        lastName: ' null',
        identitySource: '',
        userStatus: null,
        highRiskUser: 'True',
        markDeleted: 'false',
        markDeletedAt: ' null',
        isTokenLocked: ' TRUE ',
        isSmsLocked: 'perhaps',
        isVoiceLocked: null,
        principalUsername: 1234,
        monthLastAuthenticated: ['Jun 2025'],
        somethingNew: { nested: [true] },
      },
    });
    expect(await securid.users.find(byEmail)).toEqual({
      id: '4711',
      emailAddress: undefined,
      firstName: 'Grace',
      lastName: undefined,
      identitySource: undefined,
      userStatus: undefined,
      highRiskUser: true,
      markDeleted: false,
      markDeletedAt: undefined,
      isTokenLocked: true,
      isSmsLocked: undefined,
      isVoiceLocked: undefined,
      isFingerprintLocked: undefined,
      isApproveLocked: undefined,
      emergencyAccessStatus: undefined,
      emergencyTokencodeExpiration: undefined,
      offlineEmergencyAccessStatus: undefined,
      monthLastAuthenticated: undefined,
      principalUsername: '1234',
    });
  });

  it.each([null, undefined, '', ' null', true, {}])('takes no user whose id is %j', async (id) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { ...grace, id } });
    expect(await failureOf(securid.users.find(byEmail))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: expect.stringContaining('POST v1/users/lookup: wrong shape at id'),
    });
  });
});
