import { describe, expect, it } from 'vitest';
import {
  DIRECT_MESSAGE,
  HELP_DESK,
  IT_MANAGERS,
  JONAS,
  MIRA,
  NOBODY,
} from '../../src/playground/company.ts';
import { tenantRecords } from '../../src/playground/tenant-records.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';

type Records = ReturnType<typeof tenantRecords>;
type Month = NonNullable<Records['licenseMonths']>[number];

/** Changes the months that the tenant has. */
const withMonths = (change: (months: Month[]) => unknown[] | undefined) => () => {
  const records = tenantRecords();
  return { ...records, licenseMonths: change(records.licenseMonths ?? []) as Month[] };
};

/** A tenant with Version 1 only. */
const withVersion1 =
  (usage: Partial<Records['licenseUsage']> = {}) =>
  () => {
    const records = tenantRecords();
    const licenseUsage = { ...records.licenseUsage, ...usage };
    return { ...records, licenseMonths: undefined, licenseUsage };
  };

/** This month's number of used licenses. */
const used = (mfaLicensesUsed: number) =>
  withMonths((months) => [...months.slice(0, -1), { ...months.at(-1), mfaLicensesUsed }]);

const purchased = (count: number) => ({ SECURID_LICENSES_PURCHASED: String(count) });

describe('/securid license', () => {
  it('shows the summary to everybody in the channel', async () => {
    const { manager, screen, tenant, workspace } = await openHelpDesk();

    const answer = await manager.asks('/securid license', HELP_DESK);

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# RSA ID Plus license summary
      1,137 MFA licenses used
      1,094 active users in March 2026 so far; 1,121 in February 2026, 24 more than in January 2026 (+2.2%)
      438 SMS and voice tokencodes sent in March 2026 so far
      212 users with third-party FIDO authenticators
      (line chart) Licenses used and active users
        MFA licenses used: Mar ’25 1,010 · Apr ’25 1,021 · May ’25 1,034 · Jun ’25 1,040 · Jul ’25 1,052 · Aug ’25 1,061 · Sep ’25 1,073 · Oct ’25 1,085 · Nov ’25 1,092 · Dec ’25 1,104 · Jan ’26 1,118 · Feb ’26 1,129
        Active users: Mar ’25 987 · Apr ’25 1,002 · May ’25 1,011 · Jun ’25 1,018 · Jul ’25 996 · Aug ’25 1,009 · Sep ’25 1,046 · Oct ’25 1,063 · Nov ’25 1,071 · Dec ’25 1,058 · Jan ’26 1,097 · Feb ’26 1,121
      (bar chart) SMS and voice tokencodes sent
        Tokencodes sent: Mar ’25 612 · Apr ’25 598 · May ’25 605 · Jun ’25 571 · Jul ’25 533 · Aug ’25 520 · Sep ’25 547 · Oct ’25 529 · Nov ’25 511 · Dec ’25 462 · Jan ’26 494 · Feb ’26 471
        Requested by @mira · counted by RSA 2026-03-04 03:00 · the charts leave out March 2026, which is not over yet
      [ Download CSV ]"
    `);
    expect(answer.text).toMatchInlineSnapshot(
      `"RSA ID Plus license summary: 1,137 MFA licenses are in use, and 1,094 users were active in March 2026 so far; 1,121 in February 2026, 24 more than in January 2026 (+2.2%)."`,
    );
    for (const person of [MIRA, JONAS, NOBODY]) {
      expect(workspace.seenBy(person, HELP_DESK)).toEqual([answer]);
    }
    expect(tenant.calls()).toEqual(['GET /v2/licenseusage']);
  });

  it.each(['/securid license', '/securid LICENSE'])('answers to %s', async (typed) => {
    const { manager } = await openHelpDesk();

    expect((await manager.asks(typed, IT_MANAGERS)).text).toMatch(/license summary/);
  });

  it('shows it to the asker alone with “private”', async () => {
    const { manager, workspace } = await openHelpDesk();

    const answer = await manager.asks('/securid license private', HELP_DESK);

    expect(workspace.seenBy(MIRA, HELP_DESK)).toEqual([answer]);
    expect(workspace.seenBy(JONAS, HELP_DESK)).toEqual([]);
  });

  it('answers in a direct message between two people', async () => {
    const { manager, workspace } = await openHelpDesk();

    const answer = await manager.asks('/securid license', DIRECT_MESSAGE);

    expect(workspace.seenBy(JONAS, DIRECT_MESSAGE)).toEqual([answer]);
  });

  it('answers only the asker if the channel accepts no message from the bot', async () => {
    const { manager, workspace, logged } = await openHelpDesk();
    const body = '{"ok":false,"error":"not_in_channel"}';
    workspace.failNext('response_url', { status: 200, body });

    const answer = await manager.asks('/securid license', HELP_DESK);

    expect(answer.to).toBe(MIRA);
    expect(logged()).toContainEqual(
      expect.objectContaining({ msg: expect.stringContaining('invite the bot') }),
    );
  });

  it.each([
    {
      version: 2,
      records: withMonths((months) => [
        ...months.slice(-4, -1),
        { ...months.at(-1), activeUsers: null, smsAndVoiceTokencodesSent: 'many' },
      ]),
    },
    {
      version: 1,
      records: withVersion1({
        activeUsersThisMonth: null,
        smsAndVoiceTokencodesSent: -1,
      } as object),
    },
  ])('leaves out what RSA does not return, and shows the rest (v$version)', async ({ records }) => {
    const { manager, screen } = await openHelpDesk({ records });

    const answer = await manager.asks('/securid license');

    expect(screen(answer)).toContain('1,137 MFA licenses used');
    expect(screen(answer)).toContain('212 users with third-party FIDO authenticators');
    expect(screen(answer)).not.toMatch(/active users in|tokencodes sent in|null|NaN|undefined/);
    expect(answer.text).toBe('RSA ID Plus license summary: 1,137 MFA licenses are in use.');
  });

  it('draws the months for which RSA has all figures', async () => {
    const records = withMonths((months) => [
      ...months.slice(-5, -2),
      { ...months.at(-2), mfaLicensesUsed: null },
      months.at(-1),
    ]);
    const { manager, screen } = await openHelpDesk({ records });

    const shown = screen(await manager.asks('/securid license'));

    expect(shown).toContain('MFA licenses used: Nov ’25 1,092 · Dec ’25 1,104 · Jan ’26 1,118\n');
    expect(shown).toContain(
      'Tokencodes sent: Nov ’25 511 · Dec ’25 462 · Jan ’26 494 · Feb ’26 471',
    );
  });

  it('compares with the licenses that the company bought, and says when they will run out', async () => {
    const { manager, screen } = await openHelpDesk({ env: purchased(1500) });

    const answer = await manager.asks('/securid license');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# RSA ID Plus license summary
      📈 If usage keeps growing like this, the licenses will run out in about February 2029: an estimate, from a straight line through the months so far.
      1,137 of 1,500 MFA licenses used: 75.8%, 363 left
      1,094 active users in March 2026 so far; 1,121 in February 2026, 24 more than in January 2026 (+2.2%)
      438 SMS and voice tokencodes sent in March 2026 so far
      212 users with third-party FIDO authenticators
      (line chart) Licenses used and active users
        MFA licenses used: Mar ’25 1,010 · Apr ’25 1,021 · May ’25 1,034 · Jun ’25 1,040 · Jul ’25 1,052 · Aug ’25 1,061 · Sep ’25 1,073 · Oct ’25 1,085 · Nov ’25 1,092 · Dec ’25 1,104 · Jan ’26 1,118 · Feb ’26 1,129
        Active users: Mar ’25 987 · Apr ’25 1,002 · May ’25 1,011 · Jun ’25 1,018 · Jul ’25 996 · Aug ’25 1,009 · Sep ’25 1,046 · Oct ’25 1,063 · Nov ’25 1,071 · Dec ’25 1,058 · Jan ’26 1,097 · Feb ’26 1,121
        Purchased: Mar ’25 1,500 · Apr ’25 1,500 · May ’25 1,500 · Jun ’25 1,500 · Jul ’25 1,500 · Aug ’25 1,500 · Sep ’25 1,500 · Oct ’25 1,500 · Nov ’25 1,500 · Dec ’25 1,500 · Jan ’26 1,500 · Feb ’26 1,500
      (bar chart) SMS and voice tokencodes sent
        Tokencodes sent: Mar ’25 612 · Apr ’25 598 · May ’25 605 · Jun ’25 571 · Jul ’25 533 · Aug ’25 520 · Sep ’25 547 · Oct ’25 529 · Nov ’25 511 · Dec ’25 462 · Jan ’26 494 · Feb ’26 471
        Requested by @mira · counted by RSA 2026-03-04 03:00 · the charts leave out March 2026, which is not over yet
      [ Download CSV ]"
    `);
    expect(answer.text).toMatchInlineSnapshot(
      `"RSA ID Plus license summary: 1,137 of 1,500 MFA licenses are in use (75.8%, 363 left), and 1,094 users were active in March 2026 so far; 1,121 in February 2026, 24 more than in January 2026 (+2.2%)."`,
    );
  });

  it.each<{ now: string; counted: string; reads: string }>([
    { now: '2026-03-31T23:59:59Z', counted: '2026-03-31T22:00:00Z', reads: ' so far; 1,121 in' },
    { now: '2026-04-01T02:00:00Z', counted: '2026-03-31T22:00:00Z', reads: ', 27 fewer than in' },
    { now: '2026-04-01T02:00:00Z', counted: '2026-04-01T01:00:00Z', reads: ', 27 fewer than in' },
    { now: '2026-04-01T02:00:00Z', counted: '2026-03-20T01:00:00Z', reads: ' so far; 1,121 in' },
    { now: '2026-04-01T02:00:00Z', counted: '', reads: ', 27 fewer than in' },
    { now: '2026-03-31T02:00:00Z', counted: '', reads: ' so far; 1,121 in' },
  ])('compares whole months only: at $now, counted $counted', async ({ now, counted, reads }) => {
    const records = withMonths((months) =>
      months.map((one) => ({ ...one, lastUpdatedAt: one.month === '2026-03' ? counted : '' })),
    );
    const { manager, screen } = await openHelpDesk({ now, records });

    const shown = screen(await manager.asks('/securid license'));

    expect(shown).toContain(`1,094 active users in March 2026${reads} February 2026`);
    expect(shown.includes('Mar ’26')).toBe(reads.includes('fewer'));
  });

  it.each<{ count: number; from: Record<string, string>; warns: boolean }>([
    { count: 1349, from: {}, warns: false },
    { count: 1350, from: {}, warns: true },
    { count: 1500, from: {}, warns: true },
    { count: 1199, from: { SECURID_LICENSE_WARN: '80' }, warns: false },
    { count: 1200, from: { SECURID_LICENSE_WARN: '80' }, warns: true },
  ])('warns at 90 %, or as configured: $count of 1,500 ($from)', async ({ count, from, warns }) => {
    const env = { ...purchased(1500), ...from };
    const { manager, screen } = await openHelpDesk({ env, records: used(count) });

    expect(screen(await manager.asks('/securid license')).includes('⚠️')).toBe(warns);
  });

  it('says how many licenses are missing', async () => {
    const { manager, screen } = await openHelpDesk({ env: purchased(1500), records: used(1512) });

    const shown = screen(await manager.asks('/securid license'));

    expect(shown).toContain('⚠️ 100.8% of the purchased MFA licenses are in use.');
    expect(shown).toContain('MFA licenses used: 100.8%, 12 more than purchased');
    expect(shown).not.toContain('run out');
  });

  it('says nothing about the future if use falls', async () => {
    const records = withMonths((months) =>
      months.map((one, index) => ({ ...one, mfaLicensesUsed: 1200 - index })),
    );
    const { manager, screen } = await openHelpDesk({ env: purchased(1500), records });

    expect(screen(await manager.asks('/securid license'))).not.toContain('run out');
  });

  it.each(['invalid_blocks', 'invalid_blocks_format'] as const)(
    'shows a table if Slack says %s to a chart, and keeps to tables for an hour',
    async (refusal) => {
      const desk = await openHelpDesk({ env: purchased(1500) });
      const { manager, screen, workspace, clock, logged } = desk;
      workspace.refuseBlocks('data_visualization', refusal);
      const posts = () =>
        workspace.bodies.filter((body) => body.includes('"response_type"')).length;

      const first = await manager.asks('/securid license');
      expect(screen(first)).toMatchInlineSnapshot(`
        "# RSA ID Plus license summary
        📈 If usage keeps growing like this, the licenses will run out in about February 2029: an estimate, from a straight line through the months so far.
        1,137 of 1,500 MFA licenses used: 75.8%, 363 left
        1,094 active users in March 2026 so far; 1,121 in February 2026, 24 more than in January 2026 (+2.2%)
        438 SMS and voice tokencodes sent in March 2026 so far
        212 users with third-party FIDO authenticators
        Month           | MFA licenses | Active users | SMS and voice | FIDO users
        ----------------|--------------|--------------|---------------|-----------
        Mar 2026 so far | 1,137        | 1,094        | 438           | 212
        Feb 2026        | 1,129        | 1,121        | 471           | 201
        Jan 2026        | 1,118        | 1,097        | 494           | 189
        Dec 2025        | 1,104        | 1,058        | 462           | 176
        Nov 2025        | 1,092        | 1,071        | 511           | 167
        Oct 2025        | 1,085        | 1,063        | 529           | 158
        Sep 2025        | 1,073        | 1,046        | 547           | 149
        Aug 2025        | 1,061        | 1,009        | 520           | 137
        Jul 2025        | 1,052        | 996          | 533           | 128
        Jun 2025        | 1,040        | 1,018        | 571           | 121
        May 2025        | 1,034        | 1,011        | 605           | 109
        Apr 2025        | 1,021        | 1,002        | 598           | 103
        Mar 2025        | 1,010        | 987          | 612           | 96
          Requested by @mira · counted by RSA 2026-03-04 03:00
        [ Download CSV ]"
      `);
      expect(posts()).toBe(2);
      await eventually(() => logged().some(({ msg }) => msg === 'answered'));

      workspace.refuseBlocks('data_visualization', false);
      clock.advance(59 * 60_000);
      expect(screen(await manager.asks('/securid license'))).toContain('Month');
      expect(posts()).toBe(3);

      clock.advance(60_000);
      expect(screen(await manager.asks('/securid license'))).toContain('(line chart)');
    },
  );

  it('shows only the figures if Slack accepts neither chart nor table', async () => {
    const { manager, screen, workspace } = await openHelpDesk();
    workspace.refuseBlocks('data_visualization');
    workspace.refuseBlocks('table');

    const shown = screen(await manager.asks('/securid license'));

    expect(shown).toContain('1,137');
    expect(shown).not.toContain('Month');
  });

  it.each<[string, (months: Month[]) => unknown[]]>([
    ['one month only', (months) => months.slice(-1)],
    ['two months', (months) => months.slice(-2)],
    ['thirteen months in which nothing was used', (months) => months.map(nothing)],
    ['months out of order', (months) => months.toReversed()],
    ['missing months', (months) => months.filter((_, index) => index % 3 !== 1)],
    ['months without a year', (months) => months.map((one) => ({ ...one, month: bare(one) }))],
    ['thirteen months without any year', (months) => months.map(yearless)],
    ['thirteen equal months', (months) => months.map((one) => ({ ...one, month: '2026-03' }))],
    ['months that tell nothing', (months) => months.map((one) => ({ ...one, month: 'current' }))],
    ['numbers as strings', (months) => months.map(asStrings)],
    ['forty months', (months) => Array.from({ length: 40 }, (_, index) => later(months, index))],
  ])('accepts %s', async (_, change) => {
    const { manager, screen, workspace } = await openHelpDesk({
      env: purchased(1500),
      records: withMonths(change),
    });

    const answer = await manager.asks('/securid license');

    expect(workspace.validate(answer.blocks, 'message')).toEqual([]);
    expect(screen(answer)).toMatch(/active users in/);
    expect(answer.to).toBeUndefined();
    // Slack accepted it as it was: no fallback was needed.
    expect(workspace.bodies.filter((body) => body.includes('"response_type"'))).toHaveLength(1);
  });

  it('reports a failure to the asker only', async () => {
    const { manager, screen, tenant, workspace } = await openHelpDesk();
    tenant.answerNext({ status: 500 });

    const answer = await manager.asks('/securid license', HELP_DESK);

    expect(screen(answer)).toMatch(/^⚠️ SecurID did not answer/);
    expect(workspace.seenBy(JONAS, HELP_DESK)).toEqual([]);
  });

  it('shows its usage line for unknown words', async () => {
    const { manager, screen, tenant } = await openHelpDesk();

    expect(screen(await manager.asks('/securid license now'))).toMatchInlineSnapshot(`
      "Usage: \`/securid license [private]\`
      For example \`/securid license\`"
    `);
    expect(screen(await manager.asks('/securid license private please'))).toMatch(/^Usage:/);
    expect(tenant.requests).toEqual([]);
  });
});

const nothing = (one: Month) => ({
  ...one,
  mfaLicensesUsed: 0,
  usersWithThirdPartyFidoAuthenticators: 0,
  smsAndVoiceTokencodesSent: 0,
  activeUsers: 0,
});
const bare = ({ month }: Month) => String(Number(month.slice(5)));
const yearless = (one: Month) => ({ ...one, month: bare(one), lastUpdatedAt: '' });
const asStrings = (one: Month) => ({
  ...one,
  mfaLicensesUsed: String(one.mfaLicensesUsed),
  activeUsers: ` ${one.activeUsers} `,
});
const later = ([first]: Month[], index: number) => ({
  ...first,
  month: new Date(Date.UTC(2023, index)).toISOString().slice(0, 7),
});

describe('/securid license, if the tenant has only Version 1', () => {
  it('shows what that returns', async () => {
    const { manager, screen, tenant } = await openHelpDesk({ records: withVersion1() });

    expect(screen(await manager.asks('/securid license'))).toMatchInlineSnapshot(`
      "# RSA ID Plus license summary
      1,137 MFA licenses used
      1,094 active users in March 2026 so far; 1,121 in February 2026
      438 SMS and voice tokencodes sent in March 2026 so far
      212 users with third-party FIDO authenticators
      Month           | MFA licenses | Active users | SMS and voice | FIDO users
      ----------------|--------------|--------------|---------------|-----------
      Mar 2026 so far | 1,137        | 1,094        | 438           | 212
      Feb 2026        | -            | 1,121        | -             | -
        Requested by @mira · counted by RSA 2026-03-04 05:06
      [ Download CSV ]"
    `);
    expect(tenant.calls()).toEqual(['GET /v2/licenseusage', 'GET /v1/licenseusage']);
  });

  it('compares January with December', async () => {
    const records = withVersion1({
      monthOfSmsAndVoiceTokencodesSent: 1,
      activeUsersThisMonth: 700,
      monthOfActiveUsersThisMonth: 1,
      activeUsersLastMonth: 1121,
      monthOfActiveUsersLastMonth: 12,
      lastUpdated: '2026-01-31T05:06:07Z',
    });
    const { manager, screen } = await openHelpDesk({ records });

    expect(screen(await manager.asks('/securid license'))).toContain(
      'active users in January 2026, 421 fewer than in December 2025 (-37.6%)',
    );
  });

  it('compares with whichever month SecurID names', async () => {
    const records = withVersion1({
      activeUsersThisMonth: 1121,
      monthOfActiveUsersThisMonth: 10,
      activeUsersLastMonth: 1121,
      monthOfActiveUsersLastMonth: 8,
    });
    const { manager, screen } = await openHelpDesk({ records });

    expect(screen(await manager.asks('/securid license'))).toContain(
      'active users in October 2025, as many as in August 2025',
    );
  });

  it('accepts an answer without the time of counting, and then names no year', async () => {
    const { manager, screen, tenant } = await openHelpDesk({ records: withVersion1() });
    const { lastUpdated: _, ...usage } = tenant.records.licenseUsage;
    tenant.answerNext({ status: 200, body: usage }, 1, 'GET /v1/licenseusage');

    const shown = screen(await manager.asks('/securid license'));

    expect(shown).toContain('active users in March so far; 1,121 in February');
    expect(shown).not.toContain('counted by RSA');
  });
});

describe('“Download CSV”', () => {
  async function pressed(desk: HelpDesk) {
    const summary = await desk.manager.asks('/securid license', HELP_DESK);
    return desk.manager.clicks(summary, 'Download CSV');
  }

  it('sends the presser a file with one line per month', async () => {
    const desk = await openHelpDesk();

    expect(desk.screen(await pressed(desk))).toBe(
      'The CSV file is in your direct messages with SecurID Desk.',
    );

    const [above, file] = desk.workspace.seenBy(MIRA, `D${MIRA}`);
    expect(above?.text).toBe('The license summary, month by month, as CSV:');
    const [{ name, content } = { name: '', content: '' }] = file?.files ?? [];
    expect(name).toBe('securid-licenses-2026-03-04.csv');
    expect(content.split('\r\n')).toHaveLength(15);
    expect(content).toMatch(
      /^Month,MFA licenses used,.*\r\n2025-03,.*\r\n[\s\S]*2026-03,1137,1094,438,212,.*Z\r\n$/,
    );
  });

  it('is for managers', async () => {
    const desk = await openHelpDesk();
    const summary = await desk.manager.asks('/securid license', HELP_DESK);

    const answer = await desk.agent.clicks(summary, 'Download CSV');

    expect(desk.screen(answer)).toContain('is for managers');
    expect(desk.workspace.seenBy(JONAS, `D${JONAS}`)).toEqual([]);
  });

  it('says so if Slack does not accept the file', async () => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('files.completeUploadExternal', { status: 500 }, 5);

    expect(desk.screen(await pressed(desk))).toMatch(/^⚠️ Slack did not answer/);

    const [above] = desk.workspace.seenBy(MIRA, `D${MIRA}`);
    expect(desk.screen(above as Message)).toContain('Slack did not accept the file.');
  });
});
