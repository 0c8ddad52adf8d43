import { describe, expect, it } from 'vitest';
import { HELP_DESK, JONAS, MIRA } from '../../src/playground/company.ts';
import {
  eventually,
  type HelpDesk,
  incidentOf,
  type Message,
  modal,
  openHelpDesk,
  type View,
} from '../support/help-desk.ts';

const TASK = 'What would you like to do?';
const TYPED = 'Or an e-mail address or SecurID user name';

/** Types `/securid` and waits for the form. */
async function openForm(desk: HelpDesk, person: HelpDesk['agent'] = desk.agent) {
  const asked = await person.types('/securid', { channel: HELP_DESK });
  await asked.answer();
  return { asked, form: modal(await asked.answer()) };
}

/** Chooses another task and waits for its fields. */
async function chooseTask(person: HelpDesk['agent'], form: View, task: string) {
  const chosen = await person.chooses(form, TASK, task);
  await chosen?.answer();
}

describe('/securid alone', () => {
  it('opens at once, and becomes a form when Slack has said who is asking', async () => {
    const desk = await openHelpDesk();
    const screens: string[] = [];
    desk.workspace.watch((shown) => screens.push(desk.screen(shown)));

    await openForm(desk);

    expect(screens).toHaveLength(2);
    expect(screens[0]).toMatchInlineSnapshot(`
      "== SecurID Desk ==
      One moment…
      [ Close ]"
    `);
    expect(screens[1]).toMatchInlineSnapshot(`
      "== SecurID Desk ==
      What would you like to do?: (Look up a user | Find a user | Show a user's authenticators | Show a user's last sign-ins | Look up a hardware token | Issue a registration code) = Look up a user
      Person (optional): ____ (Someone in Slack)
      Or an e-mail address or SecurID user name (optional): ____ (jane@example.com)
      [ Show ]  [ Close ]"
    `);
  });

  it('changes its fields with the task', async () => {
    const desk = await openHelpDesk();
    const { form } = await openForm(desk);

    await chooseTask(desk.agent, form, 'Look up a hardware token');
    expect(desk.screen(form)).toMatchInlineSnapshot(`
      "== SecurID Desk ==
      What would you like to do?: (Look up a user | Find a user | Show a user's authenticators | Show a user's last sign-ins | Look up a hardware token | Issue a registration code) = Look up a hardware token
      Serial number: ____ (000000900001)
      [ Show ]  [ Close ]"
    `);

    await chooseTask(desk.agent, form, 'Issue a registration code');
    expect(desk.screen(form)).toMatch(/\[ Next \]/);
  });

  it('offers a manager the license summary', async () => {
    const desk = await openHelpDesk();

    const { form } = await openForm(desk, desk.manager);

    expect(desk.screen(form)).toMatchInlineSnapshot(`
      "== SecurID Desk ==
      What would you like to do?: (Show the license summary) = Show the license summary
      Who sees it?: (Everyone in the channel | Only me) = Everyone in the channel
      [ Show ]  [ Close ]"
    `);
  });

  it('offers everything to somebody with both roles', async () => {
    const desk = await openHelpDesk({ env: { SECURID_MANAGERS: JONAS } });
    const { form } = await openForm(desk);

    await chooseTask(desk.agent, form, 'Show the license summary');

    expect(desk.screen(form)).toContain('Who sees it?');
  });

  it('offers an approver the look-ups', async () => {
    const desk = await openHelpDesk({ env: { SECURID_MANAGERS: '', SECURID_APPROVERS: MIRA } });

    const { form } = await openForm(desk, desk.manager);

    expect(desk.screen(form)).toContain('Look up a user');
    expect(desk.screen(form)).not.toContain('Issue a registration code');
  });

  it('tells somebody without a role whom to ask', async () => {
    const desk = await openHelpDesk();

    const { form } = await openForm(desk, desk.nobody);

    expect(desk.screen(form)).toMatchInlineSnapshot(`
      "== SecurID Desk ==
      Sorry, \`/securid\` is for the help desk. Please ask @help-desk.
      [ Close ]"
    `);
    expect(desk.logged()).toContainEqual(
      expect.objectContaining({ msg: 'refused', refusal: 'no role', operation: 'home' }),
    );
  });

  it('tells somebody who lost their role while the form was open', async () => {
    const desk = await openHelpDesk();
    const { form } = await openForm(desk);
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(5 * 60_000);

    await chooseTask(desk.agent, form, 'Look up a hardware token');

    expect(desk.screen(form)).toContain('Sorry, `/securid` is for the help desk.');
  });

  it.each([
    { status: 200, body: '{"ok":false,"error":"expired_trigger_id"}' },
    { status: 200, body: '{"ok":false,"error":"exchanged_trigger_id"}' },
  ])('says that the form could not be opened: $body', async (fault) => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('views.open', fault);

    const answer = await desk.agent.asks('/securid');

    expect(desk.screen(answer)).toMatchInlineSnapshot(`
      "⚠️ The form could not be opened. Try again, or type a command: \`/securid help\` lists them.
        Incident \`####-####\`"
    `);
    expect(desk.logged()).toContainEqual(
      expect.objectContaining({ msg: 'form not opened', incident: incidentOf(answer) }),
    );
  });

  it('says that the form could not be opened if Slack does not know the trigger', async () => {
    const desk = await openHelpDesk();
    await desk.agent.asks('/securid help');
    const form = Object.fromEntries(new URLSearchParams(desk.workspace.lastRequest()?.body));

    await desk.workspace.send({ form: { ...form, text: '', trigger_id: 'unknown' } });
    await eventually(() => desk.workspace.messages.length === 2);

    const [, answer] = desk.workspace.messages;
    expect(desk.screen(answer as Message)).toMatch(/^⚠️ The form could not be opened/);
  });

  it('says so if Slack does not say who it is', async () => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('users.info', { status: 500 }, 2);

    const { form } = await openForm(desk);

    expect(desk.screen(form)).toContain('Slack did not answer when asked for your role');
  });
});

describe('the form', () => {
  it('looks up a person who was picked', async () => {
    const desk = await openHelpDesk();
    const { asked, form } = await openForm(desk);
    await desk.agent.chooses(form, 'Person', 'U0GRACE');

    const submitted = await desk.agent.submits(form);

    expect(submitted).toMatchObject({ closed: true });
    expect(desk.screen(await asked.answer())).toMatch(/^# Grace Okafor/);
    expect(desk.workspace.seenBy(MIRA, HELP_DESK)).toEqual([]);
  });

  it.each([
    'gokafor',
    ' grace@acme.test ',
    '\u2068grace@acme.test\u2069',
    '“grace@acme.test”;',
    'Okafor, Grace <grace@acme.test>',
    'mailto:grace@acme.test',
  ])('looks up a user who was typed: %j', async (typed) => {
    const desk = await openHelpDesk();
    const { asked, form } = await openForm(desk);
    desk.agent.fills(form, TYPED, typed);

    await desk.agent.submits(form);

    expect(desk.screen(await asked.answer())).toMatch(/^# Grace Okafor/);
  });

  it("shows a person's authenticators", async () => {
    const desk = await openHelpDesk();
    const { asked, form } = await openForm(desk);
    await chooseTask(desk.agent, form, "Show a user's authenticators");
    await desk.agent.chooses(form, 'Person', 'U0GRACE');

    await desk.agent.submits(form);

    expect(desk.screen(await asked.answer())).toMatch(/^# Authenticators of Grace Okafor/);
  });

  it('looks up a hardware token', async () => {
    const desk = await openHelpDesk();
    const { asked, form } = await openForm(desk);
    await chooseTask(desk.agent, form, 'Look up a hardware token');
    desk.agent.fills(form, 'Serial number', 'SN: 0000-0090 0001');

    await desk.agent.submits(form);

    expect(desk.screen(await asked.answer())).toMatch(/^# Hardware token 000000900001/);
  });

  it('leads to the card before a registration code', async () => {
    const desk = await openHelpDesk();
    const { asked, form } = await openForm(desk);
    await chooseTask(desk.agent, form, 'Issue a registration code');
    await desk.agent.chooses(form, 'Person', 'U0ALAN');

    await desk.agent.submits(form);

    expect(desk.screen(await asked.answer())).toMatch(/^# Registration code for Alan Mertens/);
    expect(desk.tenant.issuedCodes).toEqual([]);
  });

  it('shows the license summary to everybody in the channel, or to the manager alone', async () => {
    const desk = await openHelpDesk();
    const first = await openForm(desk, desk.manager);
    await desk.manager.submits(first.form);
    const summary = (await first.asked.answer()) as Message;
    expect(desk.workspace.seenBy(JONAS, HELP_DESK)).toEqual([summary]);

    const second = await openForm(desk, desk.manager);
    await desk.manager.chooses(second.form, 'Who sees it?', 'Only me');
    await desk.manager.submits(second.form);
    await second.asked.answer();
    expect(desk.workspace.seenBy(JONAS, HELP_DESK)).toEqual([summary]);
  });

  it('accepts a person picked or typed, but not both', async () => {
    const desk = await openHelpDesk();
    const { form } = await openForm(desk);

    expect((await desk.agent.submits(form)).errors).toEqual({
      'home:person': 'Pick a person, or type below.',
    });

    await desk.agent.chooses(form, 'Person', 'U0GRACE');
    desk.agent.fills(form, TYPED, 'alan@acme.test');
    expect((await desk.agent.submits(form)).errors).toEqual({
      'home:typed': 'Pick a person or type, but not both.',
    });
    expect(desk.tenant.requests).toEqual([]);
  });

  it.each([
    ['Grace Okafor', 'Type an e-mail address or a SecurID user name.'],
    ['<!channel>', 'Type an e-mail address or a SecurID user name.'],
    ['😈', 'Type an e-mail address or a SecurID user name.'],
    ['x'.repeat(500), 'Type an e-mail address or a SecurID user name.'],
    ['grace@acme.test alan@acme.test', 'One user at a time, please.'],
    [
      '@grace',
      'Slack did not recognize that name. Type @ and pick the person from the list that Slack shows, or type their e-mail address or SecurID user name, such as jane@example.com.',
    ],
  ])('says what to type instead of %j', async (typed, words) => {
    const desk = await openHelpDesk();
    const { form } = await openForm(desk);
    desk.agent.fills(form, TYPED, typed);

    expect((await desk.agent.submits(form)).errors).toEqual({ 'home:typed': words });
  });

  it.each([
    ['00000090000A', /^A serial number has only digits, at most 36 of them/],
    ['1'.repeat(37), /^A serial number has only digits/],
    ['-', /^(A serial number has only digits|Type the serial number)/],
    ['000000900001, 000000900002', /^One serial number at a time/],
  ])('refuses the serial number %s', async (typed, words) => {
    const desk = await openHelpDesk();
    const { form } = await openForm(desk);
    await chooseTask(desk.agent, form, 'Look up a hardware token');
    desk.agent.fills(form, 'Serial number', typed);

    expect((await desk.agent.submits(form)).errors).toEqual({
      'home:serial': expect.stringMatching(words),
    });
    expect(desk.tenant.requests).toEqual([]);
  });

  it('ignores fields of another task if Slack did not change them', async () => {
    const desk = await openHelpDesk();
    const { form } = await openForm(desk);
    desk.workspace.failNext('views.update', { status: 200, body: '{"ok":false,"error":"fatal"}' });
    await desk.agent.chooses(form, TASK, 'Look up a hardware token');
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));

    expect((await desk.agent.submits(form)).errors).toEqual({
      'home:task': 'These fields belong to another task. Choose the task again.',
    });
  });

  it('says that it is too old after half an hour, when no answer is possible any more', async () => {
    const desk = await openHelpDesk();
    const { form } = await openForm(desk);
    await desk.agent.chooses(form, 'Person', 'U0GRACE');
    desk.clock.advance(29 * 60_000);

    expect((await desk.agent.submits(form)).errors).toEqual({
      'home:task': 'This form has expired. Close it and type /securid again.',
    });
  });

  it('works only for the person who opened it', async () => {
    const desk = await openHelpDesk();
    const { form } = await openForm(desk);
    await desk.agent.submits(form);
    const body = new URLSearchParams(desk.workspace.lastRequest()?.body);
    const payload = JSON.parse(body.get('payload') ?? '');
    payload.trigger_id = 'another';
    payload.user.id = MIRA;

    const answer = await desk.workspace.send({ form: { payload: JSON.stringify(payload) } });

    expect(JSON.parse(answer.body).errors).toEqual({
      'home:task': expect.stringMatching(/has expired/),
    });
  });

  it('checks the role again when it is submitted', async () => {
    const desk = await openHelpDesk();
    const { asked, form } = await openForm(desk);
    await desk.agent.chooses(form, 'Person', 'U0GRACE');
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(5 * 60_000);

    await desk.agent.submits(form);

    expect(desk.screen(await asked.answer())).toMatch(/^Sorry/);
    expect(desk.tenant.requests).toEqual([]);
  });

  it('reports a failure in a message', async () => {
    const desk = await openHelpDesk();
    const { asked, form } = await openForm(desk);
    await desk.agent.chooses(form, 'Person', 'U0GRACE');
    desk.tenant.answerNext({ status: 500 });

    await desk.agent.submits(form);

    expect(desk.screen(await asked.answer())).toMatch(/^⚠️ SecurID did not answer/);
  });
});
