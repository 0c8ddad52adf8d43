import { describe, expect, it } from 'vitest';
import { JONAS } from '../../src/playground/company.ts';
import { openHelpDesk } from '../support/help-desk.ts';

describe('/securid help', () => {
  it('tells an agent what an agent may do', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    expect(screen(await agent.asks('/securid help'))).toMatchInlineSnapshot(`
      "# What you can do with /securid
      \`/securid\` alone opens a form.
      \`/securid user <who>\`: a user's card: what is wrong, the authenticators, and what can be done now
      For example \`/securid user jane@example.com\`
      \`/securid find <part of an address>\`: users whose e-mail address contains this, to choose from
      For example \`/securid find jane\`
      \`/securid authenticators <who> [browsers]\`: a user's devices, hardware tokens and FIDO credentials
      For example \`/securid authenticators jane@example.com\`
      \`/securid history <who>\`: a user's last sign-ins, why they failed and what to do
      For example \`/securid history jane@example.com\`
      \`/securid token <serial>\`: a hardware token's record, by the serial number on its back
      For example \`/securid token 000000900001\`
      \`/securid code <who> [ios|android|windows|macos]\`: a one-time code to register a device
      For example \`/securid code jane@example.com ios\`
        <who> is a Slack mention, an e-mail address or a SecurID user name. Only you can see the answers about users and tokens."
    `);
    expect(tenant.requests).toEqual([]);
  });

  it('tells a manager what a manager may do', async () => {
    const { manager, screen } = await openHelpDesk();

    expect(screen(await manager.asks('/securid help'))).toMatchInlineSnapshot(`
      "# What you can do with /securid
      \`/securid\` alone opens a form.
      \`/securid license [private]\`: the license summary, for everyone in the channel; \`private\` shows it to you alone
      For example \`/securid license\`"
    `);
  });

  it('tells somebody with both roles about everything', async () => {
    const { agent } = await openHelpDesk({ env: { SECURID_MANAGERS: JONAS } });

    expect((await agent.asks('/securid help')).text).toBe(
      'You can use /securid user, /securid find, /securid authenticators, /securid history, /securid token, /securid code, /securid license.',
    );
  });

  it('tells everybody else whom to ask', async () => {
    const { nobody, screen, logged } = await openHelpDesk();

    expect(screen(await nobody.asks('/securid help'))).toMatchInlineSnapshot(
      `"Sorry, \`/securid\` is for the help desk. Please ask @help-desk."`,
    );
    expect(logged()).toContainEqual(
      expect.objectContaining({ msg: 'refused', refusal: 'no role' }),
    );
  });

  it('tells a guest to ask whoever invited them', async () => {
    const { guest, screen } = await openHelpDesk();

    expect(screen(await guest.asks('/securid help'))).toMatchInlineSnapshot(
      `"Sorry, \`/securid\` is for the help desk. Please ask your contact at this company."`,
    );
  });

  it.each(['/securid ?', '/securid HELP', '/securid help me'])('answers to %s', async (typed) => {
    const { agent } = await openHelpDesk();

    expect((await agent.asks(typed)).text).toMatch(/^You can use/);
  });

  it('gives examples that work as they are', async () => {
    const { agent, screen } = await openHelpDesk({ env: { SECURID_MANAGERS: JONAS } });
    const help = screen(await agent.asks('/securid help'));
    const examples = [...help.matchAll(/^For example `(.*)`$/gm)];

    expect(examples).toHaveLength(7);
    for (const [, example = ''] of examples) {
      expect((await agent.asks(example)).text).not.toMatch(/^Usage|no such command/);
    }
  });
});
