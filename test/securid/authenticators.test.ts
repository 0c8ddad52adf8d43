import { describe, expect, it } from 'vitest';
import { browser, ds100, fidoKey, phone, sid700 } from '../../src/playground/tenant-records.ts';
import { alan, failureOf, grace, openClient } from './support.ts';

const STRANGER = '00000000-0000-4000-8000-000000000000';
const nothing = { devices: [], sidTokens: [], fidoTokens: [] };
const without = { includeBrowsers: false };

const pixel = phone({ userId: grace.id, name: "Grace's Pixel", deviceType: 'Android 15' });
const chrome = browser({ userId: grace.id });
const desk = sid700({ tokenSerialNumber: '000000900001', userId: grace.id, name: 'Desk token' });
const key = fidoKey({ userId: grace.id, name: "'s%20FIDO%20token", status: 'Disabled' });
const records = { devices: [pixel, chrome], tokens: [desk], fidoTokens: [key] };

describe.each(['detailsV1', 'detailsV2'] as const)('authenticators.%s', (version) => {
  const path = `/AdminInterface/restapi/${version === 'detailsV1' ? 'v1' : 'v2'}/users`;

  it.each([true, false])('always says whether to include browsers: %s', async (includeBrowsers) => {
    const { securid, tenant } = await openClient({ records });
    const found = await securid.authenticators[version](grace.id, { includeBrowsers });
    expect(tenant.requests).toMatchObject([
      {
        method: 'GET',
        path: `${path}/${grace.id}/devices?includeBrowsers=${includeBrowsers}`,
        body: undefined,
      },
    ]);
    expect(found?.devices.map(({ deviceType }) => deviceType)).toEqual(
      includeBrowsers ? ['Android 15', 'Chrome 133.0.6943.54'] : ['Android 15'],
    );
  });

  it.each([
    ['a/b?c#d', 'a%2Fb%3Fc%23d'],
    ['../users', '..%2Fusers'],
    ['%2e%2e', '%252e%252e'],
    ['ä b', '%C3%A4%20b'],
  ])('keeps the id %s in its place in the path', async (id, encoded) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({
      status: 404,
      body: { code: '404 NOT_FOUND', description: 'No such user' },
    });
    expect(await securid.authenticators[version](id, without)).toBeUndefined();
    expect(tenant.requests[0]?.path).toBe(`${path}/${encoded}/devices?includeBrowsers=false`);
  });

  it('finds nobody', async () => {
    const { securid } = await openClient();
    expect(await securid.authenticators[version](STRANGER, without)).toBeUndefined();
  });

  it('returns a name as it was written', async () => {
    const names = [
      ["'s%20FIDO%20token", "'s FIDO token"],
      ['100%', '100%'],
      ['100%25', '100%'],
      ['%E2%98%A0 %e2%98%a0', '☠ ☠'],
      ['%FF%FE', '%FF%FE'],
      ['%zz %', '%zz %'],
      ['user’s SecurID DS100', 'user’s SecurID DS100'],
      ['%20', undefined],
      [' null', undefined],
    ];
    const { securid, tenant } = await openClient();
    const devices = names.map(([name], index) => ({ id: String(index), name }));
    tenant.answerNext({ status: 200, body: version === 'detailsV1' ? devices : { devices } });
    const found = await securid.authenticators[version](grace.id, without);
    expect(found?.devices.map(({ name }) => name)).toEqual(names.map(([, name]) => name));
  });

  it.each([
    ['null', null],
    ['an empty list', []],
  ])('reads %s as no authenticators', async (_, list) => {
    const { securid, tenant } = await openClient();
    const body =
      version === 'detailsV1' ? JSON.stringify(list) : { devices: list, sidTokens: list };
    tenant.answerNext({ status: 200, body });
    expect(await securid.authenticators[version](grace.id, without)).toEqual(nothing);
  });

  it('reads a single object as a list of one, and drops gaps', async () => {
    const { securid, tenant } = await openClient();
    const device = { id: '21', name: 'Pixel', osType: 'Android 15', deviceType: 'Android 15' };
    for (const devices of [device, [null, device]]) {
      tenant.answerNext({
        status: 200,
        body: version === 'detailsV1' ? devices : { devices, fidoTokens: null },
      });
      expect(await securid.authenticators[version](grace.id, without)).toMatchObject({
        ...nothing,
        devices: [{ id: '21', name: 'Pixel', deviceType: 'Android 15' }],
      });
    }
  });

  it('returns authenticators of unknown kinds', async () => {
    const { securid, tenant } = await openClient();
    const kind = 'OATH HOTP 9000';
    const devices = [{ id: 'x', name: 'New', osType: kind, deviceType: kind, secretSauce: {} }];
    tenant.answerNext({ status: 200, body: version === 'detailsV1' ? devices : { devices } });
    expect(await securid.authenticators[version](grace.id, without)).toMatchObject({
      devices: [{ deviceType: kind }],
    });
  });

  it.each([
    ['a list of texts', ['Pixel']],
    ['a text', 'Pixel'],
    ['a number', 7],
  ])('rejects %s as an answer', async (_, devices) => {
    const { securid, tenant } = await openClient();
    const isList = version === 'detailsV1';
    tenant.answerNext({ status: 200, body: isList ? JSON.stringify(devices) : { devices } });
    expect(await failureOf(securid.authenticators[version](grace.id, without))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: expect.stringMatching(/^GET v[12]\/users\/\{userId\}\/devices: wrong shape at /),
    });
  });
});

describe('authenticators.detailsV2', () => {
  it('names at most five places where an answer is wrong', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { devices: Array(500).fill('Pixel') } });
    expect(await failureOf(securid.authenticators.detailsV2(grace.id, without))).toMatchObject({
      message:
        'GET v2/users/{userId}/devices: wrong shape at devices.0, devices.1, devices.2, devices.3, devices.4',
    });
  });

  it('returns the three families, with dates as dates', async () => {
    const { securid } = await openClient({ records });
    expect(await securid.authenticators.detailsV2(grace.id, { includeBrowsers: true })).toEqual({
      devices: [
        {
          id: pixel.id,
          name: "Grace's Pixel",
          deviceType: 'Android 15',
          registeredDate: new Date(pixel.registeredDate),
          capabilities: 'FCAM,BCAM,ACC,FINGERPRINT',
          browser: false,
        },
        expect.objectContaining({ deviceType: 'Chrome 133.0.6943.54', browser: true }),
      ],
      sidTokens: [
        expect.objectContaining({
          name: 'Desk token',
          deviceType: 'RSA SecurID 700',
          tokenSerialNumber: '000000900001',
          tokenState: 'Activated',
          tokenStatus: 'Enabled',
          pinSet: true,
          expiryDate: new Date('2035-01-31T00:00:00.000Z'),
        }),
      ],
      fidoTokens: [
        {
          id: key.id,
          name: "'s FIDO token",
          deviceType: 'FIDO Token',
          registeredDate: new Date(key.registeredDate),
          status: 'Disabled',
        },
      ],
    });
  });

  it('reads a DS100, whose expiry is null and whose changes are " null"', async () => {
    const token = ds100({
      tokenSerialNumber: '014010900007',
      deviceSerialNumber: '014010900',
      userId: grace.id,
    });
    const { securid } = await openClient({ records: { tokens: [token] } });
    const found = await securid.authenticators.detailsV2(grace.id, without);
    expect(found?.sidTokens).toMatchObject([
      {
        deviceType: 'SecurID DS100',
        tokenSerialNumber: '014010900007',
        deviceSerialNumber: '014010900',
        expiryDate: undefined,
        tokenStatusReason: undefined,
        tokenStatusChangedAt: undefined,
        tokenStatusChangedBy: undefined,
      },
    ]);
  });

  it('returns empty families for a user without authenticators', async () => {
    const { securid } = await openClient();
    expect(await securid.authenticators.detailsV2(alan.id, without)).toEqual(nothing);
  });

  it('accepts flags and capabilities as they are', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({
      status: 200,
      body: {
        devices: [{ id: 7, browser: 'True', capabilities: null, registeredDate: 1622667345562 }],
        sidTokens: [{ tokenSerialNumber: '000000200005', pinSet: 'false' }],
      },
    });
    expect(await securid.authenticators.detailsV2(grace.id, without)).toMatchObject({
      devices: [
        {
          id: '7',
          browser: true,
          capabilities: undefined,
          registeredDate: new Date('2021-06-02T20:55:45.562Z'),
        },
      ],
      sidTokens: [{ tokenSerialNumber: '000000200005', pinSet: false }],
      fidoTokens: [],
    });
  });
});

describe('authenticators.detailsV1', () => {
  it('rejects an object that is no authenticator', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { code: '500 X', description: 'Internal error.' } });
    expect(await failureOf(securid.authenticators.detailsV1(grace.id, without))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
    });
  });

  it('sorts its single list into devices and FIDO tokens, and has no browsers or hardware tokens', async () => {
    const { securid } = await openClient({ records });
    expect(await securid.authenticators.detailsV1(grace.id, { includeBrowsers: true })).toEqual({
      devices: [
        {
          id: pixel.id,
          name: "Grace's Pixel",
          deviceType: 'Android 15',
          registeredDate: new Date(pixel.registeredDate),
          capabilities: 'FCAM,BCAM,ACC,FINGERPRINT',
          browser: undefined,
        },
        expect.objectContaining({ deviceType: 'Chrome 133.0.6943.54', browser: undefined }),
      ],
      sidTokens: [],
      fidoTokens: [
        expect.objectContaining({ id: key.id, name: "'s FIDO token", deviceType: 'FIDO Token' }),
      ],
    });
  });

  it('cannot tell a user without authenticators from an unknown one', async () => {
    const { securid } = await openClient();
    expect(await securid.authenticators.detailsV1(alan.id, without)).toBeUndefined();
  });
});
