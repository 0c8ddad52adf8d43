import { describe, expect, it } from 'vitest';
import { sid700, tenantRecords, user } from '../../src/playground/tenant-records.ts';
import { type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';

const LOOKUP = 'POST /v1/users/lookup';
const DEVICES = 'GET /v2/users/{id}/devices';
const DEVICES_V1 = 'GET /v1/users/{id}/devices';

const blockTypes = ({ blocks }: Message) => blocks.map(({ type }) => type);

describe('/securid authenticators', () => {
  it('lists hardware tokens, FIDO credentials and devices', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const answer = await agent.asks('/securid authenticators grace@acme.test');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# Authenticators of Grace Okafor
        grace@acme.test · Enabled · 2 hardware tokens, 2 FIDO credentials, 1 device (browsers not shown)
      Authenticator                       | Kind          | Details                     | Registered
      ------------------------------------|---------------|-----------------------------|-----------
      Desk token, 000000900001            | SecurID 700   | Activated, until 2028-08-20 | 2025-02-03
      Grace’s SecurID DS100, 014010900007 | SecurID DS100 | Activated                   | 2025-02-03
      Grace's FIDO token                  | FIDO Token    | Enabled                     | 2025-02-03
      Spare key                           | FIDO Token    | 🔴 Disabled                  | 2025-02-03
      Grace's Pixel                       | Android 15    | Fingerprint                 | 2025-02-03
      [ Show browsers ]"
    `);
    expect(answer.text).toMatchInlineSnapshot(
      `"Authenticators of Grace Okafor: 2 hardware tokens, 2 FIDO credentials, 1 device (browsers not shown)"`,
    );
    expect(tenant.calls()).toEqual([LOOKUP, DEVICES]);
    expect(tenant.requests.at(-1)?.path).toMatch(/\?includeBrowsers=false$/);
  });

  it('says first, and marks, what keeps a token from being used', async () => {
    const owner = user({ emailAddress: 'vic@acme.test' });
    const token = (serial: string, more: Partial<Parameters<typeof sid700>[0]>) =>
      sid700({ tokenSerialNumber: serial, userId: owner.id, ...more });
    const past = { expiryDate: '2026-03-04T00:00:00.000Z' };
    const { agent, screen } = await openHelpDesk({
      records: () =>
        tenantRecords({
          users: [...tenantRecords().users, owner],
          tokens: [
            token('000000900021', past),
            token('000000900022', { tokenStatus: 'Disabled' }),
            token('000000900023', { ...past, tokenStatus: 'Disabled', pinSet: false }),
            token('000000900024', { expiryDate: '2026-03-05T00:00:00.000Z' }),
          ],
        }),
    });

    const answer = await agent.asks('/securid authenticators vic@acme.test');

    const details = screen(answer).match(/(?<=SecurID 700 *\| ).*(?= \|)/g) ?? [];
    expect(details.map((one) => one.trim())).toEqual([
      '⚠️ Expired on 2026-03-04, Activated',
      '🔴 Disabled, Activated, until 2035-01-31',
      '⚠️ Expired on 2026-03-04, 🔴 Disabled, Activated, no PIN',
      'Activated, until 2026-03-05',
    ]);
  });

  it('has another name', async () => {
    const { agent } = await openHelpDesk();

    const answer = await agent.asks('/securid devices grace@acme.test');

    expect(answer.text).toMatch(/^Authenticators of Grace Okafor/);
  });

  it.each([
    'browsers grace@acme.test',
    'grace@acme.test with browsers',
    'grace@acme.test, Browser',
    'gokafor --browsers',
  ])('lists browsers wherever the word stands: %s', async (typed) => {
    const { agent } = await openHelpDesk();
    expect((await agent.asks(`/securid authenticators ${typed}`)).text).toContain('2 browsers');
  });

  it('lists browsers on request', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const answer = await agent.asks('/securid authenticators grace@acme.test Browsers');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# Authenticators of Grace Okafor
        grace@acme.test · Enabled · 2 hardware tokens, 2 FIDO credentials, 1 device, 2 browsers
      Authenticator                       | Kind                 | Details                     | Registered
      ------------------------------------|----------------------|-----------------------------|-----------
      Desk token, 000000900001            | SecurID 700          | Activated, until 2028-08-20 | 2025-02-03
      Grace’s SecurID DS100, 014010900007 | SecurID DS100        | Activated                   | 2025-02-03
      Grace's FIDO token                  | FIDO Token           | Enabled                     | 2025-02-03
      Spare key                           | FIDO Token           | 🔴 Disabled                  | 2025-02-03
      Grace's Pixel                       | Android 15           | Fingerprint                 | 2025-02-03
      Chrome_133.0.6943.54_1739347200123  | Chrome 133.0.6943.54 | -                           | 2025-02-03
      Firefox_135.0_1739347260456         | Firefox 135.0        | -                           | 2025-02-03"
    `);
    expect(tenant.requests.at(-1)?.path).toMatch(/\?includeBrowsers=true$/);
  });

  it('adds the browsers to the same message on “Show browsers”', async () => {
    const { agent, screen, workspace } = await openHelpDesk();
    const answer = await agent.asks('/securid authenticators grace@acme.test');

    const more = await agent.clicks(answer, 'Show browsers');

    expect(more).toBe(answer);
    expect(screen(more)).toContain('Firefox 135.0');
    expect(workspace.messages).toHaveLength(1);
  });

  it('says so if nothing is registered', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(
      screen(await agent.asks('/securid authenticators alan@acme.test')),
    ).toMatchInlineSnapshot(`
        "# Authenticators of Alan Mertens
          alan@acme.test · Enabled · none registered (browsers not shown)
        No authenticators registered.
        [ Show browsers ]"
      `);
    expect(
      screen(await agent.asks('/securid authenticators alan@acme.test browsers')),
    ).toMatchInlineSnapshot(`
      "# Authenticators of Alan Mertens
        alan@acme.test · Enabled · none registered
      No authenticators registered."
    `);
  });

  it('finds a person by their SecurID user id with one call', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    const [grace] = tenant.records.users;

    const answer = await agent.asks(`/securid authenticators ${grace?.id.toUpperCase()}`);

    expect(screen(answer)).toMatch(/^# Authenticators of user 28f964d0-/);
    expect(tenant.calls()).toEqual([DEVICES]);
  });

  it('says that SecurID has no user with that id', async () => {
    const { agent, screen } = await openHelpDesk();

    const answer = await agent.asks('/securid authenticators 00000000-0000-4000-8000-000000000000');

    expect(screen(answer)).toMatchInlineSnapshot(
      `"SecurID has no user with the id \`00000000-0000-4000-8000-000000000000\`."`,
    );
  });

  it.each(['/securid authenticators gokafor', '/securid authenticators @grace'])(
    'finds a user with %s',
    async (typed) => {
      const { agent } = await openHelpDesk();

      expect((await agent.asks(typed)).text).toMatch(/^Authenticators of Grace Okafor/);
    },
  );

  it('finds a person by an address that Slack turned into a link', async () => {
    const { agent } = await openHelpDesk();
    const typed = '/securid authenticators grace@acme.test browsers';

    const asked = await agent.types(typed, { linkEmails: true });

    expect(await asked.answer()).toMatchObject({ text: expect.stringContaining('2 browsers') });
  });

  it('says that SecurID has nobody by that name, and asks nothing more', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const answer = await agent.asks('/securid authenticators nobody@acme.test');

    expect(screen(answer)).toContain('SecurID has no user with the e-mail address');
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP]);
  });

  it('shows device names that users chose as plain text, decoded and shortened', async () => {
    const { agent, screen } = await openHelpDesk();

    const answer = await agent.asks('/securid authenticators mallory@acme.test browsers');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# Authenticators of <!channel> *Mallory* \`Mark\`_up_ <https://evil.test|click> %20 😈
        mallory@acme.test · Enabled · 1 hardware token, 1 FIDO credential, 1 device, 1 browser
      Authenticator                                           | Kind                 | Details                     | Registered
      --------------------------------------------------------|----------------------|-----------------------------|-----------
      <!channel> \`\`\`token\`\`\` ~gone~ & > quote, 000000900006   | SecurID 700          | Activated, until 2026-03-24 | 2025-02-03
      100% <@U0000000001> ☠ & <b>key</b>                      | FIDO Token           | Enabled                     | 2025-02-03
      <!here> Ünlöng 📱 Ünlöng 📱 Ünlöng 📱 Ünlöng 📱 Ünlöng 📱 Ü… | iOS 18.3             | Fingerprint                 | 2025-02-03
      *Chrome*_\`rm -rf\`_<https://evil.test|sign in>           | Chrome 133.0.6943.54 | -                           | 2025-02-03"
    `);
  });

  it('shows the fifty newest of 140 devices and says what it left out', async () => {
    const { agent, screen } = await openHelpDesk();

    const answer = await agent.asks('/securid authenticators otto@acme.test');

    const lines = screen(answer).split('\n');
    expect(lines.slice(0, 5).join('\n')).toMatchInlineSnapshot(`
      "# Authenticators of Otto Vale
        otto@acme.test · Enabled · 140 devices (browsers not shown)
      Authenticator | Kind       | Details     | Registered
      --------------|------------|-------------|-----------
      Kiosk 140     | Android 14 | Fingerprint | 2025-03-08"
    `);
    expect(lines.slice(-4).join('\n')).toMatchInlineSnapshot(`
      "Kiosk 092     | Android 14 | Fingerprint | 2025-01-19
      Kiosk 091     | iOS 17.7.2 | Fingerprint | 2025-01-18
      Showing 50 of 140. Left out: the 90 oldest devices. The Cloud Administration Console lists them all.
      [ Show browsers ]"
    `);
    expect(lines.filter((line) => line.startsWith('Kiosk'))).toHaveLength(50);
  });

  it('sends the same message without the table, once, if Slack accepts no tables', async () => {
    const { agent, screen, workspace } = await openHelpDesk();
    workspace.failNext('response_url', { status: 400, body: 'invalid_blocks' });

    const answer = await agent.asks('/securid authenticators grace@acme.test');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# Authenticators of Grace Okafor
        grace@acme.test · Enabled · 2 hardware tokens, 2 FIDO credentials, 1 device (browsers not shown)
      Hardware tokens
      • Desk token, 000000900001 · SecurID 700 · Activated, until 2028-08-20 · since 2025-02-03
      • Grace’s SecurID DS100, 014010900007 · SecurID DS100 · Activated · since 2025-02-03
      FIDO credentials
      • Grace's FIDO token · FIDO Token · Enabled · since 2025-02-03
      • Spare key · FIDO Token · 🔴 Disabled · since 2025-02-03
      Devices
      • Grace's Pixel · Android 15 · Fingerprint · since 2025-02-03
      [ Show browsers ]"
    `);
    const posts = workspace.bodies.filter((body) => body.includes('replace_original'));
    expect(posts).toHaveLength(2);
    expect(workspace.messages).toHaveLength(1);
  });

  it('lists 140 devices without a table, too', async () => {
    const { agent, screen, workspace } = await openHelpDesk();
    workspace.failNext('response_url', { status: 400, body: 'invalid_blocks' });

    const answer = await agent.asks('/securid authenticators otto@acme.test');

    expect(blockTypes(answer)).not.toContain('table');
    expect(screen(answer).match(/• Kiosk/g)).toHaveLength(50);
    expect(screen(answer)).toContain('Left out: the 90 oldest devices.');
  });

  /** Adds fifty tokens for Grace, with the longest names that are shown. */
  function addLongNames({ records: { users, tokens } }: HelpDesk['tenant']) {
    const long = { name: 'W', deviceType: 'T', tokenState: 'S', tokenSerialNumber: '9' };
    const longest = Object.entries(long).map(([key, letter]) => [key, letter.repeat(300)]);
    const [token] = tokens.filter(({ userId }) => userId === users[0]?.id);
    if (!token) throw new Error('Grace has no token');
    tokens.push(
      ...Array.from({ length: 50 }, () => ({ ...token, ...Object.fromEntries(longest) })),
    );
  }

  it('shows as many of the longest names as a table can hold, and says what it left out', async () => {
    const { agent, screen, tenant, workspace } = await openHelpDesk();
    addLongNames(tenant);

    const answer = await agent.asks('/securid authenticators grace@acme.test');

    expect(blockTypes(answer)).toContain('table');
    expect(workspace.validate(answer.blocks, 'message')).toEqual([]);
    const shown = screen(answer).match(/^W{59}….*$/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(20);
    expect(screen(answer)).toContain(
      `Showing ${shown + 2} of 55. Left out: the ${50 - shown} oldest hardware tokens, the 2 oldest FIDO credentials, the oldest device. The`,
    );
    expect(workspace.bodies.filter((body) => body.includes('replace_original'))).toHaveLength(1);
  });

  it('loses no line of the longest names in the message without a table', async () => {
    const { agent, screen, tenant, workspace } = await openHelpDesk();
    addLongNames(tenant);
    workspace.failNext('response_url', { status: 400, body: 'invalid_blocks' });

    const answer = await agent.asks('/securid authenticators grace@acme.test');

    expect(screen(answer).match(/^• .* · since 2025-02-03$/gm)).toHaveLength(50);
  });

  it('accepts an answer without any authenticator family', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    tenant.answerNext({ status: 200, body: {} }, 1, DEVICES);

    const answer = await agent.asks('/securid authenticators grace@acme.test');

    expect(screen(answer)).toContain('No authenticators registered');
  });

  it('says that a user was deleted between the two calls', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    tenant.answerNext(
      { status: 404, body: { code: '404 NOT_FOUND', description: 'User not found' } },
      1,
      DEVICES,
    );

    const answer = await agent.asks('/securid authenticators grace@acme.test');

    expect(screen(answer)).toContain('SecurID has no user with the id');
  });
});

describe('/securid authenticators, with version 1 of the API', () => {
  const env = { SECURID_AUTHENTICATOR_API: '1' };

  it('lists FIDO credentials and devices', async () => {
    const { agent, screen, tenant } = await openHelpDesk({ env });

    const answer = await agent.asks('/securid authenticators grace@acme.test');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# Authenticators of Grace Okafor
        grace@acme.test · Enabled · 2 FIDO credentials, 1 device (browsers not shown)
      Authenticator      | Kind       | Details     | Registered
      -------------------|------------|-------------|-----------
      Grace's FIDO token | FIDO Token | -           | 2025-02-03
      Spare key          | FIDO Token | -           | 2025-02-03
      Grace's Pixel      | Android 15 | Fingerprint | 2025-02-03
      [ Show browsers ]"
    `);
    expect(tenant.calls()).toEqual([LOOKUP, DEVICES_V1]);
    expect(tenant.requests.at(-1)?.path).toMatch(/\?includeBrowsers=false$/);
  });

  it('lists browsers on request', async () => {
    const { agent, screen } = await openHelpDesk({ env });

    const answer = await agent.asks('/securid authenticators grace@acme.test browsers');

    expect(screen(answer)).toContain('Firefox_135.0_1739347260456');
  });

  it('says that nothing is registered for a user whom SecurID knows', async () => {
    const { agent, screen } = await openHelpDesk({ env });

    const answer = await agent.asks('/securid authenticators alan@acme.test');

    expect(screen(answer)).toContain('No authenticators registered');
  });

  it('cannot tell a user id without authenticators from an unknown one', async () => {
    const records = () => tenantRecords({ users: [user({ emailAddress: 'alan@acme.test' })] });
    const { agent, screen, tenant } = await openHelpDesk({ env, records });

    const answer = await agent.asks(`/securid authenticators ${tenant.records.users[0]?.id}`);

    expect(screen(answer)).toMatchInlineSnapshot(
      `"SecurID has no user with the id \`cd474d06-949e-40bc-86b7-2d16ca3ff1f0\`, or nothing is registered for that user."`,
    );
  });
});
