import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HELP_DESK, JONAS, MIRA, NOBODY } from '../../src/playground/company.ts';
import { tenantRecords, user } from '../../src/playground/tenant-records.ts';
import type { RawRequest, SlackPerson } from '../../src/playground/workspace/index.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';

/** Adds another person to the workspace and the help desk's channel. */
function joins({ workspace, person }: HelpDesk, one: Partial<SlackPerson> & { id: string }) {
  workspace.people.push({ name: one.id.toLowerCase(), realName: one.id, ...one });
  for (const { id, members } of workspace.channels) if (id === HELP_DESK) members.push(one.id);
  for (const group of workspace.groups) group.users.push(one.id);
  return person(one.id);
}

/** Repeats the last request with some of its form fields changed. */
async function sendsAgain({ workspace }: HelpDesk, change: Record<string, string> = {}) {
  const form = Object.fromEntries(new URLSearchParams(workspace.lastRequest()?.body));
  return workspace.send({ form: { ...form, ...change } });
}

const refusals = ({ logged }: HelpDesk) =>
  logged().flatMap(({ msg, refusal, actor }) => (msg === 'refused' ? [{ refusal, actor }] : []));

const PLATFORMS: Record<string, string> = {
  ios: 'iOS',
  android: 'Android',
  windows: 'Windows',
  macos: 'macOS',
};

const COMMANDS = [
  '/securid user grace@acme.test',
  '/securid authenticators grace@acme.test',
  '/securid token 000000900001',
  '/securid code alan@acme.test',
];

describe('/securid, by role', () => {
  it('lets an agent do what agents may, and names whom to ask for the rest', async () => {
    const desk = await openHelpDesk();

    for (const command of COMMANDS) {
      expect((await desk.agent.asks(command)).text).not.toMatch(/^Sorry/);
    }
    const calls = desk.tenant.calls().length;

    expect(desk.screen(await desk.agent.asks('/securid license'))).toMatchInlineSnapshot(
      `"Sorry, this part of \`/securid\` is for managers. Please ask @it-managers. \`/securid help\` shows what you can do here."`,
    );
    expect(desk.tenant.calls()).toHaveLength(calls);
  });

  it('lets a manager see the licenses, and names whom to ask for the rest', async () => {
    const desk = await openHelpDesk();

    expect((await desk.manager.asks('/securid license')).text).toMatch(
      /^RSA ID Plus license summary/,
    );
    for (const command of COMMANDS) {
      expect(desk.screen(await desk.manager.asks(command))).toBe(
        'Sorry, this part of `/securid` is for the help desk. Please ask @help-desk. `/securid help` shows what you can do here.',
      );
    }
    expect(desk.tenant.calls()).toEqual(['GET /v2/licenseusage']);
  });

  it('lets in a person whose own id is listed', async () => {
    const desk = await openHelpDesk({ env: { SECURID_AGENTS: NOBODY } });

    expect((await desk.nobody.asks('/securid user grace@acme.test')).text).toMatch(/^Grace/);
    expect(desk.screen(await desk.agent.asks('/securid user grace@acme.test'))).toBe(
      'Sorry, `/securid` is for the help desk. Please ask @nora.',
    );
  });

  it('refuses everybody when nobody is listed', async () => {
    const desk = await openHelpDesk({ env: { SECURID_AGENTS: '', SECURID_MANAGERS: '' } });

    expect(
      desk.screen(await desk.agent.asks('/securid user grace@acme.test')),
    ).toMatchInlineSnapshot(
      `
      "Sorry, \`/securid\` is for the help desk. Please ask your SecurID Desk administrator.
        For your SecurID Desk administrator: \`docs/troubleshooting.md#nobody-has-the-role\`"
    `,
    );
  });

  it('names three of many people to ask', async () => {
    const agents = [JONAS, MIRA, 'U0GRACE', 'U0ALAN'].join();
    const desk = await openHelpDesk({ env: { SECURID_AGENTS: agents } });

    expect(desk.screen(await desk.nobody.asks('/securid help'))).toBe(
      'Sorry, `/securid` is for the help desk. Please ask @jonas or @mira or @grace.',
    );
  });

  it('gives the same answer to somebody without a role whether or not the person exists', async () => {
    const desk = await openHelpDesk();

    const answers = [
      await desk.nobody.asks('/securid user grace@acme.test'),
      await desk.nobody.asks('/securid user nobody@acme.test'),
      await desk.nobody.asks('/securid authenticators @grace'),
      await desk.nobody.asks('/securid code alan@acme.test'),
      await desk.nobody.asks('/securid token 000000900001'),
      await desk.nobody.asks('/securid user'),
      await desk.nobody.asks('/securid lookup grace@acme.test'),
    ];

    const [first, ...others] = desk.workspace.bodies.filter((body) => body.includes('Sorry'));
    expect(others).toEqual(answers.slice(1).map(() => first));
    expect(desk.screen(answers[0] as Message)).toMatchInlineSnapshot(
      `"Sorry, \`/securid\` is for the help desk. Please ask @help-desk."`,
    );
    expect(desk.tenant.requests).toEqual([]);
    expect(refusals(desk)).toHaveLength(7);
    expect(refusals(desk)).toContainEqual({ refusal: 'no role', actor: NOBODY });
  });

  it('tells a guest nothing more, even if the group of the help desk includes them', async () => {
    const desk = await openHelpDesk();
    for (const group of desk.workspace.groups) group.users.push('U0GIL', 'U0GUEST');

    const answer = await desk.guest.asks('/securid user grace@acme.test');

    expect(desk.screen(answer)).toMatchInlineSnapshot(
      `"Sorry, \`/securid\` is for the help desk. Please ask your contact at this company."`,
    );
    expect(desk.tenant.requests).toEqual([]);
    expect(refusals(desk)).toEqual([{ refusal: 'a guest', actor: 'U0GUEST' }]);
  });

  it.each([
    ['a bot', { id: 'U0BOT', isBot: true }, 'a bot'],
    ['a single-channel guest', { id: 'U0SCG', isUltraRestricted: true }, 'a guest'],
    ['somebody deactivated', { id: 'U0LEFT', deleted: true }, 'deactivated'],
    ['somebody of another workspace', { id: 'U0OTHER', teamId: 'T0OTHER' }, 'another workspace'],
    ['a visitor from Slack Connect', { id: 'U0VISIT', isStranger: true }, 'another workspace'],
  ])('refuses %s, whatever group they are in', async (_, who, refusal) => {
    const desk = await openHelpDesk();

    const answer = await joins(desk, who).asks('/securid user grace@acme.test');

    expect(desk.screen(answer)).toMatch(/^Sorry, .* Please ask your contact at this company\.$/);
    expect(desk.tenant.requests).toEqual([]);
    expect(refusals(desk)).toEqual([{ refusal, actor: who.id }]);
  });

  it('refuses requests from another workspace', async () => {
    const desk = await openHelpDesk();
    await desk.agent.asks('/securid help');

    await sendsAgain(desk, {
      text: 'user grace@acme.test',
      team_id: 'T0OTHER',
      trigger_id: 'another',
    });
    await eventually(() => desk.workspace.messages.length === 2);

    expect(desk.screen(desk.workspace.messages[1] as Message)).toMatch(/^Sorry/);
    expect(desk.tenant.requests).toEqual([]);
    expect(refusals(desk)).toEqual([{ refusal: 'another workspace', actor: JONAS }]);
  });

  it('refuses while Slack does not say who is asking', async () => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('usergroups.users.list', { status: 500 }, 4);

    const answer = await desk.agent.asks('/securid user grace@acme.test');

    expect(desk.screen(answer)).toMatchInlineSnapshot(
      `"Slack did not answer when asked for your role. Try again in a minute."`,
    );
    expect(desk.tenant.requests).toEqual([]);
    expect((await desk.agent.asks('/securid user grace@acme.test')).text).toMatch(/^Grace/);
  });

  it('says that Slack does not answer, not “no”, to somebody with only another role', async () => {
    const desk = await openHelpDesk({ env: { SECURID_MANAGERS: JONAS } });
    desk.workspace.failNext('usergroups.users.list', { status: 500 }, 2);

    const answer = await desk.agent.asks('/securid user grace@acme.test');

    expect(desk.screen(answer)).toMatch(/^Slack did not answer when asked for your role/);
  });

  it("remembers Slack's answers for five minutes", async () => {
    const desk = await openHelpDesk();
    await desk.agent.asks('/securid help');
    const calls = desk.workspace.apiCalls.length;
    desk.workspace.failNext('users.info', { status: 500 }, 4);

    desk.clock.advance(5 * 60_000 - 1);
    expect((await desk.agent.asks('/securid help')).text).toMatch(/^You can use/);
    expect(desk.workspace.apiCalls).toHaveLength(calls);

    desk.clock.advance(1);
    expect((await desk.agent.asks('/securid help')).text).toMatch(/^Slack did not answer/);
  });
});

describe('/securid, mistyped', () => {
  it('offers no command that the asker may not use', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid licens'))).not.toContain('license');
  });

  const HOSTILE = {
    nothing: '',
    '10,000 characters': ' x'.repeat(5000),
    'a word of 10,000 characters': ` ${'x'.repeat(10_000)}`,
    'control characters': ' grace\u0000@acme.test\u001b[31m',
    'a call to the channel': ' <!channel>',
    'a channel': ' #help-desk',
    'a link': ' <https://evil.test|grace@acme.test>',
    'a link to two people': ' <mailto:grace@acme.test,alan@acme.test|grace>',
    emoji: ' 😈',
    JSON: ' {"email":"grace@acme.test"}',
    'an empty link': ' <>',
  };

  describe.each(['user', 'authenticators', 'code'])('/securid %s', (name) => {
    it.each(Object.entries(HOSTILE))('answers %s with its usage line', async (_, rest) => {
      const { agent, screen, tenant } = await openHelpDesk();

      const answer = await agent.asks(`/securid ${name}${rest}`);

      expect(screen(answer)).toMatch(new RegExp(`^Usage: \`/securid ${name} <who>`));
      expect(screen(answer)).not.toContain('acme.test');
      expect(tenant.requests).toEqual([]);
    });
  });

  it.each(Object.entries(HOSTILE).filter(([, text]) => text.trim() !== ''))(
    'says that there is no command %s',
    async (_, text) => {
      const { agent, screen, tenant } = await openHelpDesk();

      const answer = await agent.asks(`/securid ${text}`);

      expect(screen(answer)).toBe('There is no such command. `/securid help` lists them all.');
      expect(tenant.requests).toEqual([]);
    },
  );

  it.each(['/securid unlock grace@acme.test', '/securid Grace Okafor', '/securid license grace'])(
    'offers nothing for %s',
    async (typed) => {
      const { agent, screen, tenant } = await openHelpDesk();

      expect(screen(await agent.asks(typed))).not.toContain('Did you mean');
      expect(tenant.requests).toEqual([]);
    },
  );
});

describe('/securid, about a person', () => {
  it.each([
    ['a zero-width space', '\u200bgrace@acme.test\u200b'],
    ['marks of direction', '\u202agrace@acme.test\u202c'],
    ['isolates', '\u2068grace@acme.test\u2069'],
    ['a tab', '\tgrace@acme.test\t'],
    ['a line end', 'grace@acme.test\r\n'],
    ['straight quotes', '"grace@acme.test"'],
    ['curly quotes', '“grace@acme.test”'],
    ['backticks', '`grace@acme.test`'],
    ['brackets', '(grace@acme.test)'],
    ['a comma behind', 'grace@acme.test,'],
    ['a semicolon behind', 'grace@acme.test;'],
    ['a name before', 'Grace Okafor <grace@acme.test>'],
    ['the name the other way round', '"Okafor, Grace" <grace@acme.test>;'],
    ['the name without quotes', 'Okafor, Grace <grace@acme.test>'],
    ['a name and round brackets', 'Grace Okafor (grace@acme.test)'],
    ['a name before and nothing around', 'Grace Okafor <mailto:grace@acme.test|grace@acme.test>'],
    ['a name and a dash before', 'Grace van der Okafor – grace@acme.test'],
    ['a name behind', 'grace@acme.test Grace Okafor'],
    ['a name in brackets behind', 'grace@acme.test (Grace Okafor)'],
    ['a bullet before', '• grace@acme.test'],
    ['a bullet right before', '•grace@acme.test'],
    ['a label right before', 'E-Mail:grace@acme.test'],
    ['heavy quotes', '❝grace@acme.test❞'],
    ['the signs of italics', '_<mailto:grace@acme.test|grace@acme.test>_'],
    ['the address as its own name', "'grace@acme.test' <grace@acme.test>"],
    ['what Outlook writes', 'grace@acme.test<mailto:grace@acme.test>'],
    ['a number of a list before', '1. grace@acme.test'],
    ['another one', '(12) <mailto:grace@acme.test|grace@acme.test>'],
    ['a label of two words', 'E-mail address: grace@acme.test'],
    ['a labeled name before', 'Name: Grace Okafor\nE-mail: grace@acme.test'],
    ['the department behind the name', 'Grace Okafor (Sales) <grace@acme.test>'],
    ['the same without brackets', 'Grace Okafor (Sales) grace@acme.test'],
    ['the same with Slack’s link', 'Grace <<mailto:grace@acme.test|grace@acme.test>>'],
  ])('reads an address with %s', async (_, dressed) => {
    const { agent, tenant } = await openHelpDesk();

    for (const name of ['user', 'authenticators', 'code']) {
      expect((await agent.asks(`/securid ${name} ${dressed}`)).text).toContain('Grace Okafor');
    }
    expect((await agent.asks(`/securid code ${dressed} ios`)).text).toContain('Grace Okafor');

    const asked = tenant.requests.flatMap(({ route, body }) =>
      route === 'POST /v1/users/lookup' ? [body] : [],
    );
    expect(asked).toEqual(asked.map(() => ({ email: 'grace@acme.test' })));
    expect(asked).not.toEqual([]);
  });

  it.each([
    ['o’brien', "o'brien"],
    ['jose\u0301', 'josé'],
    ['грейс', 'грейс'],
    ['王小明', '王小明'],
    ['_svc', '_svc'],
    ['ACME\\<http://ann.kim|ann.kim>', 'ACME\\ann.kim'],
    ['<http://ann.kim|ann.kim>', 'ann.kim'],
    ['<tel:10432|10432>', '10432'],
  ])('asks for the user name %s as it is in the directory', async (typed, principalUsername) => {
    const { agent, tenant } = await openHelpDesk({
      records: () =>
        tenantRecords({ users: [user({ emailAddress: 'x@acme.test', principalUsername })] }),
    });

    expect((await agent.asks(`/securid user ${typed}`)).text).toBe('X Example: Enabled');
    expect(tenant.requests[0]?.body).toEqual({ username: principalUsername });
  });

  it.each([
    'Grace Okafor (gokafor)',
    'Okafor, Grace (gokafor)',
    'Grace van der Okafor [gokafor]',
    'Grace Okafor <gokafor>',
    '1. Grace Okafor (gokafor)',
    'Name: Grace Okafor (gokafor)',
    'User: gokafor',
    'User ID: gokafor',
    'Login (gokafor)',
    'UPN gokafor',
    '2) gokafor',
  ])('reads the user name in %s', async (dressed) => {
    const { agent, tenant } = await openHelpDesk();

    expect((await agent.asks(`/securid ${dressed}`)).text).toBe('Grace Okafor: Enabled');
    for (const name of ['user', 'authenticators', 'code']) {
      expect((await agent.asks(`/securid ${name} ${dressed}`)).text).toContain('Grace Okafor');
    }
    const card = await agent.asks(`/securid code ${dressed} ios`);
    const shown = await agent.presses(card, 'Verify and issue');

    expect(JSON.stringify(await shown.answer())).toContain('iOS');
    const asked = tenant.requests.flatMap(({ route, body }) =>
      route === 'POST /v1/users/lookup' ? [body] : [],
    );
    expect(asked).toEqual(asked.map(() => ({ username: 'gokafor' })));
    expect(asked).not.toEqual([]);
  });

  it.each([
    ['code Alan (ios)', 'alan', 'iOS'],
    ['code user ios', 'user', 'iOS'],
    ['code 10 android', '10', 'Android'],
  ])('does not read more than a label or bracket into /securid %s', async (typed, username) => {
    const { agent, tenant } = await openHelpDesk();

    await agent.asks(`/securid ${typed}`);

    expect(String(JSON.stringify(tenant.requests[0]?.body)).toLowerCase()).toBe(
      JSON.stringify({ username }),
    );
  });

  it.each([
    ['iphone', 'ios'],
    ['iPad Pro', 'ios'],
    ['iOS 18.1', 'ios'],
    ['iphone15', 'ios'],
    ['Android 15', 'android'],
    ['pixel 8a', 'android'],
    ['win', 'windows'],
    ['Win11', 'windows'],
    ['windows 11', 'windows'],
    ['pc', 'windows'],
    ['mac', 'macos'],
    ['MacBook Pro', 'macos'],
    ['mac os', 'macos'],
    ['OS X', 'macos'],
  ])('reads %s as the platform %s, before and after the person', async (typed, platform) => {
    const { agent, screen } = await openHelpDesk();

    for (const words of [`alan@acme.test ${typed}`, `alan@acme.test, ${typed}`]) {
      const card = await agent.asks(`/securid code ${words}`);
      const shown = await agent.presses(card, 'Verify and issue');
      expect(screen(await shown.answer())).toContain(`= ${PLATFORMS[platform]}`);
    }
    if (!typed.includes(' ')) {
      const card = await agent.asks(`/securid code ${typed} alan@acme.test`);
      expect(card.text).toMatch(/^Registration code for Alan/);
    }
  });

  it.each(['winston', 'iphone alan', 'macaroni', 'ios android'])(
    'does not read %s as a platform',
    async (typed) => {
      const { agent, screen } = await openHelpDesk();

      expect(screen(await agent.asks(`/securid code gokafor ${typed}`))).toMatch(/^Usage/);
    },
  );

  it('accepts one person at a time', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    const answers = [
      await agent.asks('/securid user grace@acme.test alan@acme.test'),
      await agent.asks('/securid authenticators @grace @alan'),
      await agent.asks('/securid code gokafor @alan'),
      await agent.asks('/securid code gokafor alan grace@acme.test'),
      await agent.asks('/securid code Grace alan@acme.test'),
      await agent.asks('/securid code Bob, Grace Okafor alan@acme.test'),
      await agent.asks('/securid code alan@acme.test, Grace Okafor'),
      await agent.asks('/securid code Grace Okafor grace@acme.test alan@acme.test'),
      await agent.asks('/securid user grace@acme.test\nalan@acme.test'),
      await agent.asks('/securid user grace@acme.test,alan@acme.test'),
      await agent.asks('/securid code grace@acme.test; alan@acme.test'),
      await agent.asks('/securid user gokafor, alan'),
      await agent.asks('/securid user Grace <grace@acme.test>, Alan <alan@acme.test>'),
      await agent.asks('/securid code alan@acme.test <grace@acme.test>'),
    ];

    for (const answer of answers) {
      expect(screen(answer)).toBe('One user at a time, please.');
    }
    expect(tenant.requests).toEqual([]);
  });

  it.each([
    ['a user group', '@help-desk', /^That is a group of people\. Type `@` and pick the person/],
    ['a name that Slack did not know', '@gracee', /^Slack did not recognize that name/],
    ['an id of Slack’s', 'U0GRACE', /^That looks like a Slack id/],
    ['half a mention', '<@U0GRACE', /^Slack did not recognize that name/],
  ])('says to pick the person instead of typing %s', async (_, typed, words) => {
    const { agent, screen, tenant } = await openHelpDesk();

    for (const name of ['user', 'authenticators', 'code']) {
      expect(screen(await agent.asks(`/securid ${name} ${typed}`))).toMatch(words);
    }
    expect(tenant.requests).toEqual([]);
  });

  it('asks for a user name that looks like an id, and says what else it may be', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    expect(screen(await agent.asks('/securid user USER01X'))).toBe(
      'SecurID has no user with the user name USER01X. If it is a Slack id, type @ and pick the person from the list that Slack shows.',
    );
    expect(tenant.requests.at(-1)?.body).toEqual({ username: 'USER01X' });
  });

  it('says what to type instead of a bot', async () => {
    const { agent, screen, tenant } = await openHelpDesk();

    expect(screen(await agent.asks('/securid user @securid'))).toMatchInlineSnapshot(
      `"@securid is an app, not a person. Type the e-mail address or the SecurID user name instead, such as \`jane@example.com\`."`,
    );
    expect(tenant.requests).toEqual([]);
  });

  it('says what to type instead of a person without an e-mail address', async () => {
    const desk = await openHelpDesk();
    joins(desk, { id: 'U0SHY', name: 'shy' });

    expect(desk.screen(await desk.agent.asks('/securid user @shy'))).toMatchInlineSnapshot(
      `"Slack shows no e-mail address for @shy. Type the e-mail address or the SecurID user name instead, such as \`jane@example.com\`."`,
    );
    expect(desk.tenant.requests).toEqual([]);
  });

  it.each([
    { id: 'U0STRANGER', name: 'stranger', email: 'grace@acme.test', isStranger: true },
    { id: 'U0STRANGER', name: 'stranger', email: 'grace@acme.test', teamId: 'T0OTHER' },
  ])('does not trust an address from another company', async (stranger) => {
    const desk = await openHelpDesk();
    joins(desk, stranger);

    expect(desk.screen(await desk.agent.asks('/securid user @stranger'))).toMatch(
      /^@stranger belongs to another company\. Type the e-mail address/,
    );
    expect(desk.tenant.requests).toEqual([]);
  });

  it('says that Slack does not know a person', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid user <@U0GONE>'))).toMatchInlineSnapshot(
      `"Slack does not know that person. Type the e-mail address or the SecurID user name instead, such as \`jane@example.com\`."`,
    );
  });

  it('says that Slack did not answer about a person', async () => {
    const { agent, screen, workspace } = await openHelpDesk();
    await agent.asks('/securid help');
    workspace.failNext('users.info', { status: 500 }, 2);

    expect(screen(await agent.asks('/securid user @grace'))).toMatchInlineSnapshot(`
      "⚠️ Slack did not answer. Try again in a minute.
        Incident \`####-####\`
      [ Try again ]"
    `);
  });

  it('accepts a member of another workspace of the same Enterprise Grid', async () => {
    const desk = await openHelpDesk({ team: { enterpriseId: 'E0ACME' } });
    joins(desk, { id: 'U0GRID', name: 'grid', email: 'grace@acme.test', teamId: 'T0SISTER' });

    expect((await desk.agent.asks('/securid user @grid')).text).toMatch(/^Grace/);
  });
});

describe('a request to /securid', () => {
  it.each([
    { what: 'forged', request: { signature: 'forged' as const } },
    { what: 'not signed', request: { signature: 'none' as const } },
    { what: 'six minutes old', request: { timestamp: Math.floor(Date.now() / 1000) - 360 } },
  ])('is refused if it is $what', async ({ request }) => {
    const desk = await openHelpDesk();
    await desk.agent.asks('/securid help');
    const { body = '' } = desk.workspace.lastRequest() ?? {};
    const form = Object.fromEntries(new URLSearchParams(body));
    form.text = 'user grace@acme.test';
    form.trigger_id = 'another';

    expect(await desk.workspace.send({ form, ...request })).toMatchObject({ status: 401 });

    await desk.agent.asks('/securid help');
    expect(desk.workspace.messages).toHaveLength(2);
    expect(desk.tenant.requests).toEqual([]);
  });

  it('is answered once, however often it is replayed', async () => {
    const desk = await openHelpDesk();
    await desk.agent.asks('/securid token 000000900001');
    const request = desk.workspace.lastRequest() ?? {};

    expect(await desk.workspace.send(request)).toEqual({ status: 200, body: '' });
    expect(await desk.workspace.send(request)).toEqual({ status: 200, body: '' });

    await desk.agent.asks('/securid help');
    expect(desk.workspace.messages).toHaveLength(2);
    expect(desk.tenant.calls()).toEqual(['POST /v1/sidTokens/lookup']);
  });

  it('is answered only at Slack’s hosts, or that of the configured Web API', async () => {
    const elsewhere: string[] = [];
    const other = createServer((request, response) => {
      elsewhere.push(`${request.url}`);
      response.end('ok');
    }).listen(0, '127.0.0.2');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const desk = await openHelpDesk();
    await desk.agent.asks('/securid help');
    const { body = '' } = desk.workspace.lastRequest() ?? {};
    const form = Object.fromEntries(new URLSearchParams(body));
    form.text = 'user grace@acme.test';
    form.trigger_id = 'another';
    form.response_url = `http://127.0.0.2:${(other.address() as AddressInfo).port}/commands/1`;

    expect(await desk.workspace.send({ form })).toMatchObject({ status: 200 });
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));

    expect(elsewhere).toEqual([]);
    expect(desk.logged().find(({ msg }) => msg === 'failed')).toMatchObject({
      outcome: 'not delivered',
      err: { message: 'the response_url is not at Slack' },
    });
  });

  it('does not crash the bot when it makes no sense', async () => {
    const desk = await openHelpDesk();
    const nonsense: RawRequest[] = [
      { body: 'null' },
      { body: '' },
      { form: { text: 'user grace@acme.test' } },
      { form: { payload: '{"type":"block_actions"}' } },
      { form: { payload: '{' } },
    ];

    // Slack gets no answer, so these time out; no need to wait for that.
    for (const request of nonsense) void desk.workspace.send(request).catch(() => {});

    expect((await desk.agent.asks('/securid help')).text).toMatch(/^You can use/);
    expect(desk.tenant.requests).toEqual([]);
  });
});
