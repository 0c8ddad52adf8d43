import { describe, expect, it } from 'vitest';
import { tenantRecords } from '../../src/playground/tenant-records.ts';
import { failureOf, openClient } from './support.ts';

const { licenseUsage: usage } = tenantRecords();

describe('licenseUsage.v1', () => {
  it('asks for the figures and returns them', async () => {
    const { securid, tenant } = await openClient();
    const counted = new Date('2026-03-04T05:06:07.089Z');
    expect(await securid.licenseUsage.v1()).toEqual([
      { year: 2026, month: 2, yearIsKnown: true, activeUsers: 1121, counted },
      {
        year: 2026,
        month: 3,
        yearIsKnown: true,
        mfaLicensesUsed: 1137,
        usersWithThirdPartyFidoAuthenticators: 212,
        smsAndVoiceTokencodesSent: 438,
        activeUsers: 1094,
        counted,
      },
    ]);
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
  ])('reads %j as the time of counting', async (lastUpdated, expected) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { ...usage, lastUpdated } });
    const months = await securid.licenseUsage.v1();
    expect(months.at(-1)?.counted?.toISOString()).toBe(expected);
  });

  it('accepts numbers as strings, and unknown properties', async () => {
    const { securid, tenant } = await openClient();
    const body = { ...usage, mfaLicensesUsed: '0011', activeUsersThisMonth: ' 18 ', tier: 'E3' };
    tenant.answerNext({ status: 200, body });
    expect((await securid.licenseUsage.v1()).at(-1)).toMatchObject({
      mfaLicensesUsed: 11,
      activeUsers: 18,
    });
  });

  const [FEBRUARY, MARCH] = [
    { month: 2, activeUsers: 1121 },
    {
      month: 3,
      mfaLicensesUsed: 1137,
      usersWithThirdPartyFidoAuthenticators: 212,
      smsAndVoiceTokencodesSent: 438,
      activeUsers: 1094,
    },
  ];

  it.each([
    ['null', null],
    ['nothing', undefined],
    ['less than nobody', -1],
    ['half a person', 1.5],
    ['words', 'many'],
    ['an empty text', ' '],
    ['a list', [1]],
  ])('leaves out a figure that is %s, and returns the rest', async (_, wrong) => {
    const { securid, tenant } = await openClient();
    const figures = Object.keys(usage).filter((name) => /Used|users|Sent|Users/.test(name));
    for (const figure of figures) {
      if (figure.startsWith('monthOf')) continue;
      tenant.answerNext({ status: 200, body: { ...usage, [figure]: wrong } });
      const months = await securid.licenseUsage.v1();
      const name = figure.replace(/(?:This|Last)Month$/, '');
      expect(months).toMatchObject(
        figure === 'activeUsersLastMonth' ? [MARCH] : [FEBRUARY, { ...MARCH, [name]: undefined }],
      );
    }
  });

  it.each([0, 13, null, 'soon'])('leaves out the month before where it is %j', async (wrong) => {
    const { securid, tenant } = await openClient();
    const body = { ...usage, monthOfActiveUsersLastMonth: wrong };
    tenant.answerNext({ status: 200, body });
    expect(await securid.licenseUsage.v1()).toMatchObject([MARCH]);
  });

  it.each([0, 13, null, 'soon'])('takes a month %j for the one of the count', async (wrong) => {
    const { securid, tenant } = await openClient();
    const body = { ...usage, monthOfActiveUsersThisMonth: wrong };
    tenant.answerNext({ status: 200, body });
    expect(await securid.licenseUsage.v1()).toMatchObject([FEBRUARY, MARCH]);
  });

  it('says so if there is no figure at all', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { lastUpdated: null } });
    expect(await failureOf(securid.licenseUsage.v1())).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: 'GET v1/licenseusage: no figures',
    });
  });
});

const COUNTED = '2026-03-04T05:06:07.089Z';
/** Thirteen months from March to March, in the format under test. */
const thirteen = (monthOf: (year: number, month: number) => unknown) =>
  Array.from({ length: 13 }, (_, index) => {
    const month = ((index + 2) % 12) + 1;
    const year = index < 10 ? 2025 : 2026;
    return {
      mfaLicensesUsed: 1000 + index,
      usersWithThirdPartyFidoAuthenticators: 0,
      smsAndVoiceTokencodesSent: String(index),
      activeUsers: 900 + index,
      lastUpdatedAt: COUNTED,
      month: monthOf(year, month),
    };
  });

async function monthsOf(body: object) {
  const { securid, tenant } = await openClient();
  tenant.answerNext({ status: 200, body });
  return securid.licenseUsage.v2();
}

const written = (months: Awaited<ReturnType<typeof monthsOf>>) =>
  months.map(({ year, month, mfaLicensesUsed }) => `${year}-${month}: ${mfaLicensesUsed}`);

const ORDERED = [
  '2025-3: 1000',
  '2025-4: 1001',
  '2025-5: 1002',
  '2025-6: 1003',
  '2025-7: 1004',
  '2025-8: 1005',
  '2025-9: 1006',
  '2025-10: 1007',
  '2025-11: 1008',
  '2025-12: 1009',
  '2026-1: 1010',
  '2026-2: 1011',
  '2026-3: 1012',
];

const two = (month: number) => String(month).padStart(2, '0');
const named = (month: number, style: 'short' | 'long') =>
  new Date(Date.UTC(2000, month - 1)).toLocaleDateString('en-US', {
    month: style,
    timeZone: 'UTC',
  });

describe('licenseUsage.v2', () => {
  it('asks for the months and returns them, oldest first', async () => {
    const { securid, tenant } = await openClient();
    const months = await securid.licenseUsage.v2();
    expect(months).toHaveLength(13);
    expect(months.at(-1)).toEqual({
      year: 2026,
      month: 3,
      yearIsKnown: true,
      mfaLicensesUsed: 1137,
      usersWithThirdPartyFidoAuthenticators: 212,
      smsAndVoiceTokencodesSent: 438,
      activeUsers: 1094,
      counted: new Date(COUNTED),
    });
    expect(tenant.requests).toMatchObject([
      { method: 'GET', path: '/AdminInterface/restapi/v2/licenseusage', body: undefined },
    ]);
  });

  const FORMATS: [string, (year: number, month: number) => unknown][] = [
    ['2026-03', (year, month) => `${year}-${two(month)}`],
    ['2026-3', (year, month) => `${year}-${month}`],
    ['2026-03-01T00:00:00.000Z', (year, month) => `${year}-${two(month)}-01T00:00:00.000Z`],
    ['03/2026', (year, month) => `${two(month)}/${year}`],
    ['Mar 2026', (year, month) => `${named(month, 'short')} ${year}`],
    ['March 2026', (year, month) => `${named(month, 'long')} ${year}`],
    ['MARCH', (_, month) => named(month, 'long').toUpperCase()],
    ['3', (_, month) => String(month)],
    ['3 as a number', (_, month) => month],
  ];

  it.each(FORMATS)('reads months like %s', async (_, monthOf) => {
    expect(written(await monthsOf(thirteen(monthOf)))).toEqual(ORDERED);
  });

  it.each(FORMATS)('reads months like %s when the newest comes first', async (_, monthOf) => {
    expect(written(await monthsOf(thirteen(monthOf).toReversed()))).toEqual(ORDERED);
  });

  it('sorts months that come in no order', async () => {
    const months = thirteen((year, month) => `${year}-${two(month)}`);
    const shuffled = [
      months[4],
      months[12],
      months[0],
      ...months.slice(5, 12),
      ...months.slice(1, 4),
    ];
    expect(written(await monthsOf(shuffled))).toEqual(ORDERED);
  });

  it('sorts by the time of counting if the month is unreadable', async () => {
    const months = thirteen(() => 'current').map((one, index) => ({
      ...one,
      lastUpdatedAt: new Date(Date.UTC(2025, 2 + index, 28)).toISOString(),
    }));
    expect(written(await monthsOf(months.toReversed()))).toEqual(ORDERED);
  });

  it('leaves out months that are missing', async () => {
    const months = thirteen((year, month) => `${year}-${two(month)}`);
    expect(written(await monthsOf([...months.slice(0, 3), months[12]]))).toEqual([
      ...ORDERED.slice(0, 3),
      ORDERED[12],
    ]);
  });

  it('reads thirteen equal months as one, counted last', async () => {
    const months = thirteen(() => '2026-03').map((one, index) => ({
      ...one,
      lastUpdatedAt: new Date(Date.UTC(2026, 2, index === 5 ? 30 : 4)).toISOString(),
    }));
    expect(written(await monthsOf(months))).toEqual(['2026-3: 1005']);
    expect(written(await monthsOf(thirteen(() => '3')))).toEqual(['2026-3: 1012']);
  });

  it('tells December from January if neither has a year', async () => {
    const all = thirteen((_, month) => String(month)).slice(9, 11);
    const months = all.map((one) => ({ ...one, lastUpdatedAt: '2026-01-31T00:00:00Z' }));
    expect(written(await monthsOf(months))).toEqual(['2025-12: 1009', '2026-1: 1010']);
  });

  it('invents no year if nothing says which', async () => {
    const months = thirteen((_, month) => String(month)).map((one) => ({
      ...one,
      lastUpdatedAt: null,
    }));
    const read = await monthsOf(months);
    expect(read.map(({ month }) => month)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]);
    expect(read.every(({ yearIsKnown }) => !yearIsKnown)).toBe(true);
  });

  it('leaves out values that are not figures, and months without any', async () => {
    const [one, two, three] = thirteen((year, month) => `${year}-${month}`).slice(0, 3);
    const nothing = { ...three, mfaLicensesUsed: null, activeUsers: null };
    const months = await monthsOf([
      { ...one, activeUsers: 'many', mfaLicensesUsed: null },
      two as object,
      { ...nothing, smsAndVoiceTokencodesSent: '', usersWithThirdPartyFidoAuthenticators: -1 },
    ]);
    expect(written(months)).toEqual(['2025-3: undefined', '2025-4: 1001']);
    expect(months[0]).toMatchObject({ activeUsers: undefined, smsAndVoiceTokencodesSent: 0 });
  });

  it('leaves out items that are not months', async () => {
    const [one, two] = thirteen((year, month) => `${year}-${month}`);
    const months = await monthsOf(['n/a', one, [], 7, two, false] as object[]);
    expect(written(months)).toEqual(['2025-3: 1000', '2025-4: 1001']);
  });

  it.each([[['n/a']], [[[], 7]]])('says so where there is no month at all (%j)', async (body) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body });
    expect(await failureOf(securid.licenseUsage.v2())).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: 'GET v2/licenseusage: no figures',
    });
  });

  it('says so if there is no figure at all', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: [{ month: '2026-03', lastUpdatedAt: COUNTED }] });
    expect(await failureOf(securid.licenseUsage.v2())).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: 'GET v2/licenseusage: no figures',
    });
  });
});

describe('licenseUsage.months', () => {
  const V1 = 'GET /v1/licenseusage';
  const V2 = 'GET /v2/licenseusage';

  it.each([404, 403])('asks Version 1 where Version 2 answers %i, for an hour', async (status) => {
    const { securid, tenant, clock } = await openClient();
    tenant.answerNext({ status, body: '' }, 1, V2);

    expect(await securid.licenseUsage.months()).toHaveLength(2);
    clock.advance(59 * 60_000);
    expect(await securid.licenseUsage.months()).toHaveLength(2);
    clock.advance(60_000);
    expect(await securid.licenseUsage.months()).toHaveLength(13);

    expect(tenant.calls()).toEqual([V2, V1, V1, V2]);
  });

  it('asks Version 1 if Version 2 knows no month', async () => {
    const { securid, tenant } = await openClient();
    tenant.records.licenseMonths = [];
    expect(await securid.licenseUsage.months()).toHaveLength(2);
  });

  it('does not ask the other version because of a failure', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 500 }, 1, V2);
    expect(await failureOf(securid.licenseUsage.months())).toMatchObject({ code: 'UNAVAILABLE' });
    expect(tenant.calls()).toEqual([V2]);
  });
});
