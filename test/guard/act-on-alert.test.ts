import { describe, expect, it } from 'vitest';
import { registrationCode } from '../../src/operations/registration-code/change.ts';
import { HELP_DESK_GROUP, JONAS, MIRA, NOBODY, SECURITY } from '../../src/playground/company.ts';
import { declared, THAW } from '../support/declared-change.ts';
import {
  eventually,
  type HelpDesk,
  type Message,
  modal,
  openHelpDesk,
} from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const ALAN = 'U0ALAN';

/** Takes access away. For SecurID it is an unlock. */
const shut = declared({
  name: 'shut',
  risk: 'protects',
  needsUser: [],
  button: 'Shut',
  verify: 'Shut the account',
  onAlert: { button: 'Shut the user' },
});

async function openDesk(options: { env?: Record<string, string>; switches?: string[] } = {}) {
  const { env, ...rest } = options;
  return openHelpDesk({
    changes: [registrationCode, shut],
    env: {
      SECURID_SECURITY_CHANNEL: SECURITY,
      SECURID_APPROVERS: `${MIRA},${NOBODY},${ALAN},${JONAS}`,
      ...env,
    },
    ...rest,
  });
}

/** Jonas issues a code for Alan, who says that it was not him. */
async function report(desk: HelpDesk) {
  const press = await verify(desk.agent, await desk.agent.asks('/securid code alan@acme.test ios'));
  await press.answer();
  await press.answer();
  const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
  await desk.person(ALAN).clicks(notice, "This wasn't me");
  return desk.workspace.messages.find(({ channel }) => channel === SECURITY) as Message;
}

async function submit(desk: HelpDesk, by: string, card: Message) {
  const person = desk.person(by);
  const press = await person.presses(card, 'Shut the account');
  const form = modal(await press.answer());
  person.fills(form, 'Ticket', 'INC-4711');
  person.fills(form, 'Reason', 'Somebody else has the code');
  expect((await person.submits(form)).errors).toBeUndefined();
  await eventually(() => desk.screen(card).includes('Thawed.'));
}

const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === THAW);

describe('from an alert', () => {
  it('an approver who is no agent takes access away: card, ticket and reason, rows, notice', async () => {
    const desk = await openDesk();
    const alert = await report(desk);

    const card = await desk.manager.clicks(alert, 'Shut the user');

    expect(card.to).toBe(MIRA);
    expect(desk.screen(card)).toContain('# Thaw Alan Mertens');
    expect(asked(desk)).toEqual([]);
    await submit(desk, MIRA, card);
    expect(asked(desk)).toHaveLength(1);
    const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
    expect(desk.screen(notice)).toMatchInlineSnapshot(`
      "🛡️ Your SecurID account was thawed by @mira at 2026-03-04 09:00.
      If you did not expect this, please call your security team.
        Incident \`####-####\`"
    `);
    expect(desk.screen(alert)).toContain('[ Lift the block ]');
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'shut');
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told']);
    expect(rows[1]).toMatchObject({
      actor: MIRA,
      ticket: 'INC-4711',
      reason: 'Somebody else has the code',
    });
  });

  it('it works during a lockdown', async () => {
    const desk = await openDesk();
    const alert = await report(desk);
    await desk.manager.asks('/securid lockdown on');

    await submit(desk, MIRA, await desk.manager.clicks(alert, 'Shut the user'));

    expect(asked(desk)).toHaveLength(1);
  });

  it.each([
    ['the agent', JONAS],
    ['the user', ALAN],
  ])('nobody acts who had a part in it: %s', async (_, by) => {
    const desk = await openDesk();
    const alert = await report(desk);
    desk.workspace.channels.find(({ id }) => id === SECURITY)?.members.push(by);

    const answer = await desk.person(by).clicks(alert, 'Shut the user');

    expect(desk.screen(answer)).toBe(
      '⛔ You had a part in the reported change, so somebody else has to act on this alert.',
    );
    expect(answer.to).toBe(by);
    const rows = await rowsOf(desk);
    expect(rows.at(-1)).toMatchObject({
      event: 'refusal',
      operation: 'shut',
      actor: by,
      reason: 'somebody else acts',
    });
  });

  it('nobody acts with another account of the agent', async () => {
    const desk = await openDesk();
    const withEmail = (email: string) =>
      desk.tenant.records.users.find(({ emailAddress }) => emailAddress === email) ?? {};
    Object.assign(withEmail('nora@acme.test'), { emailAddress: 'gone@acme.test' });
    Object.assign(withEmail('jonas@acme.test'), { principalUsername: 'nora@acme.test' });
    const alert = await report(desk);
    desk.workspace.channels.find(({ id }) => id === SECURITY)?.members.push(NOBODY);

    const answer = await desk.person(NOBODY).clicks(alert, 'Shut the user');

    expect(desk.screen(answer)).toContain('You had a part in the reported change');
  });

  it('it needs a role, asked afresh', async () => {
    const desk = await openDesk({ env: { SECURID_APPROVERS: NOBODY } });
    const alert = await report(desk);

    const answer = await desk.manager.clicks(alert, 'Shut the user');

    expect(desk.screen(answer)).toMatch(/^Sorry,/);
  });

  it('it changes nobody else to whom the address leads by now', async () => {
    const desk = await openDesk();
    const alert = await report(desk);
    const users = desk.tenant.records.users;
    const alan = users.find(({ firstName }) => firstName === 'Alan');
    const noor = users.find(({ firstName }) => firstName === 'Noor');
    Object.assign(alan ?? {}, { emailAddress: 'alan.mertens@acme.test' });
    Object.assign(noor ?? {}, { emailAddress: 'alan@acme.test' });

    const answer = await desk.manager.clicks(alert, 'Shut the user');

    expect(desk.screen(answer)).toContain('now belongs to another user or to nobody');
  });

  it('an old button says that the block was lifted', async () => {
    const desk = await openDesk();
    const alert = await report(desk);
    const blocks = structuredClone(alert.blocks);
    await desk.manager.clicks(alert, 'Lift the block');
    alert.blocks = blocks;

    await desk.manager.clicks(alert, 'Shut the user');

    expect(desk.screen(alert)).toContain('The block was lifted by @mira.');
    expect(desk.screen(alert)).not.toContain('[ ');
  });

  it('nothing is offered that is not switched on', async () => {
    const desk = await openDesk({ switches: ['code'] });

    expect(desk.screen(await report(desk))).not.toContain('Shut the user');
  });
});

describe('an approver who is no agent', () => {
  it('is offered what takes access away, and nothing that gives it', async () => {
    const desk = await openDesk({
      env: { SECURID_APPROVERS: MIRA, SECURID_MANAGERS: HELP_DESK_GROUP },
    });

    const help = desk.screen(await desk.manager.asks('/securid help'));
    expect(help).toContain('/securid shut');
    expect(help).not.toContain('/securid code');
    const home = modal(await (await desk.manager.types('/securid')).answer());
    await eventually(() => desk.screen(home).includes('What would you like to do?'));
    expect(JSON.stringify(home)).toContain('Thaw an account');
    expect(JSON.stringify(home)).not.toContain('Issue a registration code');
    await submit(desk, MIRA, await desk.manager.asks('/securid shut noor@acme.test'));
    expect(asked(desk)).toHaveLength(1);
  });
});
