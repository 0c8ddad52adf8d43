import { describe, expect, it } from 'vitest';
import { ds100, fidoKey, sid700 } from '../../src/playground/tenant-records.ts';
import { alan, failureOf, grace, openClient } from './support.ts';

const serial = '000000900001';
const token = { userId: grace.id, tokenSerialNumber: serial };
const device = { userId: grace.id, tokenSerialNumber: '014010900007' };
const onBack = { ...device, deviceSerialNumber: '140109000' };

type Options = Parameters<typeof openClient>[0];

/** Grace's SecurID 700, DS100 and FIDO credential, and a token without an owner. */
async function openTokens(options: Options = {}) {
  const client = await openClient({
    ...options,
    records: {
      tokens: [
        sid700({ tokenSerialNumber: serial, userId: grace.id }),
        sid700({ tokenSerialNumber: '000000900002' }),
        ds100({ tokenSerialNumber: '014010900007', userId: grace.id }),
      ],
      fidoTokens: [fidoKey({ userId: grace.id, name: 'Key' })],
    },
  });
  const [mine, free, ds, ...others] = client.tenant.records.tokens;
  const [key] = client.tenant.records.fidoTokens;
  if (!mine || !free || !ds || !key || others.length > 0) throw new Error('other tokens');
  return { ...client, tokens: client.securid.hardwareTokens, mine, free, ds, key };
}

type Client = Awaited<ReturnType<typeof openTokens>>;

/** Each change: how it is made possible, made, requested and seen. */
const CHANGES: [
  name: string,
  prepare: (client: Client) => void,
  make: (client: Client) => Promise<unknown>,
  asks: { path: string; body?: unknown },
  answers: object,
][] = [
  [
    'assign',
    () => {},
    ({ tokens }) => tokens.assign({ userId: alan.id, tokenSerialNumber: '000000900002' }),
    { path: `v1/users/${alan.id}/sidTokens/assign`, body: { tokenSerialNumber: '000000900002' } },
    { tokenState: 'Activation Pending' },
  ],
  [
    'unassign',
    () => {},
    ({ tokens }) => tokens.unassign(token),
    { path: `v1/users/${grace.id}/sidTokens/unassign`, body: { tokenSerialNumber: serial } },
    { tokenState: 'Unassigned' },
  ],
  [
    'enable',
    ({ mine }) => Object.assign(mine, { tokenStatus: 'Disabled' }),
    ({ tokens }) => tokens.enable(token),
    { path: `v1/users/${grace.id}/sidTokens/enable`, body: { tokenSerialNumber: serial } },
    { tokenStatus: 'Enabled', tokenStatusChangedBy: 'SecurID Desk' },
  ],
  [
    'disable',
    () => {},
    ({ tokens }) => tokens.disable(token),
    { path: `v1/users/${grace.id}/sidTokens/disable`, body: { tokenSerialNumber: serial } },
    { tokenStatus: 'Disabled', tokenStatusChangedAt: expect.any(Date) },
  ],
  [
    'clear a PIN',
    () => {},
    ({ tokens }) => tokens.clearPin(token),
    { path: `v2/users/${grace.id}/sidTokens/clearPin`, body: { tokenSerialNumber: serial } },
    { pinSet: false },
  ],
  [
    'enable a DS100',
    ({ ds }) => Object.assign(ds, { tokenStatus: 'Disabled' }),
    ({ tokens }) => tokens.enableDs100(onBack),
    {
      path: 'v1/ds100/enable/otp',
      body: { deviceSerialNumber: '140109000', userId: grace.id },
    },
    { tokenStatus: 'Enabled' },
  ],
  [
    'disable a DS100',
    () => {},
    ({ tokens }) => tokens.disableDs100(onBack),
    {
      path: 'v1/ds100/disable/otp',
      body: { deviceSerialNumber: '140109000', userId: grace.id },
    },
    { tokenStatus: 'Disabled' },
  ],
  [
    'clear the PIN of a DS100',
    () => {},
    ({ tokens }) => tokens.clearPinDs100(device),
    {
      path: 'v1/ds100/clearPin/otp',
      body: { tokenSerialNumber: '014010900007', userId: grace.id },
    },
    { pinSet: false },
  ],
  [
    'disable a FIDO credential',
    () => {},
    ({ securid, key }) => securid.fido.disable({ userId: grace.id, id: key.id }),
    { path: `v1/fido/${grace.id}/authenticators/` },
    { status: 'Disabled', statusChangedAt: expect.any(Date) },
  ],
  [
    'enable a FIDO credential',
    ({ key }) => Object.assign(key, { status: 'Disabled' }),
    ({ securid, key }) => securid.fido.enable({ userId: grace.id, id: key.id }),
    { path: `v1/fido/${grace.id}/authenticators/` },
    { status: 'Enabled' },
  ],
];

const isFido = (name: string) => name.includes('FIDO');

describe.each(CHANGES)('to %s', (name, prepare, make, { path, body }, answers) => {
  const open = async (options?: Options) => {
    const client = await openTokens(options);
    prepare(client);
    return client;
  };

  it('sends what RSA documents, and returns the state that it answers', async () => {
    const client = await open();
    expect(await make(client)).toMatchObject(answers);
    const [request, ...others] = client.tenant.requests;
    expect(others).toEqual([]);
    expect(request?.method).toBe('PATCH');
    expect(request?.path).toContain(`/AdminInterface/restapi/${path}`);
    expect(request?.body).toEqual(body);
  });

  it.each(['nothing', 'no content'] as const)('takes %s for an answer', async (changeAnswer) => {
    const client = await open();
    client.tenant.traits.changeAnswer = changeAnswer;
    expect(await make(client)).toBeUndefined();
  });

  it.each([
    ['a text', JSON.stringify('done')],
    ['an empty list', []],
    ['another form', { done: true }],
  ])('reads no state from %s', async (_, answer) => {
    const client = await open();
    client.tenant.answerNext({ status: 200, body: answer });
    expect(await make(client)).toBeUndefined();
  });

  it.each(['oauth rsa', 'oauth ec'] as const)('has its own permission (%s)', async (credential) => {
    expect(await make(await open({ credential }))).toMatchObject(answers);
  });

  it('says that it is so already', async () => {
    const client = await open();
    client.tenant.answerNext({ status: 409, body: { code: '409 CONFLICT', description: 'No.' } });
    expect(await failureOf(make(client))).toMatchObject({ code: 'REFUSED', reason: 'ALREADY_SO' });
  });

  it('tells a token that is gone from a path that is not there', async () => {
    const client = await open();
    client.tenant.records.tokens.length = 0;
    client.tenant.records.fidoTokens.length = 0;
    expect(await failureOf(make(client))).toMatchObject({
      code: 'REFUSED',
      reason: isFido(name) ? 'FIDO_NOT_FOUND' : 'TOKEN_NOT_FOUND',
    });
    client.tenant.answerNext({ status: 404, body: '<html>' });
    const offered = name !== 'disable a DS100';
    expect(await failureOf(make(client))).toMatchObject(
      offered ? { code: 'UNEXPECTED_RESPONSE' } : { code: 'REFUSED', reason: 'NOT_OFFERED' },
    );
  });

  it('says that the user is gone', async () => {
    const client = await open();
    client.tenant.records.users.length = 0;
    const reason = isFido(name) ? 'FIDO_NOT_FOUND' : 'USER_NOT_FOUND';
    expect(await failureOf(make(client))).toMatchObject({ code: 'REFUSED', reason });
  });

  it('never repeats what may have been carried out', async () => {
    const client = await open();
    client.tenant.answerNext('reset after');
    expect(await failureOf(make(client))).toMatchObject({ code: 'UNAVAILABLE', sent: true });
    expect(client.tenant.requests).toHaveLength(1);
  });
});

describe('an answer about another', () => {
  it('person leaves the outcome unknown', async () => {
    const { tenant, tokens } = await openTokens();
    tenant.answerNext({
      status: 200,
      body: { userId: alan.id, tokenSerialNumber: serial, tokenStatus: 'Disabled' },
    });
    expect(await failureOf(tokens.disable(token))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      sent: true,
    });
  });

  it('token tells nothing, as in RSA’s example for the DS100', async () => {
    const { tenant, tokens } = await openTokens();
    tenant.answerNext({ status: 200, body: { tokenSerialNumber: '000000900009', pinSet: false } });
    expect(await tokens.clearPinDs100(device)).toBeUndefined();
  });

  it('credential on a DS100 is passed over', async () => {
    const { tenant, tokens } = await openTokens();
    const other = { userId: grace.id, tokenSerialNumber: '014010900008', tokenStatus: 'Enabled' };
    const mine = { ...other, tokenSerialNumber: device.tokenSerialNumber, tokenStatus: 'Disabled' };
    tenant.answerNext({ status: 200, body: [other, mine] });
    expect(await tokens.disableDs100(onBack)).toMatchObject({ tokenStatus: 'Disabled' });
  });
});

it('says that a tenant cannot disable a DS100', async () => {
  const { tenant, tokens } = await openTokens();
  tenant.answerNext({ status: 405 });
  expect(await failureOf(tokens.disableDs100(onBack))).toMatchObject({ reason: 'NOT_OFFERED' });
  tenant.traits.unrouted = ['PATCH /v1/ds100/disable/otp'];
  for (const gateway of ['page', 'kong', 'spring'] as const) {
    tenant.traits.gateway = gateway;
    expect(await failureOf(tokens.disableDs100(onBack))).toMatchObject({ reason: 'NOT_OFFERED' });
  }
});

it.each([
  ['a token that is assigned', serial],
  ['a sixth token', '000000900002'],
])('does not assign %s', async (_, tokenSerialNumber) => {
  const { tenant, tokens } = await openTokens();
  for (const last of [3, 4, 5, 6, 7]) {
    const tokenSerialNumber = `00000090000${last}`;
    tenant.records.tokens.push(sid700({ tokenSerialNumber, userId: alan.id }));
  }
  const failure = await failureOf(tokens.assign({ userId: alan.id, tokenSerialNumber }));
  expect(failure).toMatchObject({ code: 'REFUSED', reason: 'ALREADY_SO' });
});

it.each([
  ['not found', 'TOKEN_NOT_FOUND'],
  ['conflict', 'ALREADY_SO'],
] as const)('does not change a token of another user (%s)', async (tokenOfAnother, reason) => {
  const { tenant, tokens } = await openTokens();
  tenant.traits.tokenOfAnother = tokenOfAnother;
  const failure = await failureOf(tokens.disable({ ...token, userId: alan.id }));
  expect(failure).toMatchObject({ code: 'REFUSED', reason });
});
