import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, NOBODY, SECURITY } from '../../src/playground/company.ts';
import { declared, THAW } from '../support/declared-change.ts';
import {
  eventually,
  type HelpDesk,
  type Message,
  modal,
  openHelpDesk,
} from '../support/help-desk.ts';
import { OUTPUT } from '../support/printed.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const shut = declared({
  name: 'shut',
  risk: 'protects',
  example: '/securid shut jane@example.com',
  summary: 'shuts an account',
  button: 'Shut',
  verify: 'Shut the account',
});

const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({ changes: [shut], env: { SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env } });

type Person = HelpDesk['agent'];

const cardBy = (person: Person, who = 'noor@acme.test') => person.asks(`/securid shut ${who}`);

/** Fills the form in and submits it; the outcome is the press's next answer. */
async function submit(person: Person, card: Message, { ticket = 'INC-4711' } = {}) {
  const press = await person.presses(card, 'Shut the account');
  const form = modal(await press.answer());
  person.fills(form, 'Ticket', ticket);
  person.fills(form, 'Reason', 'Left the company');
  return { press, form, submission: await person.submits(form) };
}

async function shutBy(person: Person, card: Message) {
  const { press, submission } = await submit(person, card);
  expect(submission.errors).toBeUndefined();
  await press.answer();
  await press.answer();
}

const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === THAW);

describe('a change that takes access away', () => {
  it('asks for the ticket and the reason, and for no verification', async () => {
    const desk = await openDesk();
    const card = await cardBy(desk.agent);
    const press = await desk.agent.presses(card, 'Shut the account');

    expect(desk.screen(await press.answer())).toMatchInlineSnapshot(`
      "== Ticket and reason ==
      Thaw Noor Haddad
      Anyone who has the token can sign in again. What you enter here goes into the audit trail, and the user is notified.
      Ticket: ____ (Ticket number)
      Reason: ____ (Winter is over, …)
      [ Thaw ]  [ Cancel ]"
    `);
  });

  it('goes on record without a method', async () => {
    const desk = await openDesk();

    await shutBy(desk.agent, await cardBy(desk.agent));

    expect(asked(desk)).toHaveLength(1);
    const [row] = (await rowsOf(desk)).filter(({ event }) => event === 'intent');
    expect(row).toMatchObject({ ticket: 'INC-4711', reason: 'Left the company' });
    expect(row).not.toHaveProperty('method');
  });

  it('goes on record without a method even if the caller was just verified', async () => {
    const desk = await openHelpDesk({ changes: [declared(), shut] });
    const card = await desk.agent.asks('/securid thaw noor@acme.test');
    const press = await verify(desk.agent, card, { button: 'Verify and thaw' });
    await press.answer();
    await press.answer();
    desk.clock.advance(60_000);
    await shutBy(desk.agent, await cardBy(desk.agent));

    const done = (await rowsOf(desk)).filter(({ event }) => event === 'done');
    expect(done.map(({ operation, method }) => [operation, method])).toEqual([
      ['thaw', 'In person with badge'],
      ['shut', undefined],
    ]);
    expect(done[1]).not.toHaveProperty('verified');
  });

  it('says at the field what is missing', async () => {
    const desk = await openDesk({ SECURID_TICKET_PATTERN: 'INC-\\d+' });
    const card = await cardBy(desk.agent);

    const { submission } = await submit(desk.agent, card, { ticket: 'no ticket' });

    expect(submission.errors).toEqual({
      ticket: "That doesn't look like a ticket number. Example: INC-12345.",
    });
  });

  it('says in the form that it has expired', async () => {
    const desk = await openDesk();
    const press = await desk.agent.presses(await cardBy(desk.agent), 'Shut the account');
    const form = modal(await press.answer());
    desk.agent.fills(form, 'Ticket', 'INC-4711');
    desk.agent.fills(form, 'Reason', 'Left the company');
    desk.clock.advance(11 * 60_000);

    const { errors } = await desk.agent.submits(form);

    expect(errors).toEqual({
      ticket: 'This form has expired. Close it and type the command again.',
    });
  });

  it('is open to approvers, goes on during a lockdown, and for protected people', async () => {
    const desk = await openDesk({
      SECURID_PROTECTED: 'noor@acme.test',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    const approver = desk.person(MIRA);
    await approver.asks('/securid lockdown on');
    const card = await cardBy(approver);

    expect(desk.screen(card)).not.toContain('A second person');
    await shutBy(approver, card);

    expect(desk.screen(card)).toContain('Thawed.');
    expect(asked(desk)).toHaveLength(1);
  });

  it('is in the help of agents and of approvers', async () => {
    const desk = await openDesk();

    for (const person of [desk.agent, desk.person(NOBODY)]) {
      expect(desk.screen(await person.asks('/securid help'))).toContain('`/securid shut <who>`');
    }
  });

  it('is for nobody else', async () => {
    const desk = await openHelpDesk({ changes: [shut] });

    expect(desk.screen(await cardBy(desk.manager))).toMatch(/^Sorry,/);
  });

  it('needs a second person beyond the budget, who reads no verification', async () => {
    const desk = await openDesk({
      SECURID_PROTECTIONS_PER_AGENT_HOUR: '1',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    await shutBy(desk.agent, await cardBy(desk.agent));
    const card = await cardBy(desk.agent, 'alan@acme.test');
    expect(desk.screen(card)).toContain('A second person has to approve');
    await (await submit(desk.agent, card)).press.answer();
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;

    expect(desk.screen(request)).toContain('Ticket: INC-4711');
    expect(desk.screen(request)).not.toContain('Verified');
    expect(asked(desk)).toHaveLength(1);
    await desk.person(MIRA).clicks(request, 'Approve');
    await eventually(() => asked(desk).length === 2);
  });

  it.skipIf(!redisInstalled)('needs one for all but the first of several at once', async () => {
    const redis = await startRedis();
    const desk = await openDesk({
      SECURID_PROTECTIONS_PER_AGENT_HOUR: '1',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      REDIS_URL: redis.url,
    });
    const who = ['noor@acme.test', 'alan@acme.test', 'otto@acme.test'];
    const cards: Message[] = [];
    for (const one of who) cards.push(await cardBy(desk.agent, one));
    const hold = desk.tenant.hold('POST /v1/users/lookup');
    for (const card of cards) await submit(desk.agent, card);
    await hold.arrived(3);
    hold.release();

    const screens = () => cards.map(desk.screen).filter((text) => /Waiting|Thawed/.test(text));
    await eventually(() => screens().length === 3);
    expect(screens().filter((text) => text.includes('Waiting for approval'))).toHaveLength(2);
    expect(asked(desk)).toHaveLength(1);
  });

  it('keeps its budget over a restart', async () => {
    const desk = await openDesk({
      AUDIT_FILE: join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`),
      SECURID_PROTECTIONS_PER_AGENT_HOUR: '1',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    await shutBy(desk.agent, await cardBy(desk.agent));
    await desk.app.stop();
    (await desk.openSecondBot()).isAsked();

    const card = await cardBy(desk.agent, 'alan@acme.test');

    expect(desk.screen(card)).toContain('A second person has to approve');
  });

  it('goes ahead beyond the budget if nobody can be asked', async () => {
    const desk = await openDesk({
      SECURID_PROTECTIONS_PER_AGENT_HOUR: '1',
      SECURID_SECURITY_CHANNEL: SECURITY,
    });
    await shutBy(desk.agent, await cardBy(desk.agent));
    await shutBy(desk.agent, await cardBy(desk.agent, 'alan@acme.test'));

    expect(asked(desk)).toHaveLength(2);
    const told = () => desk.workspace.messages.filter(({ channel }) => channel === SECURITY);
    await eventually(() => told().length > 0);
    expect(told().map(desk.screen)).toEqual([
      expect.stringMatching(
        /^🛡️ @jonas has taken away access more often.*\n {2}last for Alan Mertens/,
      ),
    ]);
  });
});

describe('the budget of an agent', () => {
  const thaw = declared();
  const grant = declared({ name: 'grant', risk: 'grants', verify: 'Verify and grant' });
  const fresh = declared({ name: 'fresh', risk: 'refreshes' });

  it('is one for all changes that restore or grant, and for no others', async () => {
    const desk = await openHelpDesk({
      changes: [thaw, grant, shut, fresh],
      env: { SECURID_CHANGES_PER_AGENT_HOUR: '1' },
    });
    const card = await desk.agent.asks('/securid thaw alan@acme.test');
    const press = await verify(desk.agent, card, { button: 'Verify and thaw' });
    await press.answer();
    await press.answer();

    for (const name of ['thaw', 'grant']) {
      expect(desk.screen(await desk.agent.asks(`/securid ${name} noor@acme.test`))).toContain(
        '⛔ You have made one change within an hour.',
      );
    }
    expect(desk.screen(await cardBy(desk.agent))).toContain('[ Shut the account ]');
    expect(desk.screen(await desk.agent.asks('/securid fresh noor@acme.test'))).toContain(
      'Thawed.',
    );
  });
});
