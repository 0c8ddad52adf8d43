import { describe, expect, it } from 'vitest';
import { tenantRecords } from '../../src/playground/tenant-records.ts';
import { failureOf, openClient } from './support.ts';

const { licenceUsage: usage } = tenantRecords();

describe('licenseUsage.v1', () => {
  it('asks for the figures and tells them', async () => {
    const { securid, tenant } = await openClient();
    expect(await securid.licenseUsage.v1()).toEqual({
      ...usage,
      lastUpdated: new Date('2026-03-04T05:06:07.089Z'),
    });
    expect(tenant.requests).toMatchObject([
      { method: 'GET', path: '/AdminInterface/restapi/v1/licenseusage', body: undefined },
    ]);
  });

  it.each([
    ['2020-10-01T15:01:23.954Z', '2020-10-01T15:01:23.954Z'],
    ['2020-05-19T16:29:59.000 UTC', '2020-05-19T16:29:59.000Z'],
    ['2020-05-19 16:29:59 UTC', '2020-05-19T16:29:59.000Z'],
    ['2020-05-19T16:29:59', '2020-05-19T16:29:59.000Z'],
    ['2020-05-19 16:29:59', '2020-05-19T16:29:59.000Z'],
    ['2020-05-19T16:29:59+02:00', '2020-05-19T14:29:59.000Z'],
    ['yesterday 1', undefined],
    [' null', undefined],
    [null, undefined],
  ])('reads %j as when they were counted', async (lastUpdated, expected) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { ...usage, lastUpdated } });
    const { lastUpdated: read } = await securid.licenseUsage.v1();
    expect(read?.toISOString()).toBe(expected);
  });

  it('takes numbers as strings, and properties of tomorrow', async () => {
    const { securid, tenant } = await openClient();
    const body = { ...usage, mfaLicensesUsed: '0011', activeUsersThisMonth: ' 18 ', tier: 'E3' };
    tenant.answerNext({ status: 200, body });
    expect(await securid.licenseUsage.v1()).toMatchObject({
      mfaLicensesUsed: 11,
      activeUsersThisMonth: 18,
    });
  });

  it.each([
    ['a month 0', { monthOfActiveUsersThisMonth: 0 }, 'monthOfActiveUsersThisMonth'],
    ['a month 13', { monthOfActiveUsersLastMonth: '13' }, 'monthOfActiveUsersLastMonth'],
    ['less than nobody', { mfaLicensesUsed: -1 }, 'mfaLicensesUsed'],
    ['half a person', { activeUsersLastMonth: 1.5 }, 'activeUsersLastMonth'],
    ['words', { smsAndVoiceTokencodesSent: 'many' }, 'smsAndVoiceTokencodesSent'],
    ['nothing', { mfaLicensesUsed: null }, 'mfaLicensesUsed'],
    ['a gap', { mfaLicensesUsed: undefined }, 'mfaLicensesUsed'],
    ['an empty text', { mfaLicensesUsed: ' ' }, 'mfaLicensesUsed'],
  ])('takes no figures with %s', async (_, wrong, property) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { ...usage, ...wrong } });
    expect(await failureOf(securid.licenseUsage.v1())).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: `GET v1/licenseusage: wrong shape at ${property}`,
    });
  });
});
