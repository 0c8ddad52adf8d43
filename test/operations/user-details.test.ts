import { describe, expect, it } from 'vitest';
import { HELP_DESK, MIRA } from '../../src/playground/company.ts';
import { tenantRecords, user } from '../../src/playground/tenant-records.ts';
import { type Message, markedUp, openHelpDesk } from '../support/help-desk.ts';

const LOOKUP = 'POST /v1/users/lookup';

describe('/securid user', () => {
  it('shows what SecurID knows about a user', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const answer = await agent.asks('/securid user grace@acme.test');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# Grace Okafor
      Status: 🟢 Enabled
      E-mail: grace@acme.test
      User name: gokafor
      Alternate user name: grace.okafor
      Identity source: Acme Directory
      Locked methods: None
      Emergency access: Disabled
      Last sign-in: Feb 2026
      High risk: No
      Pending deletion: No
      [ Authenticators ]  [ Registration code ]"
    `);
    expect(answer.text).toBe('Grace Okafor: Enabled');
    expect(tenant.calls()).toEqual([LOOKUP]);
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
      Status: 🟢 Enabled
      E-mail: noor@acme.test
      User name: noor
      Identity source: Acme Directory
      Locked methods: 🔒 Authenticate OTP, SMS tokencode, Voice tokencode
      Emergency access: Enabled until 2026-03-07 09:00
      Last sign-in: Feb 2026
      High risk: ⚠️ Yes
      Pending deletion: No
      [ Authenticators ]  [ Registration code ]"
    `);
  });

  it('points out a disabled user, and one who is pending deletion', async () => {
    const { agent, screen } = await openHelpDesk();

    const disabled = await agent.asks('/securid user ivy@acme.test');
    const leaving = await agent.asks('/securid user pia@acme.test');

    expect(disabled.text).toBe('Ivy Lindqvist: Disabled');
    expect(screen(disabled)).toContain('Status: 🔴 Disabled');
    expect(leaving.text).toBe('Pia Sandoval: Enabled, pending deletion');
    expect(screen(leaving)).toContain('Status: ⚠️ Enabled, pending deletion');
    expect(screen(leaving)).toContain('Pending deletion: Yes, since 2026-03-02');
  });

  it('leaves out what the tenant leaves out', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    tenant.answerNext({ status: 200, body: { id: '28f964d0-6616-4834-8fd6-3a6f7f534264' } });

    expect(screen(await agent.asks('/securid user grace@acme.test'))).toMatchInlineSnapshot(`
      "# 28f964d0-6616-4834-8fd6-3a6f7f534264
      Status: Unknown
      Locked methods: None
      Last sign-in: None on record
      Pending deletion: No
      [ Authenticators ]  [ Registration code ]"
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
    expect(tenant.requests.at(-1)?.body).toEqual(key);
  });

  it('finds a person by an address that Slack turned into a link', async () => {
    const { agent, tenant } = await openHelpDesk();

    const asked = await agent.types('/securid user grace@acme.test', { linkEmails: true });

    expect((await asked.answer()) as Message).toMatchObject({ text: 'Grace Okafor: Enabled' });
    expect(tenant.requests.at(-1)?.body).toEqual({ email: 'grace@acme.test' });
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
