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
import { openHelpDesk } from '../support/help-desk.ts';

const withUsage = (usage: Partial<ReturnType<typeof tenantRecords>['licenceUsage']>) => () => {
  const records = tenantRecords();
  return { ...records, licenceUsage: { ...records.licenceUsage, ...usage } };
};

const purchased = (count: number) => ({ SECURID_LICENSES_PURCHASED: String(count) });

describe('/securid license', () => {
  it('shows the summary to everybody in the channel', async () => {
    const { manager, screen, tenant, workspace } = await openHelpDesk();

    const answer = await manager.asks('/securid license', HELP_DESK);

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# RSA ID Plus licence summary
      MFA licences used: 1,137
      Users with third-party FIDO authenticators: 212
      SMS and voice tokencodes sent in March: 438
      Active users in March: 1,094 (27 fewer than in February)
      Active users in February: 1,121
        Requested by @mira · counted by RSA 2026-03-04 at 03:00"
    `);
    expect(answer.text).toBe('Licence summary: 1,137 MFA licences used.');
    for (const person of [MIRA, JONAS, NOBODY]) {
      expect(workspace.seenBy(person, HELP_DESK)).toEqual([answer]);
    }
    expect(tenant.calls()).toEqual(['GET /v1/licenseusage']);
  });

  it.each(['/securid licence', '/securid LICENSE'])('answers to %s', async (typed) => {
    const { manager } = await openHelpDesk();

    expect((await manager.asks(typed, IT_MANAGERS)).text).toMatch(/^Licence summary/);
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

  it('compares with the licences that the company bought', async () => {
    const { manager, screen } = await openHelpDesk({ env: purchased(1500) });

    const answer = await manager.asks('/securid license');

    expect(screen(answer)).toContain('MFA licences used: 1,137 of 1,500 (75.8%, 363 left)');
    expect(screen(answer)).not.toContain('⚠️');
  });

  it.each([
    { used: 1349, warns: false },
    { used: 1350, warns: true },
    { used: 1500, warns: true },
  ])('warns at 90 %: $used of 1,500', async ({ used, warns }) => {
    const records = withUsage({ mfaLicensesUsed: used });
    const { manager, screen } = await openHelpDesk({ env: purchased(1500), records });

    expect(screen(await manager.asks('/securid license')).includes('⚠️')).toBe(warns);
  });

  it('says how many licences are missing', async () => {
    const records = withUsage({ mfaLicensesUsed: 1512 });
    const { manager, screen } = await openHelpDesk({ env: purchased(1500), records });

    expect(screen(await manager.asks('/securid license'))).toMatchInlineSnapshot(`
      "# RSA ID Plus licence summary
      ⚠️ 100.8% of the purchased MFA licences are in use.
      MFA licences used: 1,512 of 1,500 (100.8%, 12 more than purchased)
      Users with third-party FIDO authenticators: 212
      SMS and voice tokencodes sent in March: 438
      Active users in March: 1,094 (27 fewer than in February)
      Active users in February: 1,121
        Requested by @mira · counted by RSA 2026-03-04 at 05:06"
    `);
  });

  it('compares January with December', async () => {
    const records = withUsage({
      monthOfSmsAndVoiceTokencodesSent: 1,
      activeUsersThisMonth: 700,
      monthOfActiveUsersThisMonth: 1,
      activeUsersLastMonth: 1121,
      monthOfActiveUsersLastMonth: 12,
    });
    const { manager, screen } = await openHelpDesk({ records });

    const lines = screen(await manager.asks('/securid license')).split('\n');

    expect(lines.filter((line) => /January|December/.test(line)).join('\n')).toMatchInlineSnapshot(`
        "SMS and voice tokencodes sent in January: 438
        Active users in January: 700 (421 fewer than in December)
        Active users in December: 1,121"
      `);
  });

  it('compares with whichever month SecurID names', async () => {
    const records = withUsage({
      activeUsersThisMonth: 1121,
      monthOfActiveUsersThisMonth: 10,
      activeUsersLastMonth: 1121,
      monthOfActiveUsersLastMonth: 8,
    });
    const { manager, screen } = await openHelpDesk({ records });

    expect(screen(await manager.asks('/securid license'))).toContain(
      'Active users in October: 1,121 (as many as in August)',
    );
  });

  it('takes an answer without the time of counting', async () => {
    const { manager, screen, tenant } = await openHelpDesk();
    const { lastUpdated: _, ...usage } = tenant.records.licenceUsage;
    tenant.answerNext({ status: 200, body: usage });

    const answer = await manager.asks('/securid license');

    expect(screen(answer).split('\n').at(-1)).toBe('  Requested by @mira');
  });

  it('tells a failure to the asker alone', async () => {
    const { manager, screen, tenant, workspace } = await openHelpDesk();
    tenant.answerNext({ status: 500 });

    const answer = await manager.asks('/securid license', HELP_DESK);

    expect(screen(answer)).toMatch(/^⚠️ SecurID could not answer/);
    expect(workspace.seenBy(JONAS, HELP_DESK)).toEqual([]);
  });

  it('shows its usage line for other words', async () => {
    const { manager, screen, tenant } = await openHelpDesk();

    expect(screen(await manager.asks('/securid license now'))).toMatchInlineSnapshot(`
      "Usage: \`/securid license [private]\`
      For example \`/securid license\`"
    `);
    expect(screen(await manager.asks('/securid license private please'))).toMatch(/^Usage:/);
    expect(tenant.requests).toEqual([]);
  });
});
