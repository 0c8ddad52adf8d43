import { describe, expect, it } from 'vitest';
import { markedUp, openHelpDesk } from '../support/help-desk.ts';

const LOOKUP = 'POST /v1/sidTokens/lookup';
const DEVICE = 'POST /v1/ds100/lookup';

describe('/securid token', () => {
  it("shows a token's record", async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const answer = await agent.asks('/securid token 000000900001');

    expect(screen(answer)).toMatchInlineSnapshot(`
      "# Hardware token 000000900001
      Nothing stands out.
      Owner: SecurID user 28f964d0-6616-4834-8fd6-3a6f7f534264
      Kind: SecurID 700
      Name: Desk token
      State: Activated
      Status: 🟢 Enabled
      PIN: Set
      Expires: 2028-08-20
      Assigned: 2025-02-03 08:15
      Assigned by: jonas@acme.test
      Registered: 2025-02-03 08:15
      Last updated: 2025-02-03 08:16
        SecurID tells only the owner’s id. Look up the person you think it is, then the token again.
      [ Owner's authenticators ]"
    `);
    expect(answer.text).toBe('Hardware token 000000900001: Activated');
    expect(tenant.requests.map(({ body }) => body)).toEqual([
      { tokenSerialNumber: '000000900001' },
    ]);
  });

  it('shows an unassigned token', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid token 000000900002'))).toMatchInlineSnapshot(`
      "# Hardware token 000000900002
      Nobody has it.
      Owner: Nobody
      Kind: SecurID 700
      State: Unassigned
      Status: 🟢 Enabled
      PIN: Not set
      Expires: 2028-08-20
      Last updated: 2025-02-03 08:16"
    `);
  });

  it('shows a token that is yet to be activated', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid token 000000900003'))).toMatchInlineSnapshot(`
      "# Hardware token 000000900003
      ⚠️ Not activated yet
      Owner: SecurID user af0ec0b3-2d23-4fbb-83da-348ba399c1d6
      Kind: SecurID 700
      State: Activation Pending
      Status: 🟢 Enabled
      PIN: Not set
      Expires: 2028-08-20
      Assigned: 2026-03-02 09:00
      Assigned by: mira@acme.test
      Last updated: 2025-02-03 08:16
        SecurID tells only the owner’s id. Look up the person you think it is, then the token again.
      [ Owner's authenticators ]"
    `);
  });

  it('shows who disabled a token', async () => {
    const { agent, screen } = await openHelpDesk();

    const answer = await agent.asks('/securid token 000000900004');

    expect(screen(answer)).toMatch(/^# Hardware token 000000900004\n🔴 Disabled\nOwner: /);
    expect(answer.text).toBe('Hardware token 000000900004: 🔴 Disabled');
    expect(screen(answer)).toContain('Status changed by: jonas@acme.test');
  });

  it('says first that a token has expired', async () => {
    const { agent, screen } = await openHelpDesk();

    const answer = await agent.asks('/securid token 000000900005');

    expect(screen(answer)).toMatch(
      /^# Hardware token 000000900005\n⚠️ Expired on 2026-01-23\nOwner: /,
    );
    expect(screen(answer)).not.toContain('🟢');
    expect(answer.text).toBe('Hardware token 000000900005: ⚠️ Expired on 2026-01-23');
  });

  it('shows a DS100, which has no expiry date and blank values from SecurID', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid token 014010900007'))).toMatchInlineSnapshot(`
      "# Hardware token 014010900007
      Nothing stands out.
      Owner: SecurID user 28f964d0-6616-4834-8fd6-3a6f7f534264
      Kind: SecurID DS100
      Name: Grace’s SecurID DS100
      State: Activated
      Status: 🟢 Enabled
      PIN: Set
      Assigned: 2025-02-03 08:15
      Assigned by: grace@acme.test
      Registered: 2025-02-03 08:15
      Last updated: 2025-02-03 08:16
        SecurID tells only the owner’s id. Look up the person you think it is, then the token again.
      [ Owner's authenticators ]"
    `);
  });

  it('shows the name that its user gave a token as plain text', async () => {
    const { agent, screen } = await openHelpDesk();

    const answer = await agent.asks('/securid token 000000900006');

    expect(screen(answer)).toContain('Name: <!channel> ```token``` ~gone~ & > quote');
    expect(markedUp(answer).join()).not.toContain('channel');
  });

  it("leads to its owner's other authenticators", async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    const answer = await agent.asks('/securid token 000000900001');

    const owner = await agent.clicks(answer, "Owner's authenticators");

    expect(owner).not.toBe(answer);
    expect(screen(owner)).toContain('Grace’s SecurID DS100');
    expect(tenant.calls()).toEqual([LOOKUP, 'GET /v2/users/{id}/devices']);
  });

  it.each([
    '0000 0090 0001',
    '0000-0090-0001',
    ' 000000900001 ',
    '0000–0090—0001',
    '<tel:000000900001|000000900001>',
    '#000000900001',
    'SN: 000000900001',
    '0000.0090.0001',
    '0000\u22120090\u22120001',
    '００００００９００００１',
    "'000000900001",
  ])('reads %j as printed on the back', async (typed) => {
    const { agent, tenant } = await openHelpDesk();

    const answer = await agent.asks(`/securid token ${typed}`);

    expect(answer.text).toBe('Hardware token 000000900001: Activated');
    expect(tenant.requests.at(-1)?.body).toEqual({ tokenSerialNumber: '000000900001' });
  });

  it('tries again with the leading zeros that somebody left out', async () => {
    const { agent, tenant } = await openHelpDesk();

    const answer = await agent.asks('/securid token 900001');

    expect(answer.text).toBe('Hardware token 000000900001: Activated');
    expect(tenant.requests.map(({ body }) => body)).toEqual([
      { tokenSerialNumber: '900001' },
      { tokenSerialNumber: '000000900001' },
    ]);
  });

  it.each(['000000900001, 000000900002', '000000900001\n000000900002'])(
    'accepts one serial number at a time: %j',
    async (typed) => {
      const { agent, screen, tenant } = await openHelpDesk();

      expect(screen(await agent.asks(`/securid token ${typed}`))).toBe(
        'One serial number at a time, please.',
      );
      expect(tenant.requests).toEqual([]);
    },
  );

  it.each(['140109000', '1401-0900-0', 'DS100 SN: 140109000'])(
    'finds a DS100 by the number on its back: %s',
    async (typed) => {
      const { agent, screen, tenant } = await openHelpDesk();

      const answer = await agent.asks(`/securid token ${typed}`);

      expect(answer.text).toBe('Hardware token 014010900007: Activated');
      expect(screen(answer)).toContain('Device serial number: 140109000');
      expect(tenant.requests.at(-1)?.body).toEqual({ deviceSerialNumber: '140109000' });
      const owner = await agent.clicks(answer, "Owner's authenticators");
      expect(owner.text).toMatch(/^Authenticators of/);
    },
  );

  it('lists what else is on a DS100', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    const [token] = tenant.records.tokens.filter((one) => one.deviceSerialNumber === '140109000');
    if (token) tenant.records.tokens.push({ ...token, tokenSerialNumber: '014010900008' });

    expect(screen(await agent.asks('/securid token 140109000'))).toContain(
      'Also on this device: 014010900008',
    );
  });

  it.each([
    ['the key has no such permission', { status: 403, body: { message: 'Access is denied' } }],
    ['the tenant has no such API', { status: 404, body: '<html>404</html>' }],
  ])('says what else to type if %s', async (_, fault) => {
    const { agent, screen, tenant } = await openHelpDesk();
    tenant.answerNext(fault, 1, DEVICE);

    expect(screen(await agent.asks('/securid token 140109000'))).toMatchInlineSnapshot(
      `
      "SecurID has no hardware token with the serial number \`140109000\`. Is it a SecurID DS100? This app is not allowed to look one up by the number on its back; type the 12 digits of its OTP credential, which \`/securid authenticators\` shows.
      [ Look for a user of that name ]"
    `,
    );
    expect((await agent.asks('/securid token 900001')).text).toMatch(
      /^Hardware token 000000900001/,
    );
  });

  it('says that SecurID did not answer about a DS100', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    tenant.answerNext({ status: 500 }, 1, DEVICE);

    expect(screen(await agent.asks('/securid token 140109000'))).toMatch(
      /^⚠️ SecurID did not answer/,
    );
  });

  it('says that SecurID has no such token', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const short = await agent.asks('/securid token 900999');
    expect(screen(short)).toMatchInlineSnapshot(
      `
      "SecurID has no hardware token with the serial number \`900999\`, and no DS100 with that number on its back.
      [ Look for a user of that name ]"
    `,
    );
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP, DEVICE]);

    await agent.asks('/securid token 000000900999');
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP, DEVICE, LOOKUP, DEVICE]);
  });

  it('accepts 36 digits and no more', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    expect(screen(await agent.asks(`/securid token ${'1'.repeat(36)}`))).toContain(
      'SecurID has no hardware token',
    );
    expect(screen(await agent.asks(`/securid token ${'1'.repeat(37)}`))).toMatchInlineSnapshot(
      `"A serial number has only digits, at most 36 of them. It is on the back of the token. Example: \`/securid token 000000900001\`."`,
    );
    expect(tenant.calls()).toEqual([LOOKUP, DEVICE]);
  });

  it.each(['00000090000A', 'O00000900001', '<!channel>', '٠٠٠٠٠٠٩٠٠٠٠١', '@grace'])(
    'refuses %j without asking SecurID',
    async (typed) => {
      const { agent, screen, tenant } = await openHelpDesk();

      const answer = await agent.asks(`/securid token ${typed}`);

      expect(screen(answer)).toMatch(/^A serial number has only digits/);
      expect(tenant.requests).toEqual([]);
    },
  );

  it.each(['', ' -'])(
    'shows its usage line if there is no serial number: “token%s”',
    async (typed) => {
      const { agent, screen, tenant } = await openHelpDesk();

      expect(screen(await agent.asks(`/securid token${typed}`))).toBe(
        'Usage: `/securid token <serial>`\nFor example `/securid token 000000900001`',
      );
      expect(tenant.requests).toEqual([]);
    },
  );
});
