import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MIRA, SECURITY } from '../../src/playground/company.ts';
import { phone } from '../../src/playground/tenant-records.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { objectsIn } from '../support/nested.ts';
import { inTime, passes } from '../support/passing-time.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const ALAN = 'U0ALAN';

const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({
    env: { SECURID_SECURITY_CHANNEL: SECURITY, SECURID_APPROVERS: MIRA, ...env },
  });

/** Jonas issues a code for somebody. Returns the notice they get, if any. */
async function issueFor(desk: HelpDesk, who = 'alan@acme.test', person = ALAN) {
  const card = await desk.agent.asks(`/securid code ${who} ios`);
  const press = await verify(desk.agent, card);
  await press.answer();
  await press.answer();
  return { card, notice: desk.workspace.seenBy(person, `D${person}`).at(-1) as Message };
}

/** Alan reports that it was not him. */
async function report(desk: HelpDesk) {
  const { notice } = await issueFor(desk);
  await desk.person(ALAN).clicks(notice, "This wasn't me");
  const alert = desk.workspace.messages.find(({ channel }) => channel === SECURITY) as Message;
  return { notice, alert };
}

const alertsIn = ({ workspace }: HelpDesk) =>
  workspace.messages.filter(({ channel, to }) => channel === SECURITY && !to);

/** Adds a device of Alan's. */
function add({ tenant }: HelpDesk, name: string, deviceType: string, at: number) {
  const alan = tenant.records.users.find(({ firstName }) => firstName === 'Alan');
  const registeredDate = new Date(at).toISOString();
  tenant.records.devices.push(phone({ userId: alan?.id ?? '', name, deviceType, registeredDate }));
}

const BLOCKED = 'This account is on hold and gets no code. Please call your security team.';

describe('the user a code was issued for', () => {
  it('is notified in a direct message, without the code', async () => {
    const desk = await openDesk();

    const { card, notice } = await issueFor(desk);

    expect(desk.screen(notice)).toMatchInlineSnapshot(`
      "🔑 A registration code for your SecurID account was issued by @jonas at 2026-03-04 09:00.
      If you asked for this, you're done. If not, tell us now.
      [ This wasn't me ]  [ It was me ]
        Incident \`####-####\`"
    `);
    expect(notice.to).toBeUndefined();
    expect(JSON.stringify(notice)).not.toContain(desk.tenant.issuedCodes[0]?.code);
    expect(desk.screen(card)).toContain('Alan Mertens was notified in Slack.');
  });

  it('is told by the agent if they are not in Slack', async () => {
    const desk = await openDesk();
    desk.workspace.people.splice(
      desk.workspace.people.findIndex(({ id }) => id === ALAN),
      1,
    );

    const { card } = await issueFor(desk);

    expect(desk.screen(card)).toContain(
      '⚠️ The user was not notified: no Slack account has their e-mail address.',
    );
    expect(desk.screen(card)).toContain('[ Hide now ]');
    expect((await rowsOf(desk)).filter(({ event }) => event === 'not told')).toMatchObject([
      { failure: 'not in Slack' },
    ]);
  });

  it('is told by the agent if Slack does not accept the message', async () => {
    const desk = await openDesk();
    desk.workspace.failNext('chat.postMessage', { status: 500 }, 5);

    const { card } = await issueFor(desk);

    expect(desk.screen(card)).toContain(
      '⚠️ The user was not notified: Slack did not accept the message. Please tell them about this code.',
    );
    expect(desk.tenant.issuedCodes).toHaveLength(1);
  });

  it('does not keep the agent from the code while Slack does not accept the message', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    desk.workspace.failNext('chat.postMessage', 'hang');
    await verify(desk.agent, card);
    await eventually(() =>
      desk.workspace.apiCalls.some(({ method }) => method === 'chat.postMessage'),
    );
    await passes(desk.clock, 'seconds');

    await eventually(() => desk.screen(card).includes('Hide now'));
    expect(desk.screen(card)).toContain(
      '⚠️ Slack did not confirm in time that the user was notified. Please tell them about this code.',
    );
    expect((await rowsOf(desk)).filter(({ event }) => event === 'not told')).toMatchObject([
      { failure: 'not in time' },
    ]);
  });

  it('is not notified of a code that was not issued', async () => {
    const desk = await openDesk();
    desk.tenant.records.licensed = false;

    const { notice } = await issueFor(desk);

    expect(notice).toBeUndefined();
  });
});

describe('“This wasn’t me”', () => {
  it('alerts security, and says so', async () => {
    const desk = await openDesk();

    const { notice, alert } = await report(desk);

    expect(desk.screen(alert)).toMatchInlineSnapshot(`
      "# A registration code nobody asked for
      🚨 @jonas issued a registration code, and @alan did not ask for it.
      For: Alan Mertens
      Issued: 2026-03-04 09:00
      No more codes will be issued for this user until an approver lifts the block.
      No device has been added so far.
      [ Show the devices ]  [ Lift the block ]
        Incident \`####-####\`"
    `);
    expect(desk.screen(notice)).toMatchInlineSnapshot(
      `"🚨 Thank you. Security has been notified. No more registration codes will be issued for you until they have looked into it."`,
    );
  });

  it('blocks further codes, even those on cards', async () => {
    const desk = await openDesk();
    await report(desk);
    desk.clock.advance(6 * 60_000);

    const card = await desk.agent.asks('/securid code alan@acme.test ios');

    expect(desk.screen(card)).toContain(BLOCKED);
    expect(desk.screen(card)).not.toContain('[ Verify and issue ]');
  });

  it("is recorded under the code's incident number", async () => {
    const desk = await openDesk();
    await report(desk);

    const rows = await rowsOf(desk);

    const issued = rows.find(({ event }) => event === 'done');
    expect(rows.find(({ event }) => event === 'reported')).toMatchObject({
      actor: ALAN,
      target: issued?.target,
      incident: issued?.incident,
      reason: 'issued by U0JONAS',
    });
  });

  it('survives a restart', async () => {
    const first = await openDesk();
    await report(first);
    await first.close();

    const second = await openDesk({ AUDIT_FILE: first.auditFile });

    const card = await second.agent.asks('/securid code alan@acme.test ios');
    expect(second.screen(card)).toContain(BLOCKED);
  });

  it('tells the user to call if security cannot be notified', async () => {
    const desk = await openDesk({ SECURID_SECURITY_CHANNEL: '' });

    const { notice } = await report(desk);

    expect(desk.screen(notice)).toContain('Please call your security team now');
  });

  it('tells the user to call if it is pressed after weeks', async () => {
    const desk = await openDesk();
    const { notice } = await issueFor(desk);
    desk.clock.advance(15 * 24 * 60 * 60_000);

    const answer = await desk.person(ALAN).clicks(notice, "This wasn't me");

    expect(desk.screen(answer)).toContain('please call your security team now');
  });

  it('can be pressed by nobody else', async () => {
    const desk = await openDesk();
    const { notice } = await issueFor(desk);
    await desk.agent.asks('/securid help');
    const press = await desk.person(ALAN).presses(notice, "This wasn't me", { confirm: false });
    expect(press.acknowledged.status).toBe(0);
    const [, value] = JSON.stringify(notice.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];

    await forge(desk, { action_id: 'notice:report', value });

    expect(desk.workspace.messages.filter(({ channel }) => channel === SECURITY)).toEqual([]);
    expect((await rowsOf(desk)).map(({ event }) => event)).not.toContain('reported');
  });
});

/** Sends another button press, by Jonas unless told otherwise. */
async function forge(desk: HelpDesk, action: Record<string, string | undefined>, by = 'U0JONAS') {
  const card = await desk.agent.asks('/securid code noor@acme.test ios');
  await desk.agent.clicks(card, 'Cancel');
  const body = new URLSearchParams(desk.workspace.lastRequest()?.body);
  const payload = JSON.parse(body.get('payload') ?? '');
  payload.trigger_id = 'forged';
  payload.user.id = by;
  Object.assign(payload.actions[0], action);
  const before = desk.workspace.bodies.length;
  await desk.workspace.send({ form: { payload: JSON.stringify(payload) } });
  await eventually(() => desk.workspace.bodies.length > before);
}

describe('“It was me”', () => {
  it('is recorded, and can still be taken back', async () => {
    const desk = await openDesk();
    const { notice } = await issueFor(desk);

    await desk.person(ALAN).clicks(notice, 'It was me');

    expect(desk.screen(notice)).toMatchInlineSnapshot(`
      "🔑 A registration code for your SecurID account was issued by @jonas at 2026-03-04 09:00. You said that you asked for it.
      [ This wasn't me ]
        Incident \`####-####\`"
    `);
    await desk.person(ALAN).clicks(notice, "This wasn't me");
    expect(desk.screen(notice)).toContain('Security has been notified');
    const rows = await rowsOf(desk);
    const issued = rows.find(({ event }) => event === 'done');
    expect(rows.find(({ event }) => event === 'confirmed')).toMatchObject({
      actor: ALAN,
      target: issued?.target,
      incident: issued?.incident,
    });
  });

  it('lifts nothing if pressed on a screen that still shows it', async () => {
    const desk = await openDesk();
    const { notice } = await issueFor(desk);
    const [, value] = JSON.stringify(notice.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];
    await desk.person(ALAN).clicks(notice, "This wasn't me");

    await forge(desk, { action_id: 'notice:confirm', value }, ALAN);

    const words = 'You reported this code';
    await eventually(() => desk.workspace.bodies.some((body) => body.includes(words)));
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain(BLOCKED);
  });
});

describe('the alert', () => {
  it('counts the devices added since, and names them on request', async () => {
    const desk = await openDesk();
    const { notice } = await issueFor(desk);
    add(desk, 'Old telephone', 'iOS 17.1', desk.clock.now() - 24 * 60 * 60_000);
    add(desk, 'Burner <!channel>', 'iOS 18.1', desk.clock.now() + 60_000);
    add(desk, 'Another', 'Android 15', desk.clock.now() + 90_000);
    desk.clock.advance(2 * 60_000);
    await desk.person(ALAN).clicks(notice, "This wasn't me");
    const [alert] = alertsIn(desk) as [Message];

    expect(desk.screen(alert)).toContain('⚠️ 2 devices have been added since: 1 iOS, 1 Android.');
    expect(JSON.stringify(alert)).not.toContain('Burner');
    const answer = await desk.manager.clicks(alert, 'Show the devices');

    expect(desk.screen(answer)).toMatchInlineSnapshot(`
      "Added for Alan Mertens since:
      Burner <!channel> (iOS 18.1), since 2026-03-04
      Another (Android 15), since 2026-03-04"
    `);
    expect(answer.to).toBe(MIRA);
  });

  it('is sent even if SecurID does not say which devices were added', async () => {
    const desk = await openDesk();
    const { notice } = await issueFor(desk);
    desk.tenant.answerNext({ status: 500 }, 9, 'GET /v2/users/{id}/devices');

    await desk.person(ALAN).clicks(notice, "This wasn't me");

    const [alert] = alertsIn(desk) as [Message];
    expect(desk.screen(alert)).toContain(
      'SecurID did not say which devices have been added since.',
    );
  });

  it('is sent once, even if pressed twice at once', async () => {
    const desk = await openDesk();
    const { notice } = await issueFor(desk);

    const presses = [notice, notice].map((one) => desk.person(ALAN).clicks(one, "This wasn't me"));
    await Promise.all(presses);

    expect(alertsIn(desk)).toHaveLength(1);
  });

  it('asks for confirmation, with a red button', async () => {
    const desk = await openDesk();
    const { notice } = await issueFor(desk);

    const buttons = objectsIn(notice.blocks).filter(({ type }) => type === 'button');
    const red = { style: 'danger', confirm: expect.objectContaining({ style: 'danger' }) };
    expect(buttons).toContainEqual(expect.objectContaining(red));
  });
});

describe('the block', () => {
  const issuable = async (desk: HelpDesk) => {
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    return !desk.screen(card).includes(BLOCKED);
  };

  it('is lifted by an approver on the alert, which then says by whom', async () => {
    const desk = await openDesk();
    const { alert } = await report(desk);

    await desk.manager.clicks(alert, 'Lift the block');

    expect(desk.screen(alert)).toContain('🔓 The block was lifted by @mira.');
    expect(desk.screen(alert)).not.toContain('[ ');
    expect(await issuable(desk)).toBe(true);
    expect((await rowsOf(desk)).filter(({ event }) => event === 'block lifted')).toMatchObject([
      { actor: MIRA },
    ]);
  });

  it.each([
    ['issued the code', 'U0JONAS'],
    ['reported it', ALAN],
  ])('cannot be lifted by the approver who %s', async (_, id) => {
    const desk = await openDesk({ SECURID_APPROVERS: `U0JONAS,${ALAN}` });
    const channel = desk.workspace.channels.find(({ id }) => id === SECURITY);
    channel?.members.push(id);
    const { alert } = await report(desk);

    const answer = await desk.person(id).clicks(alert, 'Lift the block');

    expect(desk.screen(answer)).toContain('The block stays. Another approver has to lift it');
    expect(desk.screen(alert)).toContain('[ Lift the block ]');
    expect(await issuable(desk)).toBe(false);
    const rows = await rowsOf(desk);
    expect(rows.map(({ event }) => event)).not.toContain('block lifted');
  });

  it.each(['60', '86400'])(
    'is shown as lifted on its alert once Slack, which asked for a pause of %s s, accepts that',
    async (seconds) => {
      const desk = await openDesk();
      const { alert: older } = await report(desk);
      desk.clock.advance(60 * 60_000);
      await desk.manager.clicks(older, 'Lift the block');
      await report(desk);
      desk.clock.advance(60_000);
      const alerts = alertsIn(desk);
      const quiet = { status: 429, headers: { 'retry-after': seconds } };
      desk.workspace.failNext('chat.update', quiet);

      await desk.manager.asks('/securid unblock alan@acme.test');
      const areLifted = () =>
        alerts.every((one) => desk.screen(one).includes('was lifted by @mira'));
      await inTime(desk, areLifted);

      expect(alerts).toHaveLength(2);
    },
  );

  it('can be lifted by nobody else', async () => {
    const desk = await openDesk({ SECURID_APPROVERS: '' });
    const { alert } = await report(desk);

    expect(desk.screen(await desk.manager.clicks(alert, 'Lift the block'))).toContain(
      'is for approvers',
    );
    expect(await issuable(desk)).toBe(false);
  });

  it('is lifted by /securid unblock', async () => {
    const desk = await openDesk();
    await report(desk);

    const answer = await desk.manager.asks('/securid unblock alan@acme.test');

    expect(desk.screen(answer)).toMatchInlineSnapshot(
      `"The block is lifted. Registration codes can be issued for Alan Mertens again."`,
    );
    expect(await issuable(desk)).toBe(true);
    expect(desk.screen(await desk.manager.asks('/securid unblock alan'))).toMatchInlineSnapshot(
      `"Alan Mertens has not reported a registration code and is not blocked."`,
    );
  });

  it('cannot be lifted by the agent who issued the code, or by the blocked user', async () => {
    const desk = await openDesk({ SECURID_APPROVERS: `${MIRA},U0JONAS,U0ALAN` });
    await report(desk);
    desk.workspace.channels.find(({ name }) => name === 'help-desk')?.members.push(ALAN);

    const byAgent = await desk.agent.asks('/securid unblock alan@acme.test');
    const byAlan = await desk.person(ALAN).asks('/securid unblock alan@acme.test');

    expect(desk.screen(byAgent)).toContain('You issue codes yourself.');
    expect(desk.screen(byAlan)).toContain('This is your own account.');
    expect(await issuable(desk)).toBe(false);
  });

  it('cannot be lifted by an agent’s command', async () => {
    const desk = await openDesk();
    await report(desk);

    expect(desk.screen(await desk.agent.asks('/securid unblock alan@acme.test'))).toContain(
      'is for approvers',
    );
    expect(await issuable(desk)).toBe(false);
  });

  /** Jonas issues two codes for Alan, and Alan reports both. */
  async function reportTwice(desk: HelpDesk) {
    const { notice: one } = await issueFor(desk);
    desk.clock.advance(6 * 60_000);
    const { notice: two } = await issueFor(desk);
    await desk.person(ALAN).clicks(one, "This wasn't me");
    desk.clock.advance(1000);
    await desk.person(ALAN).clicks(two, "This wasn't me");
    const [older, newer] = alertsIn(desk) as [Message, Message];
    return { older, newer };
  }

  it('cannot be lifted on any alert but the latest', async () => {
    const desk = await openDesk();
    const { older } = await reportTwice(desk);

    const answer = await desk.manager.clicks(older, 'Lift the block');

    expect(desk.screen(answer)).toContain('The user has reported another code since');
    expect(desk.screen(older)).toContain('[ Lift the block ]');
    expect(await issuable(desk)).toBe(false);
    expect((await rowsOf(desk)).map(({ event }) => event)).not.toContain('block lifted');
  });

  it.each<[string, (desk: HelpDesk, newer: Message) => Promise<unknown>]>([
    ['the newest alert', ({ manager }, newer) => manager.clicks(newer, 'Lift the block')],
    ['the command', ({ manager }) => manager.asks('/securid unblock alan@acme.test')],
  ])('is lifted by %s for all alerts, and the user is told', async (_, lift) => {
    const desk = await openDesk();
    const { older, newer } = await reportTwice(desk);

    await lift(desk, newer);

    for (const alert of [older, newer]) {
      await eventually(() => desk.screen(alert).includes('🔓 The block was lifted by @mira.'));
      expect(desk.screen(alert)).not.toContain('[ ');
    }
    const told = () => desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
    await eventually(() => desk.screen(told()).includes('has closed your report'));
    expect(await issuable(desk)).toBe(true);
  });

  it('is not lifted a second time by an alert that was not updated', async () => {
    const desk = await openDesk();
    const { alert } = await report(desk);
    const [, value] = JSON.stringify(alert.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];
    await desk.manager.asks('/securid unblock alan@acme.test');
    desk.clock.advance(6 * 60_000);
    const { notice } = await issueFor(desk);
    await desk.person(ALAN).clicks(notice, "This wasn't me");

    await forge(desk, { action_id: 'notice:lift', value }, MIRA);

    const words = `was lifted by <@${MIRA}>`;
    await eventually(() => desk.workspace.bodies.at(-1)?.includes(words) ?? false);
    expect(await issuable(desk)).toBe(false);
    expect(desk.screen(alertsIn(desk).at(-1) as Message)).toContain('[ Lift the block ]');
  });

  it('is not lifted if the user reports another code during the check of the approver', async () => {
    const desk = await openDesk();
    const { notice: one } = await issueFor(desk);
    desk.clock.advance(6 * 60_000);
    const { notice: two } = await issueFor(desk);
    await desk.person(ALAN).clicks(one, "This wasn't me");
    const hold = desk.tenant.hold('POST /v1/users/lookup');

    const lifting = desk.manager.clicks(alertsIn(desk)[0] as Message, 'Lift the block');
    await hold.arrived();
    await desk.person(ALAN).clicks(two, "This wasn't me");
    hold.release();

    expect(desk.screen(await lifting)).toContain('The user has reported another code since');
    expect(await issuable(desk)).toBe(false);
  });

  it('without a known report is closed for the user as well', async () => {
    const first = await openDesk();
    await report(first);
    await first.close();
    const file = `${first.auditFile}.state`;
    const state = JSON.parse(readFileSync(file, 'utf8'));
    delete state.parts.reports;
    writeFileSync(file, JSON.stringify(state));
    const desk = await openDesk({ AUDIT_FILE: first.auditFile });

    await desk.manager.asks('/securid unblock alan@acme.test');

    const told = () => desk.workspace.seenBy(ALAN, `D${ALAN}`);
    await eventually(() =>
      told().some((one) => desk.screen(one).includes('has closed your report')),
    );
  });

  it('can be lifted after a restart by those who may, and nobody else', async () => {
    const first = await openDesk();
    await report(first);
    const state = { AUDIT_FILE: first.auditFile };
    await first.close();
    const second = await openDesk(state);
    const byAgent = await second.agent.asks('/securid unblock alan@acme.test');
    expect(second.screen(byAgent)).toContain('is for approvers');
    const answer = await second.manager.asks('/securid unblock alan@acme.test');
    expect(second.screen(answer)).toContain('The block is lifted.');
  });

  it('can be lifted by no approver who issued one of several reported codes, either way', async () => {
    const desk = await openDesk({ SECURID_APPROVERS: 'U0JONAS' });
    desk.workspace.channels.find(({ id }) => id === SECURITY)?.members.push('U0JONAS');
    const { newer } = await reportTwice(desk);

    const pressed = await desk.agent.clicks(newer, 'Lift the block');
    const typed = await desk.agent.asks('/securid unblock alan@acme.test');

    expect(desk.screen(pressed)).toContain('The block stays.');
    expect(desk.screen(typed)).toContain('You issue codes yourself.');
    expect(await issuable(desk)).toBe(false);
  });

  it('can be lifted either way by an agent who is an approver and was not involved', async () => {
    const desk = await openDesk({ SECURID_AGENTS: `${MIRA},U0JONAS` });
    await report(desk);

    const answer = await desk.manager.asks('/securid unblock alan@acme.test');

    expect(desk.screen(answer)).toContain('The block is lifted.');
  });
});
