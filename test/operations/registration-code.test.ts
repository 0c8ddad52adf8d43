import { describe, expect, it } from 'vitest';
import { HELP_DESK, HELP_DESK_GROUP, MIRA } from '../../src/playground/company.ts';
import { phone } from '../../src/playground/tenant-records.ts';
import {
  type Exchange,
  eventually,
  type HelpDesk,
  incidentOf,
  type Message,
  openHelpDesk,
} from '../support/help-desk.ts';

const LOOKUP = 'POST /v1/users/lookup';
const DEVICES = 'GET /v2/users/{id}/devices';
const ISSUE = 'POST /v1/users/deviceRegistrationCode';
const MINUTE = 60_000;

/** Asks for a code for Alan, who has no device, and fills in the card. */
async function fillInCard({ agent }: HelpDesk, typed = '/securid code alan@acme.test ios') {
  const card = await agent.asks(typed);
  agent.fills(card, 'Reason', 'New telephone');
  agent.fills(card, 'Ticket', 'INC-4711');
  return card;
}

/** Presses *Issue code* and waits for what comes of it. */
async function issue({ agent }: HelpDesk, card: Message) {
  const press = await agent.presses(card, 'Issue code');
  const asking = await press.answer();
  if (asking !== card) throw new Error(`the card was not replaced: ${(asking as Message).text}`);
  await press.answer();
  return press;
}

/** Shows a code and gives it away, too. */
async function showCode(desk: HelpDesk, typed?: string) {
  const message = await fillInCard(desk, typed);
  const press = await issue(desk, message);
  const code = desk.tenant.issuedCodes.at(-1)?.code ?? 'no code was issued';
  return { message, press, code };
}

/** SecurID refuses the next code, though the record that was looked up before said nothing of it. */
const refuseWith = ({ tenant }: HelpDesk, message: string) =>
  tenant.answerNext({ status: 403, body: { status: 403, error: 'Forbidden', message } }, 1, ISSUE);

const codesAskedFor = ({ tenant }: HelpDesk) =>
  tenant.requests.filter(({ route }) => route === ISSUE);

/** What was posted to response URLs, byte for byte. */
const posts = ({ workspace }: HelpDesk) =>
  workspace.bodies.filter((body) => body.startsWith('{"response_type"'));

/** Moves time to where the next timer falls due, once one is set that far ahead. */
async function advanceTo({ clock }: HelpDesk, ms: number) {
  await eventually(() => clock.nextIn() === ms);
  clock.advance(ms);
}

describe('/securid code', () => {
  it('shows who it would be for, and issues nothing', async () => {
    const { agent, screen, tenant, workspace } = await openHelpDesk();

    const card = await agent.asks('/securid code alan@acme.test');

    expect(screen(card)).toMatchInlineSnapshot(`
      "# Registration code for Alan Mertens
      E-mail: alan@acme.test
      User name: alan
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Registered devices: None
      Platform: (iOS | Android | Windows | macOS)
      Reason: ____ (New telephone, first registration, …)
      Ticket (optional): ____ (If there is one)
      [ Issue code ]  [ Cancel ]"
    `);
    expect(card.text).toBe('Registration code for Alan Mertens: nothing is issued yet.');
    expect(workspace.seenBy(MIRA, HELP_DESK)).toEqual([]);
    expect(tenant.calls()).toEqual([LOOKUP, DEVICES]);
    expect(tenant.issuedCodes).toEqual([]);
  });

  it.each([
    ['ios', 'iOS'],
    ['Android', 'Android'],
    ['windows', 'Windows'],
    ['MACOS', 'macOS'],
  ])('has “%s” chosen already when it was typed', async (typed, label) => {
    const { agent, screen } = await openHelpDesk();

    const card = await agent.asks(`/securid code alan@acme.test ${typed}`);

    expect(screen(card)).toContain(`= ${label}`);
  });

  it.each(['gokafor', '@grace', 'GRACE@acme.test'])('finds a person by %s', async (who) => {
    const { agent } = await openHelpDesk();

    expect((await agent.asks(`/securid code ${who}`)).text).toMatch(/^Registration code for Grace/);
  });

  it('says which device is registered already', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid code noor@acme.test'))).toMatchInlineSnapshot(`
      "# Registration code for Noor Haddad
      E-mail: noor@acme.test
      User name: noor
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Registered devices: iPhone von Noor (iOS 18.3) since 28 Jan 2025
      ⚠️ There is a registered device already. SecurID is likely to refuse: the old device has to be deleted first, in the Cloud Administration Console.
      Platform: (iOS | Android | Windows | macOS)
      Reason: ____ (New telephone, first registration, …)
      Ticket (optional): ____ (If there is one)
      [ Issue code ]  [ Cancel ]"
    `);
  });

  it('names three of many devices', async () => {
    const { agent, screen } = await openHelpDesk();

    const card = await agent.asks('/securid code otto@acme.test');

    expect(screen(card)).toContain('; and 137 more');
  });

  it('counts no browser as a registered device', async () => {
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
      ⛔ The user is not enabled, and gets no code. The SecurID administrators have to enable the user first.
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
      ⛔ The user is pending deletion, and gets no code.
      [ Cancel ]"
    `);
  });

  it('shows the card although SecurID does not tell the registered devices', async () => {
    const { agent, screen, tenant, logged } = await openHelpDesk();
    tenant.answerNext({ status: 500 }, 1, DEVICES);

    const card = await agent.asks('/securid code alan@acme.test');

    expect(screen(card)).toContain('Registered devices: SecurID did not tell');
    expect(logged()).toContainEqual(
      expect.objectContaining({ msg: 'registered devices are unknown' }),
    );
  });

  it('says that SecurID has nobody by that name, or that an id is of no use here', async () => {
    const { agent, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid code nobody@acme.test'))).toMatch(
      /^SecurID has nobody with the e-mail address/,
    );
    expect(screen(await agent.asks('/securid code 28f964d0-6616-4834-8fd6-3a6f7f534264'))).toMatch(
      /^SecurID finds a person by e-mail address or user name/,
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

  it('is put away with “Cancel”', async () => {
    const { agent, screen, tenant } = await openHelpDesk();
    const card = await agent.asks('/securid code alan@acme.test');

    expect(await agent.clicks(card, 'Cancel')).toBe(card);

    expect(screen(card)).toBe('Cancelled. No code was issued.');
    expect(tenant.issuedCodes).toEqual([]);
  });

  it('can be put away while Slack does not say who the agent is', async () => {
    const { agent, screen, workspace, clock } = await openHelpDesk();
    const card = await agent.asks('/securid code alan@acme.test ios');
    clock.advance(6 * 60_000);
    workspace.failNext('usergroups.users.list', { status: 500 }, 10);

    await agent.clicks(card, 'Cancel');

    expect(screen(card)).toBe('Cancelled. No code was issued.');
  });
});

describe('“Issue code”', () => {
  it('asks once more before anything is sent', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    const [, dialogue = ''] = JSON.stringify(card.blocks).match(/"confirm":(\{.*?\}\})/) ?? [];

    await desk.agent.presses(card, 'Issue code', { confirm: false });

    const texts: { text: string }[] = Object.values(JSON.parse(dialogue));
    expect(texts.map(({ text }) => text)).toEqual([
      'Issue a registration code?',
      'Whoever has the code can register a device as Alan Mertens. Have you made sure who is asking?',
      'Issue code',
      'Not yet',
    ]);
    expect(desk.tenant.issuedCodes).toEqual([]);
  });

  it('replaces the card, first by a word and then by the code', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    const hold = desk.tenant.hold(ISSUE);

    const press = await desk.agent.presses(card, 'Issue code');
    expect(await press.answer()).toBe(card);
    expect(desk.screen(card)).toMatchInlineSnapshot(
      `"Asking SecurID for a registration code for Alan Mertens… If nothing follows within half a minute, no code was shown: please type the command again."`,
    );

    hold.release();
    expect(await press.answer()).toBe(card);
    const [{ code = '' } = {}] = desk.tenant.issuedCodes;
    expect(desk.screen(card).replace(code, '123456789')).toMatchInlineSnapshot(`
      "Registration code for Alan Mertens
      # 123456789
      Platform: iOS
      Company ID: acme
      Expires at: 09:05:00
        It works once, in the RSA Authenticator app. Only you see this message, and it erases itself when the code expires.
      [ Hide now ]"
    `);
    expect(desk.workspace.messages).toEqual([card]);
  });

  it.each([
    ['ios', { email: 'alan@acme.test', appId: '1f00c62b-a5c0-49d3-9ffb-92314d717187' }],
    ['android', { email: 'alan@acme.test', appId: '1f00c62b-a5c0-49d3-9ffb-92314d717187' }],
    ['windows', { email: 'alan@acme.test' }],
    ['macos', { email: 'alan@acme.test' }],
  ])('asks for %s with the properties that SecurID counts', async (platform, body) => {
    const desk = await openHelpDesk();

    await showCode(desk, `/securid code alan@acme.test ${platform}`);

    expect(codesAskedFor(desk).map((request) => request.body)).toEqual([body]);
  });

  it('takes the platform that was chosen on the card', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    await desk.agent.chooses(card, 'Platform', 'Windows');

    await issue(desk, card);

    expect(codesAskedFor(desk).map(({ body }) => body)).toEqual([{ email: 'alan@acme.test' }]);
    expect(desk.screen(card)).toContain('Platform: Windows');
  });

  it('keeps the zeros at the front of a code', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    const body = { companyID: 'acme', deviceRegistrationCode: '000123456' };
    desk.tenant.answerNext({ status: 200, body }, 1, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toContain('# 000123456');
    expect(desk.screen(card)).toContain('Expires at: 09:05:00');
  });

  it('sends the code to Slack once, and nowhere else', async () => {
    const desk = await openHelpDesk();

    const { message, press, code } = await showCode(desk);
    desk.clock.advance(5 * MINUTE);
    await press.answer();

    expect(message.text).not.toContain(code);
    expect(desk.workspace.bodies.filter((body) => body.includes(code))).toHaveLength(1);
    expect(desk.workspace.seenBy(MIRA, HELP_DESK)).toEqual([]);
    expect(desk.printed.join('')).not.toContain(code);
  });

  it('shows notifications and screen readers a text without the code', async () => {
    const { message } = await showCode(await openHelpDesk());

    expect(message.text).toBe('Registration code for Alan Mertens');
  });

  it('records who asked, for whom, and why', async () => {
    const desk = await openHelpDesk();

    await showCode(desk);

    expect(desk.logged()).toContainEqual(
      expect.objectContaining({
        msg: 'registration code issued',
        actor: 'U0JONAS',
        target: desk.tenant.issuedCodes[0]?.userId,
        platform: 'ios',
        reason: 'New telephone',
        ticket: 'INC-4711',
        incident: expect.any(String),
      }),
    );
  });

  it('keeps the card, with what is filled in, until nothing is missing', async () => {
    const desk = await openHelpDesk();
    const { agent, screen, tenant } = desk;
    const card = await agent.asks('/securid code alan@acme.test');
    const before = screen(card);

    const both = await agent.clicks(card, 'Issue code');
    await agent.chooses(card, 'Platform', 'iOS');
    agent.fills(card, 'Reason', '   ');
    const reason = await agent.clicks(card, 'Issue code');

    expect(screen(both)).toMatchInlineSnapshot(
      `"No code was issued. On the card, please choose the platform and write the reason (at most 300 characters); then press Issue code again."`,
    );
    expect(screen(reason)).toMatchInlineSnapshot(
      `"No code was issued. On the card, please write the reason (at most 300 characters); then press Issue code again."`,
    );
    expect(screen(card)).toBe(before);
    expect(tenant.issuedCodes).toEqual([]);

    agent.fills(card, 'Reason', 'New telephone');
    await issue(desk, card);
    expect(tenant.issuedCodes).toHaveLength(1);
  });

  it('issues one code when it is pressed twice at once', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);

    await Promise.all([
      desk.agent.presses(card, 'Issue code'),
      desk.agent.presses(card, 'Issue code'),
    ]);
    await eventually(() => desk.screen(card).includes('Hide now'));
    await eventually(() => desk.workspace.messages.length === 2);

    expect(desk.screen(desk.workspace.messages.at(-1) as Message)).toMatchInlineSnapshot(
      `"This card was used already. For another code, please type the command again."`,
    );
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it('issues one code for each of two cards, and erases each by itself', async () => {
    const desk = await openHelpDesk();
    desk.tenant.records.devices = [];
    const first = await showCode(desk);
    desk.clock.advance(MINUTE);
    const second = await showCode(desk, '/securid code noor@acme.test ios');

    desk.clock.advance(4 * MINUTE);
    await first.press.answer();

    expect(first.code).not.toBe(second.code);
    expect(desk.screen(first.message)).not.toContain(first.code);
    expect(desk.screen(second.message)).toContain(second.code);
  });

  it('is too old after ten minutes', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    desk.clock.advance(10 * MINUTE);

    expect(await desk.agent.clicks(card, 'Issue code')).toBe(card);

    expect(desk.screen(card)).toMatchInlineSnapshot(
      `"This button is too old. Please type the command again; \`/securid help\` lists them all."`,
    );
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('asks Slack anew who presses, and refuses somebody who is no agent any more', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    for (const group of desk.workspace.groups) group.users = [];

    const answer = await desk.agent.clicks(card, 'Issue code');

    expect(desk.screen(answer)).toMatch(/^Sorry, `\/securid` is for the help desk/);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('is a no while Slack does not say who presses, and works again afterwards', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    desk.workspace.failNext('users.info', { status: 500 }, 2);

    const answer = await desk.agent.clicks(card, 'Issue code');

    expect(desk.screen(answer)).toMatchInlineSnapshot(
      `"Slack could not tell just now what you may do here. Please try again in a minute."`,
    );
    expect(codesAskedFor(desk)).toEqual([]);

    await issue(desk, card);
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  describe('when somebody tampers with it', () => {
    /** Sends Jonas's press again, signed by Slack as it were, with parts of it exchanged. */
    async function forgePress(desk: HelpDesk, change: { user?: string; value?: string }) {
      const { agent, workspace } = desk;
      const card = await fillInCard(desk);
      const [, sealed] = JSON.stringify(card.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];
      const press: Exchange = await agent.presses(card, 'Cancel');
      await press.answer();

      const body = new URLSearchParams(workspace.lastRequest()?.body);
      const payload = JSON.parse(body.get('payload') ?? '');
      payload.trigger_id = 'another press';
      payload.user.id = change.user ?? payload.user.id;
      const value = change.value ?? sealed;
      Object.assign(payload.actions[0], { action_id: 'registration-code:issue', value });
      await workspace.send({ form: { payload: JSON.stringify(payload) } });
      return (await press.answer()) as Message;
    }

    it('works as it stands', async () => {
      const desk = await openHelpDesk();

      await forgePress(desk, {});
      await eventually(() => codesAskedFor(desk).length === 1);
    });

    it('refuses another agent', async () => {
      const desk = await openHelpDesk({ env: { SECURID_AGENTS: `${HELP_DESK_GROUP},${MIRA}` } });

      const answer = await forgePress(desk, { user: MIRA });

      expect(desk.screen(answer)).toMatch(/^This button is too old/);
      expect(codesAskedFor(desk)).toEqual([]);
    });

    it.each([
      ['words', 'alan@acme.test'],
      ['nothing', ''],
      ['half a seal', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.BBBB.CCCC'],
    ])('refuses a value of %s', async (_, value) => {
      const desk = await openHelpDesk();

      expect(desk.screen(await forgePress(desk, { value }))).toMatch(/^This button is too old/);
      expect(codesAskedFor(desk)).toEqual([]);
    });

    it('refuses a value that was sealed for another button', async () => {
      const desk = await openHelpDesk();
      const card = await desk.agent.asks('/securid user alan@acme.test');
      const [, value = ''] = JSON.stringify(card.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];

      const answer = await forgePress(desk, { value });

      expect(desk.screen(answer)).toMatch(/^This button is too old/);
      expect(codesAskedFor(desk)).toEqual([]);
    });
  });
});

describe('a registration code on the screen', () => {
  it('is erased when it expires', async () => {
    const desk = await openHelpDesk();
    const { message, press, code } = await showCode(desk);

    desk.clock.advance(5 * MINUTE - 1);
    expect(desk.screen(message)).toContain(code);
    desk.clock.advance(1);

    expect(await press.answer()).toBe(message);
    expect(desk.screen(message)).toMatchInlineSnapshot(
      `"The registration code for Alan Mertens has expired and was erased here."`,
    );
    expect(JSON.stringify(message)).not.toContain(code);
  });

  it('is erased by “Hide now”, and not a second time', async () => {
    const desk = await openHelpDesk();
    const { message, press, code } = await showCode(desk);

    expect(await desk.agent.clicks(message, 'Hide now')).toBe(message);
    await eventually(() => desk.clock.waiting() === 0);
    desk.clock.advance(5 * MINUTE);
    await desk.agent.asks('/securid help');

    expect(desk.screen(message)).toMatchInlineSnapshot(
      `"The registration code for Alan Mertens was hidden. It stays valid until it is used or expires."`,
    );
    expect(JSON.stringify(message)).not.toContain(code);
    expect(press.answers()).toHaveLength(2);
  });

  it('can be hidden by somebody who is no agent any more', async () => {
    const desk = await openHelpDesk();
    const { message, code } = await showCode(desk);
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(MINUTE);

    await desk.agent.clicks(message, 'Hide now');

    expect(desk.screen(message)).not.toContain(code);
  });

  it('is erased when it expires although hiding it failed', async () => {
    const desk = await openHelpDesk();
    const { message, press, code } = await showCode(desk);
    desk.workspace.failNext('response_url', { status: 500 }, 3);
    await desk.agent.presses(message, 'Hide now');
    await advanceTo(desk, 250);
    await advanceTo(desk, 500);
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    expect(desk.screen(message)).toContain(code);

    desk.clock.advance(5 * MINUTE);
    await press.answer();

    expect(desk.screen(message)).not.toContain(code);
  });

  it('is erased when the app stops', async () => {
    const desk = await openHelpDesk();
    const { message, code } = await showCode(desk);

    await desk.app.stop();

    expect(desk.screen(message)).toMatchInlineSnapshot(
      `"The registration code for Alan Mertens was erased here because SecurID Desk is restarting. It stays valid until it is used or expires."`,
    );
    expect(JSON.stringify(message)).not.toContain(code);
  });

  it('is erased even though Slack did not confirm that it arrived', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await desk.agent.presses(card, 'Issue code');
    await press.answer();
    await hold.arrived();
    desk.workspace.failNext('response_url', 'hang');
    hold.release();
    await advanceTo(desk, 3000);

    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    desk.clock.advance(5 * MINUTE - 3000);

    expect(await press.answer()).toBe(card);
    expect(desk.screen(card)).toMatch(/^The registration code for Alan Mertens has expired/);
  });

  it('is sent, replaced and erased with at most five posts', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await desk.agent.presses(card, 'Issue code');
    await press.answer();
    await hold.arrived();
    desk.workspace.failNext('response_url', { status: 502 }, 2);
    hold.release();
    await advanceTo(desk, 250);
    await advanceTo(desk, 500);
    await press.answer();
    expect(desk.screen(card)).toContain('Hide now');

    desk.workspace.failNext('response_url', { status: 502 });
    desk.clock.advance(5 * MINUTE);
    await advanceTo(desk, 250);
    await eventually(() =>
      desk.logged().some(({ msg }) => msg === 'registration code could not be erased'),
    );

    expect(posts(desk).filter((body) => body.includes('"replace_original":true'))).toHaveLength(5);
  });
});

describe('when SecurID refuses a registration code', () => {
  it('says that the company is not licensed', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    desk.tenant.records.licensed = false;

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID gave no code: your company is not licensed for SecurID multifactor authentication. Please tell the SecurID administrators.
        Incident \`####-####\`"
    `);
  });

  it('says that the user is not there any more', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    refuseWith(desk, 'User alan@acme.test not found.');

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID gave no code: it no longer has that user. Check the spelling, or ask the SecurID administrators to synchronise the identity source.
        Incident \`####-####\`"
    `);
  });

  it('says that the user is disabled', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    refuseWith(desk, 'User is disabled.');

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID gave no code: the user is disabled. The SecurID administrators have to enable the user first.
        Incident \`####-####\`"
    `);
  });

  it('says which device is registered, and that it has to go first', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    const alan = desk.tenant.records.users.find((user) => user.principalUsername === 'alan');
    desk.tenant.records.devices.push(phone({ userId: alan?.id ?? '', name: '<!here> iPhone' }));

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID gave no code: the user already has a registered device. The old device has to be deleted in the Cloud Administration Console first; then ask for a code again.
      Registered: <!here> iPhone (iOS 18.3) since 3 Feb 2025
        Incident \`####-####\`"
    `);
  });

  it('says so without naming the device where SecurID does not tell', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk, '/securid code noor@acme.test ios');
    desk.tenant.answerNext({ status: 500 }, 1, DEVICES);

    await issue(desk, card);

    expect(desk.screen(card)).toMatch(/the user already has a registered device/);
    expect(desk.screen(card)).not.toContain('iPhone');
  });
});

const PAGE = '<html><body><h1>502 Bad Gateway</h1></body></html>';

describe('when a registration code fails', () => {
  it.each([
    { fault: { status: 400 }, reads: 'SecurID did not accept that.' },
    { fault: { status: 401 }, times: 2, reads: "SecurID refused this app's key." },
    { fault: { status: 403, body: { message: 'No' } }, reads: "SecurID refused this app's key." },
    { fault: { status: 404 }, reads: 'SecurID could not find what was asked for.' },
    { fault: { status: 409 }, reads: 'The record has changed in SecurID meanwhile.' },
    { fault: { status: 415 }, reads: 'SecurID did not accept that.' },
    { fault: { status: 429, headers: { 'retry-after': '60' } }, reads: 'Try again in 60 s.' },
  ])('says that none was issued after $fault.status', async ({ fault, times = 1, reads }) => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    desk.tenant.answerNext(fault, times, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toMatch(/^⚠️ No code was issued\. /);
    expect(desk.screen(card)).toContain(reads);
    expect(desk.tenant.issuedCodes).toEqual([]);
  });

  it.each([
    { fault: { status: 500 } },
    { fault: { status: 502, body: PAGE } },
    { fault: { status: 503, body: PAGE } },
    { fault: { status: 504, body: PAGE } },
    { fault: { status: 200, body: PAGE } },
    { fault: { status: 200 } },
    { fault: { status: 200, body: { deviceRegistrationCode: null } } },
    { fault: 'reset' as const },
    { fault: 'reset after' as const },
    { fault: 'cut off' as const },
  ])(
    'says that the outcome is unknown, and asks no second time, after $fault',
    async ({ fault }) => {
      const desk = await openHelpDesk();
      const card = await fillInCard(desk);
      desk.tenant.answerNext(fault, 1, ISSUE);

      await issue(desk, card);

      expect(desk.screen(card)).toMatch(/^⚠️ It is unknown whether SecurID issued a code/);
      expect(desk.logged()).toContainEqual(
        expect.objectContaining({
          incident: incidentOf(card),
          msg: 'registration code: unknown',
        }),
      );
      expect(codesAskedFor(desk)).toHaveLength(1);
    },
  );

  it.each(['hang', 'hang after'] as const)(
    'says that the outcome is unknown when there is no answer in time: %s',
    async (fault) => {
      const desk = await openHelpDesk();
      const card = await fillInCard(desk);
      desk.tenant.answerNext(fault, 1, ISSUE);
      const press = await desk.agent.presses(card, 'Issue code');
      await press.answer();
      await desk.tenant.saw(ISSUE);

      desk.clock.advance(15_000);
      await press.answer();

      expect(desk.screen(card)).toMatchInlineSnapshot(`
        "⚠️ It is unknown whether SecurID issued a code: no usable answer arrived. If it did, nobody has seen that code. This app does not ask twice by itself; \`/securid code\` asks for another.
          Incident \`####-####\`"
      `);
      expect(codesAskedFor(desk)).toHaveLength(1);
    },
  );

  it('says that none was issued when there was no token to ask with', async () => {
    const desk = await openHelpDesk({ credential: 'oauth rsa' });
    const card = await fillInCard(desk);
    desk.tenant.answerNext({ status: 401 }, 1, ISSUE);
    desk.tenant.answerNext({ status: 503 }, 3, 'POST /oauth/token');

    await issue(desk, card);

    expect(desk.screen(card)).toContain('SecurID could not be reached, so no code was issued.');
    expect(desk.tenant.issuedCodes).toEqual([]);
  });

  it('says that none was issued when SecurID cannot be reached, and leaves the card', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    const before = desk.screen(card);
    await desk.tenant.stop();

    const answer = await desk.agent.clicks(card, 'Issue code');

    expect(desk.screen(answer)).toMatchInlineSnapshot(`
      "⚠️ No code was issued. SecurID could not answer. Please try again in a minute.
        Incident \`####-####\`"
    `);
    expect(desk.screen(card)).toBe(before);
  });

  it('asks again after a 429, when it was told to', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    desk.tenant.answerNext({ status: 429, headers: { 'retry-after': '2' } }, 1, ISSUE);
    const press = await desk.agent.presses(card, 'Issue code');
    await press.answer();

    await advanceTo(desk, 2000);
    await press.answer();

    expect(desk.screen(card)).toContain('Hide now');
    expect(codesAskedFor(desk)).toHaveLength(2);
    expect(desk.tenant.issuedCodes).toHaveLength(1);
  });
});

describe('when Slack takes no message about a registration code', () => {
  it('issues none, and the card can be pressed again', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    desk.workspace.failNext('response_url', { status: 500 });

    await desk.agent.presses(card, 'Issue code');
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    expect(codesAskedFor(desk)).toEqual([]);

    await issue(desk, card);
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it('logs that it was issued and not shown, with the incident', async () => {
    const desk = await openHelpDesk();
    const card = await fillInCard(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await desk.agent.presses(card, 'Issue code');
    await press.answer();
    await hold.arrived();
    desk.workspace.failNext('response_url', 'reset', 3);
    hold.release();
    await advanceTo(desk, 250);
    await advanceTo(desk, 500);
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));

    const { incident } = desk.logged().find(({ msg }) => msg === 'registration code issued') ?? {};
    expect(desk.logged()).toContainEqual(expect.objectContaining({ incident, msg: 'failed' }));
    expect(desk.screen(card)).toMatch(/^Asking SecurID/);
    expect((await desk.agent.asks('/securid help')).text).toMatch(/^You can use/);
  });
});
