import { describe, expect, it } from 'vitest';
import { inGroups } from '../../../src/desk/aloud.ts';
import { HELP_DESK, JONAS, MIRA } from '../../../src/playground/company.ts';
import { eventually, type Message, openHelpDesk } from '../../support/help-desk.ts';
import {
  answerWithCodeFor,
  cardFor,
  codesAskedFor,
  events,
  ISSUE,
  issue,
  LOOKUP,
  MINUTE,
  showCode,
} from '../../support/registration-code.ts';
import { fillIn, verify } from '../../support/verification.ts';

describe('“Issue code”', () => {
  it('replaces the card, first with a progress message and then with the code', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);

    const press = await verify(desk.agent, card);
    expect(await press.answer()).toBe(card);
    expect(desk.screen(card)).toMatchInlineSnapshot(
      `"Asking SecurID for a registration code for Alan Mertens… If nothing appears within half a minute, no code was shown: type the command again."`,
    );

    hold.release();
    expect(await press.answer()).toBe(card);
    const [{ code = '' } = {}] = desk.tenant.issuedCodes;
    expect(
      desk.screen(card).replace(code, '123456789').replace(inGroups(code), '123 456 789'),
    ).toMatchInlineSnapshot(`
      "Registration code for Alan Mertens
      # 123 456 789
      To copy: \`123456789\`
      Platform: iOS
      Company ID: acme
      Expires at: 09:05:00
        It works once, in the RSA Authenticator app. Only you can see this message. It disappears when the code expires.
        Alan Mertens was notified in Slack.
      [ Hide now ]"
    `);
    expect(desk.workspace.seenBy(JONAS, HELP_DESK)).toEqual([card]);
  });

  it.each([
    ['ios', { email: 'alan@acme.test', appId: '1f00c62b-a5c0-49d3-9ffb-92314d717187' }],
    ['android', { email: 'alan@acme.test', appId: '1f00c62b-a5c0-49d3-9ffb-92314d717187' }],
    ['windows', { email: 'alan@acme.test' }],
    ['macos', { email: 'alan@acme.test' }],
  ])('asks for %s with exactly the properties that SecurID counts', async (platform, body) => {
    const desk = await openHelpDesk();

    await showCode(desk, `/securid code alan@acme.test ${platform}`);

    expect(codesAskedFor(desk).map((request) => request.body)).toEqual([body]);
  });

  it('uses the platform that was chosen in the form', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);

    await issue(desk, card, { platform: 'Windows' });

    expect(codesAskedFor(desk).map(({ body }) => body)).toEqual([{ email: 'alan@acme.test' }]);
    expect(desk.screen(card)).toContain('Platform: Windows');
  });

  it("keeps a code's leading zeros", async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const body = { companyID: 'acme', deviceRegistrationCode: '000123456' };
    desk.tenant.answerNext({ status: 200, body }, 1, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toContain('# 000 123 456\nTo copy: `000123456`');
    expect(desk.screen(card)).toContain('Expires at: 09:05:00');
  });

  it.each([
    ['years away', 5 * 365 * 24 * 60 * MINUTE],
    ['a day away', 24 * 60 * MINUTE],
    ['over', -MINUTE],
  ])('does not trust an expiry that is %s', async (_, ms) => {
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
  ])('shows no code from an answer that %s, and says what is unknown', async (_, body) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 200, body: { companyID: 'acme', ...body } }, 1, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toContain('SecurID may have issued a code');
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

  it('gives notifications and screen readers a text without the code', async () => {
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
        input: { platform: 'ios' },
        reason: 'New telephone',
        ticket: 'INC-4711',
        method: 'In person with badge',
        incident: expect.any(String),
      }),
    );
  });

  it('issues one code if two forms of one card are submitted at once', async () => {
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
    const used = ({ text }: Message) => text.startsWith('This card has already been used');
    await eventually(() => workspace.messages.some(used));

    expect(desk.screen(workspace.messages.find(used) as Message)).toMatchInlineSnapshot(
      `"This card has already been used. For another code, type \`/securid code\`."`,
    );
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it('cannot be canceled once the code was asked for', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(LOOKUP);
    await verify(desk.agent, card);
    await hold.arrived();

    const answer = await desk.agent.clicks(card, 'Cancel');
    hold.release();
    await eventually(() => desk.screen(card).includes('Hide now'));

    expect(desk.screen(answer)).toContain('This card has already been used');
  });

  it('issues nothing from a form whose card was canceled meanwhile', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const { press, form } = await fillIn(desk.agent, card);
    await desk.agent.clicks(card, 'Cancel');

    await desk.agent.submits(form);

    expect(desk.screen(await press.answer())).toContain('This card has already been used');
    expect(desk.screen(card)).toBe('Canceled. No code was issued.');
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('issues one code for each of two cards, and erases each separately', async () => {
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
      `"This button has expired. Type the command again; \`/securid help\` lists them all."`,
    );
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('asks Slack again who is pressing, and refuses somebody who is no longer an agent', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    for (const group of desk.workspace.groups) group.users = [];

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toMatch(/^Sorry, `\/securid` is for the help desk/);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('refuses while Slack does not say who is pressing, and works afterwards', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.workspace.failNext('users.info', { status: 500 }, 2);

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toMatchInlineSnapshot(
      `"Slack did not answer when asked for your role. Try again in a minute."`,
    );
    expect(codesAskedFor(desk)).toEqual([]);

    await issue(desk, card);
    expect(codesAskedFor(desk)).toHaveLength(1);
  });
});
