import { describe, expect, it } from 'vitest';
import { HELP_DESK, MIRA } from '../../src/playground/company.ts';
import { tenantRecords, user } from '../../src/playground/tenant-records.ts';
import { type Message, markedUp, openHelpDesk } from '../support/help-desk.ts';

const LOOKUP = 'POST /v1/users/lookup';
const DEVICES = 'GET /v2/users/{id}/devices';

describe('/securid user', () => {
  it('shows what SecurID knows about a user', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const answer = await agent.asks('/securid user grace@acme.test');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# Grace Okafor
      🔴 FIDO credential disabled
      Authenticators
      • Desk token, 000000900001 · SecurID 700 · Activated, until 2028-08-20 · since 2025-02-03
      • Grace’s SecurID DS100, 014010900007 · SecurID DS100 · Activated · since 2025-02-03
      • Grace's FIDO token · FIDO Token · Enabled · since 2025-02-03
      • Spare key · FIDO Token · 🔴 Disabled · since 2025-02-03
      • Grace's Pixel · Android 15 · since 2025-02-03
      Status: 🟢 Enabled
      E-mail: grace@acme.test
      User name: gokafor
      Alternate user name: grace.okafor
      SMS and voice: +1 202 555 0143
      Last sign-in: 2026-03-03 09:00
      Identity source: Acme Directory
      Last synchronized: 2026-03-03 22:00
      [ Last sign-ins ]  [ Registration code ]  [ Authenticators ]"
    `);
    expect(answer.text).toBe('Grace Okafor: Enabled');
    expect(tenant.calls()).toEqual([LOOKUP, DEVICES]);
  });

  it('shows it only to the agent', async () => {
    const { agent, workspace } = await openHelpDesk();

    await agent.asks('/securid user grace@acme.test');

    expect(workspace.seenBy(MIRA, HELP_DESK)).toEqual([]);
  });

  it('points out locked methods, emergency access and high risk', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid user noor@acme.test'))).toMatchInlineSnapshot(`
      "# Noor Haddad
      🔒 OTP, SMS and Voice locked · ⚠️ High risk · 🔴 Hardware token disabled
      Authenticators
      • Lost on the train, 000000900004 · SecurID 700 · 🔴 Disabled, Activated, until 2026-12-29 · since 2025-02-03
      • iPhone von Noor · iOS 18.3 · since 2025-01-28
      Status: 🟢 Enabled
      E-mail: noor@acme.test
      User name: noor
      Last sign-in: Feb 2026
      Emergency access: Enabled until 2026-03-07 09:00
      Identity source: Acme Directory
      Last synchronized: 2026-03-03 22:00
      [ Token 000000900004 ]  [ Last sign-ins ]  [ Registration code ]  [ Authenticators ]"
    `);
  });

  it('points out a disabled user, and one who is pending deletion', async () => {
    const { agent, screen } = await openHelpDesk();

    const disabled = await agent.asks('/securid user ivy@acme.test');
    const leaving = await agent.asks('/securid user pia@acme.test');

    expect(disabled.text).toBe('Ivy Lindqvist: Disabled');
    expect(screen(disabled)).toContain('Status: 🔴 Disabled');
    expect(screen(disabled)).toContain('\n🔴 Disabled · ');
    expect(leaving.text).toBe('Pia Sandoval: Enabled · Pending deletion');
    expect(screen(leaving)).toContain('Status: ⚠️ Enabled, pending deletion');
    expect(screen(leaving)).toContain('\n⚠️ Pending deletion since 2026-03-02');
  });

  it('leaves out what the tenant leaves out', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    tenant.answerNext({ status: 200, body: { id: '28f964d0-6616-4834-8fd6-3a6f7f534264' } });

    expect(screen(await agent.asks('/securid user grace@acme.test'))).toMatchInlineSnapshot(`
      "# 28f964d0-6616-4834-8fd6-3a6f7f534264
      :grey_question: Status unknown · 🔴 FIDO credential disabled
      Authenticators
      • Desk token, 000000900001 · SecurID 700 · Activated, until 2028-08-20 · since 2025-02-03
      • Grace’s SecurID DS100, 014010900007 · SecurID DS100 · Activated · since 2025-02-03
      • Grace's FIDO token · FIDO Token · Enabled · since 2025-02-03
      • Spare key · FIDO Token · 🔴 Disabled · since 2025-02-03
      • Grace's Pixel · Android 15 · since 2025-02-03
      [ Last sign-ins ]  [ Registration code ]  [ Authenticators ]"
    `);
  });

  it.each([
    ['an e-mail address', '/securid user Grace@ACME.test', { email: 'Grace@ACME.test' }],
    ['a user name', '/securid user gokafor', { username: 'gokafor' }],
    ['a mention in Slack', '/securid user @grace', { email: 'grace@acme.test' }],
    ['a mention without a name', '/securid user <@U0GRACE>', { email: 'grace@acme.test' }],
  ])('finds a user by %s', async (_, typed, key) => {
    const { agent, tenant } = await openHelpDesk();

    expect((await agent.asks(typed)).text).toBe('Grace Okafor: Enabled');
    expect(tenant.requests[0]?.body).toEqual(key);
  });

  it('finds a person by an address that Slack turned into a link', async () => {
    const { agent, tenant } = await openHelpDesk();

    const asked = await agent.types('/securid user grace@acme.test', { linkEmails: true });

    expect((await asked.answer()) as Message).toMatchObject({ text: 'Grace Okafor: Enabled' });
    expect(tenant.requests[0]?.body).toEqual({ email: 'grace@acme.test' });
  });

  it('says that SecurID has nobody by that name', async () => {
    const { agent, screen } = await openHelpDesk();

    const address = await agent.asks('/securid user grce@acme.test');
    const name = await agent.asks("/securid user o'brien");

    expect(screen(address)).toMatchInlineSnapshot(
      `
      "SecurID has no user with the e-mail address or user name grce@acme.test. Check the spelling, or try their SecurID user name.
      [ Find “grce” ]"
    `,
    );
    expect(screen(name)).toMatchInlineSnapshot(
      `
      "SecurID has no user with the user name o'brien. Check the spelling, or try their e-mail address.
      [ Find “o'brien” ]"
    `,
    );
  });

  it('says that a user id finds nobody here, without asking SecurID', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const answer = await agent.asks('/securid user 28f964d0-6616-4834-8fd6-3a6f7f534264');

    expect(screen(answer)).toMatchInlineSnapshot(
      `"SecurID finds a user by e-mail address or user name, not by user id. A user id works for \`/securid authenticators\`."`,
    );
    expect(tenant.requests).toEqual([]);
  });

  it('shows as plain text whatever users wrote about themselves', async () => {
    const { agent, screen } = await openHelpDesk();

    const answer = await agent.asks('/securid user mallory@acme.test');

    expect(screen(answer)).toContain(
      '# <!channel> *Mallory* `Mark`_up_ <https://evil.test|click> %20 😈',
    );
    expect(markedUp(answer).join()).not.toMatch(/<https|<!channel|<Partners/);
  });

  it('shortens a name of three hundred characters, whatever they are', async () => {
    const { agent, screen } = await openHelpDesk({
      records: () =>
        tenantRecords({
          users: [user({ emailAddress: 'long@acme.test', firstName: '😈'.repeat(300) })],
        }),
    });

    const answers = [
      await agent.asks('/securid user long@acme.test'),
      await agent.asks('/securid authenticators long@acme.test'),
      await agent.asks('/securid code long@acme.test'),
    ];

    for (const answer of answers) expect(screen(answer)).toMatch(/^# .*😈…\n/);
  });

  it('leads to the authenticators and to a registration code', async () => {
    const { agent } = await openHelpDesk();
    const card = await agent.asks('/securid user alan@acme.test');

    const authenticators = await agent.clicks(card, 'Authenticators');
    const code = await agent.clicks(card, 'Registration code');

    expect(authenticators.text).toMatch(/^Authenticators of Alan Mertens/);
    expect(code.text).toBe('Registration code for Alan Mertens: nothing issued yet.');
  });
});
