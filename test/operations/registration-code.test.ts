import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRow } from '../../src/audit/row.ts';
import { HELP_DESK, HELP_DESK_GROUP, JONAS, MIRA } from '../../src/playground/company.ts';
import { phone } from '../../src/playground/tenant-records.ts';
import {
  eventually,
  type HelpDesk,
  incidentOf,
  type Message,
  modal,
  openHelpDesk,
  type View,
} from '../support/help-desk.ts';
import { fillIn, type Recorded, verify } from '../support/verification.ts';

const LOOKUP = 'POST /v1/users/lookup';
const DEVICES = 'GET /v2/users/{id}/devices';
const ISSUE = 'POST /v1/users/deviceRegistrationCode';
const MINUTE = 60_000;

/** Asks for a code for Alan, who has no device. */
const cardFor = ({ agent }: HelpDesk, typed = '/securid code alan@acme.test ios') =>
  agent.asks(typed);

/** Records a verification, submits it, and waits for what comes of it. */
async function issue({ agent }: HelpDesk, card: Message, recorded?: Recorded) {
  const press = await verify(agent, card, recorded);
  const asking = await press.answer();
  if (asking !== card) throw new Error(`the card was not replaced: ${(asking as Message).text}`);
  await press.answer();
  return press;
}

/** Shows a code and gives it away, too. */
async function showCode(desk: HelpDesk, typed?: string) {
  const message = await cardFor(desk, typed);
  const press = await issue(desk, message);
  const code = desk.tenant.issuedCodes.at(-1)?.code ?? 'no code was issued';
  return { message, press, code };
}

/** SecurID refuses the next code, though the record that was looked up before said nothing of it. */
const refuseWith = ({ tenant }: HelpDesk, message: string) =>
  tenant.answerNext({ status: 403, body: { status: 403, error: 'Forbidden', message } }, 1, ISSUE);

/** SecurID's next code lives that long. */
const answerWithCodeFor = ({ tenant, clock }: HelpDesk, ms: number) =>
  tenant.answerNext(
    {
      status: 200,
      body: {
        deviceRegistrationCode: '123456789',
        expirationDate: new Date(clock.now() + ms).toISOString(),
      },
    },
    1,
    ISSUE,
  );

const codesAskedFor = ({ tenant }: HelpDesk) =>
  tenant.requests.filter(({ route }) => route === ISSUE);

/** How codes ended, by the audit trail. */
const events = ({ auditFile }: HelpDesk) =>
  readFileSync(auditFile, 'utf8')
    .split('\n')
    .flatMap((line) => readRow(line)?.event ?? []);

/** What was posted to response URLs, byte for byte. */
const posts = ({ workspace }: HelpDesk) =>
  workspace.bodies.filter((body) => body.startsWith('{"response_type"'));

/** Resolves once Slack has that before it, whatever it makes of it. */
const arrived = ({ workspace }: HelpDesk, words: string) =>
  eventually(() => workspace.bodies.at(-1)?.includes(words) ?? false);

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
      [ Verify and issue ]  [ Cancel ]"
    `);
    expect(card.text).toBe('Registration code for Alan Mertens: nothing is issued yet.');
    expect(workspace.seenBy(MIRA, HELP_DESK)).toEqual([]);
    expect(tenant.calls()).toEqual([LOOKUP, DEVICES]);
    expect(tenant.issuedCodes).toEqual([]);
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
      Registered devices: iPhone von Noor (iOS 18.3) since 2025-01-28
      ⚠️ There is a registered device already. SecurID is likely to refuse: the old device has to be deleted first, in the Cloud Administration Console.
      [ Verify and issue ]  [ Cancel ]"
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

function submitWith({ agent }: HelpDesk, form: View, ticket: string) {
  agent.fills(form, 'Ticket', ticket);
  return agent.submits(form);
}

describe('the verification', () => {
  it('is recorded in a form, before anything is sent', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk, '/securid code alan@acme.test');

    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(desk.screen(await press.answer())).toMatchInlineSnapshot(`
      "== Verification ==
      Registration code for Alan Mertens
      Whoever has the code can register a device as this user. What you record here goes into the audit trail, and the user is told.
      How did you make sure who is asking?: (Call back to the number on file | In person with badge | Video with badge | Manager confirmed)
      Ticket: ____ (Its number)
      Reason: ____ (New telephone, first registration, …)
      Platform: (iOS | Android | Windows | macOS)
      [ Issue code ]  [ Cancel ]"
    `);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it.each([
    ['ios', 'iOS'],
    ['Android', 'Android'],
    ['windows', 'Windows'],
    ['MACOS', 'macOS'],
  ])('has “%s” chosen already when it was typed', async (typed, label) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk, `/securid code alan@acme.test ${typed}`);

    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(desk.screen(await press.answer())).toContain(`= ${label}`);
  });

  it('opens whatever the tenant does, and however long Slack takes to say who presses', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    await desk.tenant.stop();
    desk.workspace.failNext('users.info', 'hang');

    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(modal(await press.answer()).view.title?.text).toBe('Verification');
  });

  it('says so when Slack took too long to open it', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const body = '{"ok":false,"error":"expired_trigger_id"}';
    desk.workspace.failNext('views.open', { status: 200, body });

    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(desk.screen(await press.answer())).toMatch(/^⚠️ That took too long for Slack/);
  });

  it('tells in the form whoever is no agent any more', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(6 * MINUTE);

    const press = await desk.agent.presses(card, 'Verify and issue');
    const form = await press.answer();
    await press.answer();

    expect(desk.screen(form)).toContain('Sorry, `/securid` is for the help desk');
    expect(desk.screen(form)).not.toContain('Issue code');
  });

  it('says at the field what is wrong with it, and keeps the rest', async () => {
    const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: 'INC-\\d{4,}' } });
    const card = await cardFor(desk);
    const { form } = await fillIn(desk.agent, card, { ticket: 'INC-47', reason: '   ' });

    expect(await desk.agent.submits(form)).toMatchObject({
      closed: false,
      errors: {
        ticket: 'This does not look like a ticket number here.',
        reason: 'Write the reason, in at most 300 characters.',
      },
    });

    desk.agent.fills(form, 'Ticket', ' INC-4711 ');
    desk.agent.fills(form, 'Reason', 'New telephone');
    expect(await desk.agent.submits(form)).toMatchObject({ closed: true });
    await eventually(() => desk.screen(card).includes('Hide now'));
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it.each(['INC-4711x', 'x INC-4711', 'INC-4711 INC-4712'])(
    'takes “%s” for no ticket number: the pattern is for the whole of it',
    async (ticket) => {
      const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: 'INC-\\d{4}|CHG-\\d{4}' } });
      const { form } = await fillIn(desk.agent, await cardFor(desk), { ticket });

      expect((await desk.agent.submits(form)).errors).toHaveProperty('ticket');
    },
  );

  it('takes no ticket number on which the pattern would work for ever', async () => {
    const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: '(a+)+' } });
    const { form } = await fillIn(desk.agent, await cardFor(desk), {
      ticket: `${'a'.repeat(59)}!`,
    });

    const { errors } = await desk.agent.submits(form);

    expect(errors).toEqual({ ticket: 'This does not look like a ticket number here.' });
    const { closed } = await submitWith(desk, form, 'a'.repeat(60));
    expect(closed).toBe(true);
  });

  it.each([
    ['spaces of no width', '\u200b\u202e\u2060'],
    ['joiners', '\u200d\u200d'],
    ['Hangul fillers', '\u3164\u115f\u1160\uffa0'],
    ['tags', '\u{e0041}\u{e0042}\u{e007f}'],
    ['Braille blanks', '\u2800 \u2800'],
    ['soft hyphens and variation selectors', '\u00ad\ufe0f\u{e0100}'],
  ])('takes %s for nothing', async (_, invisible) => {
    const desk = await openHelpDesk();
    const { form } = await fillIn(desk.agent, await cardFor(desk), {
      ticket: invisible,
      reason: invisible,
    });

    const { errors } = await desk.agent.submits(form);

    expect(Object.keys(errors ?? {})).toEqual(['ticket', 'reason']);
  });

  it('records a ticket without what cannot be seen in it', async () => {
    const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: 'INC-\\d{4}' } });
    const { form } = await fillIn(desk.agent, await cardFor(desk), {
      ticket: '\u200bINC-\u00ad47\u200d11\u3164',
      reason: 'New\u2800telephone\u{e0041} 👩‍💻',
    });

    expect(await desk.agent.submits(form)).toMatchObject({ closed: true });
    await eventually(() => desk.tenant.issuedCodes.length > 0);
    await desk.close();

    const trail = readFileSync(desk.auditFile, 'utf8');
    expect(trail).toContain('"ticket":"INC-4711","reason":"New telephone 👩‍💻"');
  });

  it('offers the methods of the company', async () => {
    const desk = await openHelpDesk({
      env: { SECURID_VERIFICATION_METHODS: 'Security question, Passport' },
    });
    const press = await desk.agent.presses(await cardFor(desk), 'Verify and issue');

    expect(desk.screen(await press.answer())).toContain('(Security question | Passport)');
  });

  it('is too old for a code when the form stood open for ten minutes', async () => {
    const desk = await openHelpDesk();
    const { form } = await fillIn(desk.agent, await cardFor(desk));
    desk.clock.advance(10 * MINUTE);

    expect((await desk.agent.submits(form)).errors).toEqual({
      method: 'This form is too old. Please close it and type the command again.',
    });
    expect(codesAskedFor(desk)).toEqual([]);
  });
});

describe('“Issue code”', () => {
  it('replaces the card, first by a word and then by the code', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);

    const press = await verify(desk.agent, card);
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
        The user was told of it in Slack.
      [ Hide now ]"
    `);
    expect(desk.workspace.seenBy(JONAS, HELP_DESK)).toEqual([card]);
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

  it('takes the platform that was chosen in the form', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);

    await issue(desk, card, { platform: 'Windows' });

    expect(codesAskedFor(desk).map(({ body }) => body)).toEqual([{ email: 'alan@acme.test' }]);
    expect(desk.screen(card)).toContain('Platform: Windows');
  });

  it('keeps the zeros at the front of a code', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const body = { companyID: 'acme', deviceRegistrationCode: '000123456' };
    desk.tenant.answerNext({ status: 200, body }, 1, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toContain('# 000123456');
    expect(desk.screen(card)).toContain('Expires at: 09:05:00');
  });

  it.each([
    ['years away', 5 * 365 * 24 * 60 * MINUTE],
    ['a day away', 24 * 60 * MINUTE],
    ['over', -MINUTE],
  ])('does not believe an expiry that is %s', async (_, ms) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    answerWithCodeFor(desk, ms);

    await issue(desk, card);

    expect(desk.screen(card)).toContain('Expires at: 09:05:00');
    desk.clock.advance(5 * MINUTE);
    await eventually(() => desk.screen(card).includes('has expired'));
  });

  it.each([
    ['names another person', { deviceRegistrationCode: '123456789', email: 'noor@acme.test' }],
    ['holds markup for a code', { deviceRegistrationCode: '<!channel> 123456789' }],
    ['holds a code of a hundred digits', { deviceRegistrationCode: '1'.repeat(100) }],
  ])('shows no code of an answer that %s, and says what is unknown', async (_, body) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 200, body: { companyID: 'acme', ...body } }, 1, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toContain('It is unknown whether SecurID issued a code');
    expect(desk.screen(card)).not.toContain('1111');
    expect(desk.screen(card)).not.toContain('123456789');
    await desk.close();
    expect(events(desk)).toContain('unknown');
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
        method: 'In person with badge',
        incident: expect.any(String),
      }),
    );
  });

  it('issues one code when two forms of one card are submitted at once', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);

    const { workspace } = desk;
    const hold = desk.tenant.hold(LOOKUP);
    await verify(desk.agent, card);
    await hold.arrived();
    const body = new URLSearchParams(workspace.lastRequest()?.body);
    const payload = { ...JSON.parse(body.get('payload') ?? ''), trigger_id: 'another window' };
    await workspace.send({ form: { payload: JSON.stringify(payload) } });
    hold.release();
    await eventually(() => desk.screen(card).includes('Hide now'));
    const used = ({ text }: Message) => text.startsWith('This card was used');
    await eventually(() => workspace.messages.some(used));

    expect(desk.screen(workspace.messages.find(used) as Message)).toMatchInlineSnapshot(
      `"This card was used already. For another code, please type the command again."`,
    );
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it('is not put away by “Cancel” once the code was asked for', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(LOOKUP);
    await verify(desk.agent, card);
    await hold.arrived();

    const answer = await desk.agent.clicks(card, 'Cancel');
    hold.release();
    await eventually(() => desk.screen(card).includes('Hide now'));

    expect(desk.screen(answer)).toContain('This card was used already');
  });

  it('issues nothing from a form whose card was cancelled meanwhile', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const { press, form } = await fillIn(desk.agent, card);
    await desk.agent.clicks(card, 'Cancel');

    await desk.agent.submits(form);

    expect(desk.screen(await press.answer())).toContain('This card was used already');
    expect(desk.screen(card)).toBe('Cancelled. No code was issued.');
    expect(codesAskedFor(desk)).toEqual([]);
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
    const card = await cardFor(desk);
    desk.clock.advance(10 * MINUTE);

    expect(await desk.agent.clicks(card, 'Verify and issue')).toBe(card);

    expect(desk.screen(card)).toMatchInlineSnapshot(
      `"This button is too old. Please type the command again; \`/securid help\` lists them all."`,
    );
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('asks Slack anew who presses, and refuses somebody who is no agent any more', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    for (const group of desk.workspace.groups) group.users = [];

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toMatch(/^Sorry, `\/securid` is for the help desk/);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('is a no while Slack does not say who presses, and works again afterwards', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.workspace.failNext('users.info', { status: 500 }, 2);

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toMatchInlineSnapshot(
      `"Slack did not answer when asked for your role. Please try again in a minute."`,
    );
    expect(codesAskedFor(desk)).toEqual([]);

    await issue(desk, card);
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  describe('when somebody tampers with it', () => {
    /** Sends Jonas's submission again, signed by Slack as it were, with parts of it exchanged. */
    async function forge(
      desk: HelpDesk,
      change: { user?: string; team?: string; sealed?: string },
    ) {
      const { agent, workspace } = desk;
      const { form } = await fillIn(agent, await cardFor(desk), { reason: '  ' });
      await agent.submits(form);

      const body = new URLSearchParams(workspace.lastRequest()?.body);
      const payload = JSON.parse(body.get('payload') ?? '');
      payload.trigger_id = 'another submission';
      payload.view.state.values.reason.reason.value = 'New telephone';
      Object.assign(payload.user, { id: change.user ?? JONAS, team_id: change.team ?? 'T0ACME' });
      Object.assign(
        payload.view,
        change.sealed !== undefined && { private_metadata: change.sealed },
      );
      return workspace.send({ form: { payload: JSON.stringify(payload) } });
    }

    const refused = 'This form is too old';

    it('works as it stands', async () => {
      const desk = await openHelpDesk();

      await forge(desk, {});
      await eventually(() => codesAskedFor(desk).length === 1);
    });

    it('refuses another agent', async () => {
      const desk = await openHelpDesk({ env: { SECURID_AGENTS: `${HELP_DESK_GROUP},${MIRA}` } });

      expect((await forge(desk, { user: MIRA })).body).toContain(refused);
      expect(codesAskedFor(desk)).toEqual([]);
    });

    it('refuses the agent when they come from another workspace', async () => {
      const desk = await openHelpDesk();

      await forge(desk, { team: 'T0OTHER' });
      await eventually(() => desk.logged().some(({ msg }) => msg === 'refused'));

      expect(codesAskedFor(desk)).toEqual([]);
    });

    it.each([
      ['words', 'alan@acme.test'],
      ['nothing', ''],
      ['half a seal', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.BBBB.CCCC'],
    ])('refuses a form that carries %s', async (_, sealed) => {
      const desk = await openHelpDesk();

      expect((await forge(desk, { sealed })).body).toContain(refused);
      expect(codesAskedFor(desk)).toEqual([]);
    });

    it('refuses a form that carries what was sealed for a button', async () => {
      const desk = await openHelpDesk();
      const card = await cardFor(desk);
      const [, sealed = ''] = JSON.stringify(card.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];

      expect((await forge(desk, { sealed })).body).toContain(refused);
      expect(codesAskedFor(desk)).toEqual([]);
    });

    it('opens no form for another agent, nor for another value', async () => {
      const desk = await openHelpDesk({ env: { SECURID_AGENTS: `${HELP_DESK_GROUP},${MIRA}` } });
      const card = await cardFor(desk);
      const press = await desk.agent.presses(card, 'Verify and issue');
      await press.answer();
      const body = new URLSearchParams(desk.workspace.lastRequest()?.body);

      for (const change of [{ user: MIRA }, { value: 'alan@acme.test' }]) {
        const payload = JSON.parse(body.get('payload') ?? '');
        payload.trigger_id = JSON.stringify(change);
        payload.user.id = change.user ?? JONAS;
        payload.actions[0].value = change.value ?? payload.actions[0].value;
        await desk.workspace.send({ form: { payload: JSON.stringify(payload) } });
        const answer = (await press.answer()) as Message;
        expect(desk.screen(answer)).toMatch(/^This button is too old/);
      }
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
    expect(press.answers()).toHaveLength(3);
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

  it('is erased later when Slack did not let it be erased as it expired', async () => {
    const desk = await openHelpDesk();
    const { message, press, code } = await showCode(desk);
    desk.workspace.failNext('response_url', { status: 503 }, 2);

    desk.clock.advance(5 * MINUTE);
    await advanceTo(desk, 10_000);
    await eventually(() => desk.clock.nextIn() === 60_000);
    expect(desk.screen(message)).toContain(code);
    desk.clock.advance(60_000);
    await press.answer();

    expect(desk.screen(message)).toMatch(/^The registration code for Alan Mertens has expired/);
    await eventually(() => events(desk).at(-1) === 'expired');
  });

  it('is erased at the stop though Slack did not let it be erased as it expired', async () => {
    const desk = await openHelpDesk();
    const { message } = await showCode(desk);
    desk.workspace.failNext('response_url', { status: 503 });
    desk.clock.advance(5 * MINUTE);
    await eventually(() => desk.clock.nextIn() === 10_000);

    await desk.app.stop();

    expect(desk.screen(message)).toContain('was erased here because SecurID Desk is restarting');
  });

  it('can be hidden though Slack did not let it be erased as it expired', async () => {
    const desk = await openHelpDesk();
    const { message } = await showCode(desk);
    desk.workspace.failNext('response_url', { status: 503 });
    desk.clock.advance(5 * MINUTE);
    await eventually(() => desk.clock.nextIn() === 10_000);

    await desk.agent.clicks(message, 'Hide now');

    expect(desk.screen(message)).toContain('hidden');
    await eventually(() => events(desk).at(-1) === 'hidden');
  });

  it('is erased at the stop though Slack took no notice the first time', async () => {
    const desk = await openHelpDesk();
    const { message } = await showCode(desk);
    desk.workspace.failNext('response_url', 'hang');

    const stopped = desk.app.stop();
    await arrived(desk, 'was erased here');
    await advanceTo(desk, 3000);
    await advanceTo(desk, 250);
    await stopped;

    expect(desk.screen(message)).toContain('was erased here because SecurID Desk is restarting');
  });

  it('is erased before the app stops though it is just expiring', async () => {
    const desk = await openHelpDesk();
    const { message, code } = await showCode(desk);
    desk.workspace.failNext('response_url', 'hang');
    desk.clock.advance(5 * MINUTE);
    await arrived(desk, 'has expired');

    const stopped = desk.app.stop();
    await advanceTo(desk, 3000);
    await stopped;

    expect(JSON.stringify(message)).not.toContain(code);
  });

  it('stays hidden though it was still being sent again', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await verify(desk.agent, card);
    await press.answer();
    await hold.arrived();
    desk.workspace.failNext('response_url', 'reset after');
    hold.release();
    await press.answer();
    expect(desk.screen(card)).toMatch(/^Registration code for Alan Mertens/);

    await desk.agent.clicks(card, 'Hide now');
    expect(desk.screen(card)).toContain('hidden');
    await advanceTo(desk, 250);
    await press.answer();
    await press.answer();

    expect(desk.screen(card)).toContain('hidden');
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
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await verify(desk.agent, card);
    await press.answer();
    await hold.arrived();
    desk.workspace.failNext('response_url', 'hang');
    hold.release();
    await advanceTo(desk, 3000);

    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    desk.clock.advance(5 * MINUTE - 3000);

    expect(await press.answer()).toBe(card);
    expect(desk.screen(card)).toMatch(/^The registration code for Alan Mertens has expired/);
    await eventually(() => desk.logged().some(({ msg }) => /may come late/.test(String(msg))));
  });

  it('is erased when the app stops, after it has come, though Slack took its time', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await verify(desk.agent, card);
    await press.answer();
    await hold.arrived();
    desk.workspace.failNext('response_url', { delay: 4500 });
    hold.release();
    await arrived(desk, 'Registration code for');
    await advanceTo(desk, 3000);
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));

    const stopped = desk.app.stop();
    await advanceTo(desk, 1500);
    await press.answer();
    expect(desk.screen(card)).toMatch(/^Registration code for Alan Mertens/);
    await advanceTo(desk, 1500);
    await stopped;

    expect(desk.screen(card)).toContain('was erased here because SecurID Desk is restarting');
  });

  it('is erased although it expired while it was being sent again', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    answerWithCodeFor(desk, 100);
    const hold = desk.tenant.hold(ISSUE);
    const press = await verify(desk.agent, card);
    await press.answer();
    await hold.arrived();
    desk.workspace.failNext('response_url', { status: 502 });
    hold.release();
    await advanceTo(desk, 100);
    await desk.agent.asks('/securid help');
    await eventually(() => (desk.clock.nextIn() ?? 0) <= 250);
    desk.clock.advance(250);

    await eventually(() => desk.screen(card).includes('has expired'));
    await desk.app.stop();
    expect(desk.screen(card)).toContain('has expired');
  });

  it('is not shown by an app that has stopped waiting for it', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await verify(desk.agent, card);
    await press.answer();
    await hold.arrived();

    const stopped = desk.app.stop();
    await advanceTo(desk, 10_000);
    await stopped;
    hold.release();

    await press.answer();
    expect(desk.screen(card)).toMatch(/^The registration code for Alan Mertens was erased here/);
    const code = desk.tenant.issuedCodes[0]?.code ?? '';
    expect(desk.workspace.bodies.join()).not.toContain(code);
  });

  it('is erased in time though the clock here is behind', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    answerWithCodeFor(desk, 5 * MINUTE + 90_000);
    await issue(desk, card);

    desk.clock.advance(5 * MINUTE);

    await eventually(() => desk.screen(card).includes('has expired'));
  });

  it.each([-60, 60])('is erased in time though the clock is set by %i minutes', async (minutes) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    await issue(desk, card);
    desk.clock.set(minutes * MINUTE);

    desk.clock.advance(5 * MINUTE - 1);
    expect(desk.screen(card)).not.toContain('has expired');
    desk.clock.advance(1);

    await eventually(() => desk.screen(card).includes('has expired'));
  });

  it('is erased while Slack still lets it, however long it lives', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    answerWithCodeFor(desk, 24 * 60 * MINUTE);
    const { press, form } = await fillIn(desk.agent, card);
    desk.clock.advance(9 * MINUTE);
    await desk.agent.submits(form);
    await press.answer();
    await press.answer();
    expect(desk.screen(card)).toContain('Hide now');

    desk.clock.advance(20 * MINUTE);

    await eventually(() => desk.screen(card).includes('has expired'));
  });

  it('is sent, replaced and erased with at most five posts', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await verify(desk.agent, card);
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
    await eventually(() =>
      desk.logged().some(({ msg }) => msg === 'registration code could not be erased'),
    );

    expect(posts(desk).filter((body) => body.includes('"replace_original":true'))).toHaveLength(5);
  });
});

describe('when SecurID refuses a registration code', () => {
  it('says that the company is not licensed', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.tenant.records.licensed = false;

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID gave no code: your company is not licensed for SecurID multifactor authentication. Please tell the SecurID administrators.
        Incident \`####-####\`"
    `);
  });

  it('says that the user is not there any more', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    refuseWith(desk, 'User alan@acme.test not found.');

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID gave no code: it no longer has that user. Check the spelling, or ask the SecurID administrators to synchronise the identity source.
        Incident \`####-####\`"
    `);
  });

  it('says that the user is disabled', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    refuseWith(desk, 'User is disabled.');

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID gave no code: the user is disabled. The SecurID administrators have to enable the user first.
        Incident \`####-####\`"
    `);
  });

  it('says which device is registered, and that it has to go first', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const alan = desk.tenant.records.users.find((user) => user.principalUsername === 'alan');
    desk.tenant.records.devices.push(phone({ userId: alan?.id ?? '', name: '<!here> iPhone' }));

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID gave no code: the user already has a registered device. The old device has to be deleted in the Cloud Administration Console first; then ask for a code again.
      Registered: <!here> iPhone (iOS 18.3) since 2025-02-03
        Incident \`####-####\`"
    `);
  });

  it('says so without naming the device where SecurID does not tell', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk, '/securid code noor@acme.test ios');
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
    {
      fault: { status: 404, body: { code: '404 NOT_FOUND', description: 'User not found' } },
      reads: 'SecurID could not find what was asked for.',
    },
    { fault: { status: 409 }, reads: 'The record has changed in SecurID meanwhile.' },
    { fault: { status: 415 }, reads: 'SecurID did not accept that.' },
    { fault: { status: 429, headers: { 'retry-after': '60' } }, reads: 'Try again in 60 s.' },
  ])('says that none was issued after $fault.status', async ({ fault, times = 1, reads }) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
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
      const card = await cardFor(desk);
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
      const card = await cardFor(desk);
      desk.tenant.answerNext(fault, 1, ISSUE);
      const press = await verify(desk.agent, card);
      await press.answer();
      await desk.tenant.saw(ISSUE);

      desk.clock.advance(12_500);
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
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 401 }, 1, ISSUE);
    desk.tenant.answerNext({ status: 503 }, 3, 'POST /oauth/token');

    await issue(desk, card);

    expect(desk.screen(card)).toContain('SecurID could not be reached, so no code was issued.');
    expect(desk.tenant.issuedCodes).toEqual([]);
  });

  it('says that none was issued when SecurID cannot be reached, and leaves the card', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const before = desk.screen(card);
    await desk.tenant.stop();

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toMatchInlineSnapshot(`
      "⚠️ No code was issued. SecurID could not answer. Please try again in a minute.
        Incident \`####-####\`
      [ Try again ]"
    `);
    expect(desk.screen(card)).toBe(before);
  });

  it('asks again after a 429, when it was told to', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 429, headers: { 'retry-after': '2' } }, 1, ISSUE);
    const press = await verify(desk.agent, card);
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
    const card = await cardFor(desk);
    desk.workspace.failNext('response_url', { status: 500 });

    await verify(desk.agent, card);
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    expect(codesAskedFor(desk)).toEqual([]);

    await issue(desk, card);
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it('logs that it was issued and not shown, with the incident', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);
    const press = await verify(desk.agent, card);
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
