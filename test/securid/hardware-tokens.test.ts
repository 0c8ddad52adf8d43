import { describe, expect, it } from 'vitest';
import { sid700 } from '../../src/playground/tenant-records.ts';
import { failureOf, grace, openClient } from './support.ts';

const SERIAL = '000000200002';
const unassigned = sid700({ tokenSerialNumber: SERIAL, expiryDate: '2027-02-12T00:00:00.000Z' });

describe('hardwareTokens.find', () => {
  it('sends the serial number as a string with its leading zeros', async () => {
    const { securid, tenant } = await openClient({ records: { tokens: [unassigned] } });
    await securid.hardwareTokens.find(SERIAL);
    expect(tenant.requests).toMatchObject([
      { method: 'POST', path: '/AdminInterface/restapi/v1/sidTokens/lookup' },
    ]);
    expect(tenant.requests[0]?.body).toEqual({ tokenSerialNumber: SERIAL });
  });

  it('returns an unassigned token', async () => {
    const { securid } = await openClient({ records: { tokens: [unassigned] } });
    expect(await securid.hardwareTokens.find(SERIAL)).toEqual({
      id: unassigned.id,
      name: undefined,
      userId: undefined,
      deviceType: 'SID700',
      registeredDate: undefined,
      tokenSerialNumber: SERIAL,
      deviceSerialNumber: undefined,
      tokenState: 'Unassigned',
      tokenStatus: 'Enabled',
      tokenStatusReason: undefined,
      tokenStatusChangedAt: undefined,
      tokenStatusChangedBy: undefined,
      expiryDate: new Date('2027-02-12T00:00:00.000Z'),
      assignedAt: undefined,
      assignedBy: undefined,
      pinSet: false,
      updatedAt: new Date('2025-02-03T08:16:31.046Z'),
    });
  });

  it('returns an assigned token and who assigned it', async () => {
    const token = sid700({ tokenSerialNumber: SERIAL, userId: grace.id, name: 'Desk%20token' });
    const { securid } = await openClient({ records: { tokens: [token] } });
    expect(await securid.hardwareTokens.find(SERIAL)).toMatchObject({
      userId: grace.id,
      name: 'Desk token',
      tokenState: 'Activated',
      assignedBy: 'jonas@acme.test',
      assignedAt: new Date('2025-02-03T08:15:30.045Z'),
      pinSet: true,
    });
  });

  it('finds no token by a serial number without its leading zeros', async () => {
    const { securid } = await openClient({ records: { tokens: [unassigned] } });
    expect(await securid.hardwareTokens.find('200002')).toBeUndefined();
  });

  it.each(['', '0'.repeat(37)])('hears that "%s" is no serial number', async (serial) => {
    const { securid } = await openClient();
    expect(await failureOf(securid.hardwareTokens.find(serial))).toMatchObject({
      code: 'INVALID_REQUEST',
      status: 400,
    });
  });

  it.each([
    ['pinSet as "True"', { pinSet: 'True' }, { pinSet: true }],
    [
      'a date with UTC',
      { updatedAt: '2021-06-04T16:16:56.879 UTC' },
      { updatedAt: new Date('2021-06-04T16:16:56.879Z') },
    ],
    ['a token of a new kind', { deviceType: 'OATH HOTP' }, { deviceType: 'OATH HOTP' }],
    ['a property of tomorrow', { color: 'blue' }, { tokenSerialNumber: SERIAL }],
    ['" null" for a name', { name: ' null' }, { name: undefined }],
  ])('accepts %s', async (_, more, expected) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { ...unassigned, ...more } });
    expect(await securid.hardwareTokens.find(SERIAL)).toMatchObject(expected);
  });

  it.each([
    ['an empty object', {}],
    ['a list', [unassigned]],
    ['a token without a serial number', { ...unassigned, tokenSerialNumber: null }],
  ])('rejects %s as an answer', async (_, body) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body });
    expect(await failureOf(securid.hardwareTokens.find(SERIAL))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
    });
  });
});
