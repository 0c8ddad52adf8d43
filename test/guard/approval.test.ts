import { describe, expect, it } from 'vitest';
import { inGroups } from '../../src/desk/aloud.ts';
import * as company from '../../src/playground/company.ts';
import { atRest } from '../support/at-rest.ts';
import { denies } from '../support/denial.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  openHelpDesk,
} from '../support/help-desk.ts';
import { inTime, passes, waitsFor } from '../support/passing-time.ts';
import { posts } from '../support/registration-code.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';
const MINUTE = 60_000;
const { APPROVALS, JONAS, MIRA, NOBODY: NORA } = company;

type Options = { env?: Record<string, string> } & Omit<HelpDeskOptions, 'env'>;

/** Alan is protected; Mira and Nora approve. */
const openDesk = ({ env = {}, ...options }: Options = {}) =>
  openHelpDesk({
    ...options,
    env: {
      SECURID_PROTECTED: 'alan@acme.test',
      SECURID_APPROVERS: `${MIRA},${NORA}`,
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      ...env,
    },
  });

const inChannel = ({ workspace }: HelpDesk) =>
  workspace.messages.filter(({ channel }) => channel === APPROVALS);

const requestIn = (desk: HelpDesk) => inChannel(desk).find(({ to }) => !to) as Message;

/** Jonas asks for a code for Alan; the request is in the approval channel. */
async function askForApproval(desk: HelpDesk, typed = '/securid code alan@acme.test ios') {
  const card = await desk.agent.asks(typed);
  const press = await verify(desk.agent, card);
  await press.answer();
  return { card, press, request: requestIn(desk) };
}

const codesAskedFor = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === CODE);

describe('a code that needs approval by a second person', () => {
  it('says so on the card, and in the form', async () => {
    const desk = await openDesk();

    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(desk.screen(card)).toContain('✋ A second person has to approve the code.');
    expect(desk.screen(await press.answer())).toContain('[ Ask for approval ]');
  });

  it('is asked for in a channel: who, for whom, why', async () => {
    const desk = await openDesk();

    const { card, request } = await askForApproval(desk);

    expect(desk.screen(request)).toMatchInlineSnapshot(`
      "# Approval: Registration code for Alan Mertens
      @jonas asks for approval of a registration code. @mira @nora
      For: Alan Mertens, alan@acme.test
      Reason: New telephone
      Ticket: INC-4711
      Verified: In person with badge
      Platform: iOS
      Status: 🟢 Enabled
      Locked methods: None
      High risk: No
      No authenticator is registered.
        Expires at 09:10:00. Someone other than the agent and the user has to decide.
      [ Approve ]  [ Deny ]
        Incident \`####-####\`"
    `);
    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "Registration code for Alan Mertens
      ⏳ Waiting for approval in #securid-approvals, until 09:10:00. The code will appear here. If it has not by then, none was issued."
    `);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('goes only to the agent once it is approved, and the channel reads by whom', async () => {
    const desk = await openDesk();
    const { card, press, request } = await askForApproval(desk);

    const pressed = await desk.manager.presses(request, 'Approve');
    await pressed.answer();
    await press.answer();
    await press.answer();

    const code = desk.tenant.issuedCodes[0]?.code ?? 'none';
    expect(desk.screen(card)).toContain(`# ${inGroups(code)}`);
    expect(desk.screen(request)).toMatchInlineSnapshot(`
      "# Approval: Registration code for Alan Mertens
      Requested by @jonas
      For: Alan Mertens
      Reason: New telephone
      Ticket: INC-4711
      Verified: In person with badge
      Platform: iOS
      ✅ Approved by @mira.
        Incident \`####-####\`"
    `);
    expect(JSON.stringify(inChannel(desk))).not.toContain(code);
    expect(desk.workspace.bodies.filter((body) => body.includes(code))).toHaveLength(1);
    const [notice] = desk.workspace.seenBy('U0ALAN', 'DU0ALAN');
    expect(notice?.text).toContain('issued by <@U0JONAS>, approved by <@U0MIRA>, at');
  });

  it('is erased however often Slack failed on the way', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    desk.workspace.failNext('response_url', { status: 502 });
    await verify(desk.agent, card);
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    const hold = desk.tenant.hold(CODE);
    const pressed = await desk.manager.presses(requestIn(desk), 'Approve');
    await pressed.answer();
    await hold.arrived();
    desk.workspace.failNext('response_url', { status: 502 });
    hold.release();
    await passes(desk.clock, 'a moment');
    await eventually(() => desk.screen(card).includes('Hide now'));

    desk.clock.advance(5 * MINUTE);
    await eventually(() => desk.screen(card).includes('has expired'));

    const toAgent = posts(desk).filter(
      (body) => body.response_type === 'ephemeral' && JSON.stringify(body).includes('Alan'),
    );
    // The first is the command's own answer.
    expect(toAgent.slice(1)).toHaveLength(5);
  });

  it('is not replaced by the waiting message when that is sent again', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    desk.workspace.failNext('response_url', { status: 502 });
    await verify(desk.agent, card);
    await eventually(() => inChannel(desk).some(({ to }) => !to));

    await desk.manager.presses(requestIn(desk), 'Approve');
    await eventually(() => desk.screen(card).includes('Hide now'));
    desk.clock.advance(1000);
    await desk.agent.asks('/securid help');

    expect(desk.screen(card)).toContain('Hide now');
  });

  it('is not issued once there is a lockdown, even if Slack was slow to accept the decision', async () => {
    const desk = await openDesk();
    const { card, request } = await askForApproval(desk);
    desk.workspace.failNext('response_url', { status: 502 });
    await desk.manager.presses(request, 'Approve');
    await waitsFor(desk.clock, 'a moment');
    await desk.manager.asks('/securid lockdown on');

    await passes(desk.clock, 'a moment');
    await eventually(() => desk.screen(card).includes('No code was issued'));

    expect(desk.screen(card)).toContain('SecurID Desk is in lockdown');
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('is recorded from the request to the outcome, as one incident', async () => {
    const desk = await openDesk();
    const { press, request } = await askForApproval(desk);
    await (await desk.manager.presses(request, 'Approve')).answer();
    await press.answer();
    await press.answer();

    const [, asked, approved, intent, issued] = await rowsOf(desk);

    const said = { ticket: 'INC-4711', method: 'In person with badge', target: asked?.target };
    expect(asked).toMatchObject({ event: 'approval asked', actor: JONAS, ...said });
    const { incident } = asked ?? {};
    expect(approved).toMatchObject({ event: 'approved', actor: MIRA, incident, ...said });
    expect(intent).toMatchObject({ event: 'intent', actor: JONAS, approver: MIRA, incident });
    expect(issued).toMatchObject({ event: 'done', approver: MIRA, incident, ...said });
  });

  it('is not issued after a denial', async () => {
    const desk = await openDesk();
    const { card, press, request } = await askForApproval(desk);

    await (await denies(desk.manager, request, 'Nobody called <!channel>')).answer();
    await press.answer();

    expect(desk.screen(request)).toContain(
      '❌ Denied by @mira.\nReason for denying: Nobody called <!channel>',
    );
    expect(desk.screen(request)).not.toContain('[ ');
    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "Registration code for Alan Mertens
      ❌ @mira denied the code. None was issued.
      Reason: Nobody called <!channel>"
    `);
    expect(codesAskedFor(desk)).toEqual([]);
    expect((await rowsOf(desk)).at(-1)).toMatchObject({
      event: 'denied',
      actor: MIRA,
      reason: 'New telephone',
      denial: 'Nobody called <!channel>',
    });
  });

  it('lapses after ten minutes', async () => {
    const desk = await openDesk();
    const { card, press, request } = await askForApproval(desk);

    desk.clock.advance(10 * MINUTE);
    await press.answer();
    await eventually(() => !desk.screen(request).includes('[ Approve ]'));

    expect(desk.screen(request)).toContain('Expired: nobody decided within ten minutes.');
    expect(desk.screen(card)).toContain(
      'Nobody approved the code within ten minutes, so none was issued.',
    );
    expect(codesAskedFor(desk)).toEqual([]);
    expect((await rowsOf(desk)).at(-1)).toMatchObject({ event: 'lapsed' });
  });

  it('lapses although the process was suspended for longer than the store keeps it', async () => {
    const desk = await openDesk();
    const { card, press, request } = await askForApproval(desk);
    await atRest();

    desk.clock.stall(20 * MINUTE);
    await press.answer();
    expect(desk.screen(card)).toContain('Nobody approved');

    await eventually(() => desk.screen(request).includes('Expired: nobody decided'));
    expect((await rowsOf(desk)).at(-1)).toMatchObject({ event: 'lapsed' });
  });

  it('loses its buttons as soon as Slack, after an outage, accepts that it lapsed', async () => {
    const desk = await openDesk();
    const { card, press, request } = await askForApproval(desk);
    desk.workspace.failNext('chat.update', { status: 503 }, 4);

    desk.clock.advance(10 * MINUTE);
    await press.answer();
    expect(desk.screen(card)).toContain(
      'Nobody approved the code within ten minutes, so none was issued.',
    );
    await inTime(desk, () => desk.screen(request).includes('Expired'));

    expect(desk.screen(request)).not.toContain('[ Approve ]');
  });

  it('is withdrawn when the app stops', async () => {
    const desk = await openDesk();
    const { card, request } = await askForApproval(desk);

    await desk.app.stop();

    expect(desk.screen(request)).toContain('Withdrawn: SecurID Desk is restarting.');
    expect(desk.screen(request)).not.toContain('[ Approve ]');
    expect(desk.screen(card)).toContain('the request was withdrawn');
  });

  it('is decided once, even if two press at once', async () => {
    const desk = await openDesk();
    const { press, request } = await askForApproval(desk);

    const both = [
      await desk.manager.presses(request, 'Approve'),
      await desk.person(NORA).presses(request, 'Approve'),
    ];
    await press.answer();
    await press.answer();
    await Promise.all(both.map((one) => one.answer()));

    expect(codesAskedFor(desk)).toHaveLength(1);
    const rows = await rowsOf(desk);
    expect(rows.filter(({ event }) => event === 'approved')).toHaveLength(1);
  });

  it('is not asked for if the audit trail cannot be written', async () => {
    const desk = await openDesk({ env: { AUDIT_FILE: '/no such folder/audit' } });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toContain(
      'The request for approval could not be posted, so no code was issued.',
    );
    expect(inChannel(desk)).toEqual([]);
  });

  it('is asked for a little later if Slack asks for a short pause', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    desk.workspace.failNext('chat.postMessage', { status: 429, headers: { 'retry-after': '3' } });
    const press = await verify(desk.agent, card);
    await eventually(() => desk.clock.nextIn() === 3000);

    desk.clock.advance(3000);
    await press.answer();

    expect(desk.screen(requestIn(desk))).toContain('[ Approve ]');
    expect(desk.screen(card)).toContain('Waiting for approval');
  });

  it('is not asked for if Slack asks for a long pause, and the agent reads so at once', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    desk.workspace.failNext('chat.postMessage', { status: 429, headers: { 'retry-after': '60' } });

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toContain(
      'The approval channel is busy, so no code was issued. Try again in a minute.',
    );
    desk.clock.advance(2 * MINUTE);
    expect(inChannel(desk).filter(({ to }) => !to)).toEqual([]);
    await (await verify(desk.agent, card)).answer();
    expect(desk.screen(requestIn(desk))).toContain('[ Approve ]');
  });

  it('can be asked for again if the channel did not accept the request', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    desk.workspace.failNext('chat.postMessage', { status: 500 });
    const first = await (await verify(desk.agent, card)).answer();
    expect(desk.screen(first)).toContain('The request for approval could not be posted');

    await (await verify(desk.agent, card)).answer();

    expect(desk.screen(requestIn(desk))).toContain('[ Approve ]');
  });
});

describe('the approver', () => {
  it('is not the agent who asks', async () => {
    const desk = await openDesk({ env: { SECURID_APPROVERS: `${JONAS},${MIRA}` } });
    const { request } = await askForApproval(desk);

    const approved = await desk.agent.clicks(request, 'Approve');
    const denied = await (await denies(desk.agent, request)).answer();
    for (const answer of [approved, denied]) {
      expect(answer.kind).toBe('message');
      if (answer.kind !== 'message') return;
      expect(answer.to).toBe(JONAS);
      expect(desk.screen(answer)).toBe(
        '⛔ Not decided. The agent cannot approve the code, nor can the user it is for.',
      );
    }
    expect(desk.screen(request)).toContain('[ Approve ]');
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('is not the user whom it is for', async () => {
    const desk = await openDesk({
      env: { SECURID_PROTECTED: 'alan@acme.test', SECURID_APPROVERS: 'U0ALAN' },
    });
    const channel = desk.workspace.channels.find(({ id }) => id === APPROVALS);
    channel?.members.push('U0ALAN');
    const { request } = await askForApproval(desk);

    const answer = await desk.person('U0ALAN').clicks(request, 'Approve');

    expect(desk.screen(answer)).toContain('Not decided.');
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('has the approver role', async () => {
    const desk = await openDesk({ env: { SECURID_APPROVERS: NORA } });
    const { request } = await askForApproval(desk);

    const answer = await desk.manager.clicks(request, 'Approve');

    expect(desk.screen(answer)).toContain('is for approvers');
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it.each<[string, (desk: HelpDesk) => void, string]>([
    [
      'lost the role',
      ({ workspace }) => {
        for (const group of workspace.groups) group.users = [];
      },
      'Only the help desk may issue',
    ],
    [
      'is gone from Slack',
      ({ workspace }) => {
        const jonas = workspace.people.find(({ id }) => id === JONAS);
        if (jonas) jonas.deleted = true;
      },
      'Only the help desk may issue',
    ],
  ])('cannot approve for an agent who meanwhile %s', async (_, change, reads) => {
    const desk = await openDesk();
    const { request } = await askForApproval(desk);
    change(desk);

    const answer = await desk.manager.clicks(request, 'Approve');

    expect(desk.screen(answer)).toContain(reads);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('reads in suitable words that it is now the agent’s own account', async () => {
    const desk = await openDesk();
    const { request } = await askForApproval(desk);
    const alan = desk.tenant.records.users.find((one) => one.emailAddress === 'alan@acme.test');
    Object.assign(alan ?? {}, { alternateUsername: 'jonas@acme.test' });

    const answer = await desk.manager.clicks(request, 'Approve');

    expect(desk.screen(answer)).toBe('⛔ Not decided. This is the agent’s own account.');
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('reads about the agent’s limit in suitable words', async () => {
    const desk = await openDesk({ env: { SECURID_CODES_PER_AGENT_HOUR: '1' } });
    desk.tenant.records.devices = [];
    const { request } = await askForApproval(desk);
    await verify(desk.agent, await desk.agent.asks('/securid code noor@acme.test ios'));
    await eventually(() => codesAskedFor(desk).length === 1);

    const answer = await desk.manager.clicks(request, 'Approve');

    expect(desk.screen(answer)).toContain(
      'Not decided. The agent has issued one code within an hour. The next one is possible after',
    );
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it('is not told that the agent lost the role just because Slack does not answer', async () => {
    const desk = await openDesk();
    const { request } = await askForApproval(desk);
    desk.workspace.setAlways((where) =>
      where === 'usergroups.users.list' ? { status: 500 } : undefined,
    );

    const answer = await desk.manager.clicks(request, 'Approve');

    expect(desk.screen(answer)).toContain('could not check whether this code may be issued');
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('can press an old button without effect', async () => {
    const desk = await openDesk();
    const { press, request } = await askForApproval(desk);
    const blocks = structuredClone(request.blocks);
    await (await denies(desk.manager, request)).answer();
    await press.answer();
    request.blocks = blocks;

    await desk.manager.clicks(request, 'Approve');

    expect(desk.screen(request)).toBe(
      'This request has expired or has been decided. The agent can ask again.',
    );
    expect(codesAskedFor(desk)).toEqual([]);
  });
});

describe('SECURID_APPROVAL', () => {
  it('protected allows a code for anybody else', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code noor@acme.test ios');
    expect(desk.screen(card)).not.toContain('second person');
  });

  it('always asks about everybody', async () => {
    const desk = await openDesk({ env: { SECURID_PROTECTED: '', SECURID_APPROVAL: 'always' } });
    const { request } = await askForApproval(desk);
    expect(desk.screen(request)).toContain('[ Approve ]');
  });

  it('never refuses a code for protected people', async () => {
    const desk = await openDesk({ env: { SECURID_APPROVAL: 'never' } });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain('This account is protected');
  });

  it('protected refuses them, too, if there is no channel to ask in', async () => {
    const desk = await openHelpDesk({ env: { SECURID_PROTECTED: 'alan@acme.test' } });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain('This account is protected');
  });

  it('asks about a user who became protected while the form was open', async () => {
    const desk = await openDesk({ env: { SECURID_PROTECTED: 'S0BOARD' } });
    const board = { id: 'S0BOARD', handle: 'board', users: [] as string[] };
    desk.workspace.groups.push(board);
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    board.users.push('U0ALAN');

    await (await verify(desk.agent, card)).answer();

    expect(desk.screen(requestIn(desk))).toContain('[ Approve ]');
    expect(codesAskedFor(desk)).toEqual([]);
  });
});
