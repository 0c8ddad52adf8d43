import { describe, expect, it } from 'vitest';
import { HELP_DESK, MIRA } from '../../../src/playground/company.ts';
import { openHelpDesk } from '../../support/help-desk.ts';
import { DEVICES, LOOKUP } from '../../support/registration-code.ts';

describe('/securid code', () => {
  it('shows whom it would be for, and issues nothing', async () => {
    const { agent, screen, tenant, workspace } = await openHelpDesk();

    const card = await agent.asks('/securid code alan@acme.test');

    expect(screen(card)).toMatchInlineSnapshot(`
      "# Registration code for Alan Mertens
      E-mail: alan@acme.test
      User name: alan
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Registered devices: None
      [ Verify and issue ]  [ Cancel ]"
    `);
    expect(card.text).toBe('Registration code for Alan Mertens: nothing issued yet.');
    expect(workspace.seenBy(MIRA, HELP_DESK)).toEqual([]);
    expect(tenant.calls()).toEqual([LOOKUP, DEVICES]);
    expect(tenant.issuedCodes).toEqual([]);
  });

  it.each(['gokafor', '@grace', 'GRACE@acme.test'])('finds a person by %s', async (who) => {
    const { agent } = await openHelpDesk();

    expect((await agent.asks(`/securid code ${who}`)).text).toMatch(/^Registration code for Grace/);
  });

  it('says which device is already registered', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid code noor@acme.test'))).toMatchInlineSnapshot(`
      "# Registration code for Noor Haddad
      E-mail: noor@acme.test
      User name: noor
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Registered devices: iPhone von Noor (iOS 18.3) since 2025-01-28
      ⚠️ This user already has a registered device. SecurID will probably refuse until it is deleted in the Cloud Administration Console.
      [ Verify and issue ]  [ Cancel ]"
    `);
  });

  it('names three of many devices', async () => {
    const { agent, screen } = await openHelpDesk();

    const card = await agent.asks('/securid code otto@acme.test');

    expect(screen(card)).toContain('; and 137 more');
  });

  it('does not count a browser as a registered device', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    const body = { devices: tenant.records.devices.filter(({ browser }) => browser) };
    tenant.answerNext({ status: 200, body }, 1, DEVICES);

    const card = await agent.asks('/securid code grace@acme.test');

    expect(screen(card)).toContain('Registered devices: None');
  });

  it('offers no code for a disabled user', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid code ivy@acme.test'))).toMatchInlineSnapshot(`
      "# Registration code for Ivy Lindqvist
      E-mail: ivy@acme.test
      User name: ivy
      Status: 🔴 Disabled
      Identity source: Acme Directory
      Registered devices: None
      ⛔ The user is not enabled and gets no code. Find out why, and have the user enabled first.
      [ Cancel ]"
    `);
  });

  it('offers no code for a user who is pending deletion', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid code pia@acme.test'))).toMatchInlineSnapshot(`
      "# Registration code for Pia Sandoval
      E-mail: pia@acme.test
      User name: pia
      Status: ⚠️ Enabled, pending deletion
      Identity source: Acme Directory
      Registered devices: None
      ⛔ The user is pending deletion and gets no code.
      [ Cancel ]"
    `);
  });

  it('shows the card even if SecurID does not return the registered devices', async () => {
    const { agent, screen, tenant, logged } = await openHelpDesk();
    tenant.answerNext({ status: 500 }, 1, DEVICES);

    const card = await agent.asks('/securid code alan@acme.test');

    expect(screen(card)).toContain('Registered devices: Unknown');
    expect(logged()).toContainEqual(
      expect.objectContaining({ msg: 'registered devices are unknown' }),
    );
  });

  it('says that SecurID has nobody by that name, or that a user id cannot be used here', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid code nobody@acme.test'))).toMatch(
      /^SecurID has no user with the e-mail address/,
    );
    expect(screen(await agent.asks('/securid code 28f964d0-6616-4834-8fd6-3a6f7f534264'))).toMatch(
      /^SecurID finds a user by e-mail address or user name/,
    );
  });

  it.each(['', ' alan@acme.test linux', ' alan@acme.test ios please'])(
    'shows its usage line for “code%s”',
    async (rest) => {
      const { agent, screen, tenant } = await openHelpDesk();

      expect(screen(await agent.asks(`/securid code${rest}`))).toMatch(
        /^Usage: `\/securid code <who> \[ios\|android\|windows\|macos\]`/,
      );
      expect(tenant.requests).toEqual([]);
    },
  );

  it('is removed by “Cancel”', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    const card = await agent.asks('/securid code alan@acme.test');

    expect(await agent.clicks(card, 'Cancel')).toBe(card);

    expect(screen(card)).toBe('Canceled. No code was issued.');
    expect(tenant.issuedCodes).toEqual([]);
  });

  it('can be canceled while Slack does not say who the agent is', async () => {
    const { agent, screen, workspace, clock } = await openHelpDesk();
    const card = await agent.asks('/securid code alan@acme.test ios');
    clock.advance(6 * 60_000);
    workspace.failNext('usergroups.users.list', { status: 500 }, 10);

    await agent.clicks(card, 'Cancel');

    expect(screen(card)).toBe('Canceled. No code was issued.');
  });
});
