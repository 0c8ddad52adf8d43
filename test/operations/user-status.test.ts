import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, NOBODY, SECURITY } from '../../src/playground/company.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  markedUp,
  modal,
  openHelpDesk,
} from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const STATUS = 'PUT /v1/users/{id}/userStatus';

type Options = { env?: Record<string, string> } & Omit<HelpDeskOptions, 'env'>;

const openDesk = ({ env = {}, ...options }: Options = {}) =>
  openHelpDesk({
    ...options,
    env: { SECURID_CHANGES: 'code,user', SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env },
  });

type Person = HelpDesk['agent'];

const record = ({ tenant }: HelpDesk, emailAddress: string) => {
  const found = tenant.records.users.find((one) => one.emailAddress === emailAddress);
  if (!found) throw new Error(`${emailAddress} is gone`);
  return found;
};
const alan = (desk: HelpDesk) => record(desk, 'alan@acme.test');
/** Ivy is disabled. */
const ivy = (desk: HelpDesk) => record(desk, 'ivy@acme.test');

async function disable(person: Person, card: Message) {
  const press = await person.presses(card, 'Disable');
  const form = modal(await press.answer());
  person.fills(form, 'Ticket', 'INC-4711');
  person.fills(form, 'Reason', 'Left the company');
  const { errors } = await person.submits(form);
  expect(errors).toBeUndefined();
  await press.answer();
  return press;
}

/** Waits for the message that replaces "Asking SecurID…". */
async function disabled(
  desk: HelpDesk,
  { person = desk.agent, who = 'alan@acme.test', before = (_: HelpDesk) => {} } = {},
): Promise<string> {
  const card = await person.asks(`/securid disable ${who}`);
  before(desk);
  await (await disable(person, card)).answer();
  return desk.screen(card);
}

async function enabled(
  desk: HelpDesk,
  { who = 'ivy@acme.test', before = (_: HelpDesk) => {} } = {},
): Promise<string> {
  const card = await desk.agent.asks(`/securid enable ${who}`);
  before(desk);
  const press = await verify(desk.agent, card, { button: 'Verify and enable' });
  await press.answer();
  await press.answer();
  return desk.screen(card);
}

const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === STATUS);

describe('/securid disable', () => {
  it('asks for the ticket and the reason, disables, and tells the user', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid disable alan@acme.test');
    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "# Disable Alan Mertens
      E-mail: alan@acme.test
      User name: alan
      Status: 🟢 Enabled
      Identity source: Acme Directory
      [ Disable ]  [ Cancel ]"
    `);
    expect(asked(desk)).toEqual([]);

    await (await disable(desk.agent, card)).answer();

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "Disable Alan Mertens
      Status: 🔴 Disabled
        Alan Mertens was notified in Slack.
      [ User details ]"
    `);
    expect(alan(desk).userStatus).toBe('Disabled');
    const notice = desk.workspace.messages.find(({ text }) => text.includes('was disabled'));
    expect(notice && desk.screen(notice)).toMatchInlineSnapshot(`
      "🛡️ Your SecurID account was disabled by @jonas at 2026-03-04 09:00.
      If you did not expect this, please call your security team.
        Incident \`####-####\`"
    `);
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'disable');
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told']);
    expect(rows[1]).toMatchObject({ target: alan(desk).id, ticket: 'INC-4711' });
    expect(rows[1]).not.toHaveProperty('method');
  });

  it('is open to approvers, and goes on during a lockdown', async () => {
    const desk = await openDesk();
    const approver = desk.person(MIRA);
    await approver.asks('/securid lockdown on');

    expect(await disabled(desk, { person: approver })).toContain('Status: 🔴 Disabled');
  });

  it('goes on for protected people, and the security channel reads of it', async () => {
    const desk = await openDesk({
      env: { SECURID_PROTECTED: 'alan@acme.test', SECURID_SECURITY_CHANNEL: SECURITY },
    });

    await disabled(desk);

    await eventually(() => desk.workspace.messages.some(({ channel }) => channel === SECURITY));
    const line = desk.workspace.messages.find(({ channel }) => channel === SECURITY);
    expect(line?.text).toContain('disabled a user');
  });

  it('offers no form for somebody who is disabled already', async () => {
    const desk = await openDesk();

    const card = desk.screen(await desk.agent.asks('/securid disable ivy@acme.test'));

    expect(card).toContain('⛔ The user is already disabled.');
    expect(card).not.toContain('[ Disable ]');
  });

  it('is not sent if somebody else disabled the user meanwhile', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid disable alan@acme.test');
    alan(desk).userStatus = 'Disabled';

    await disable(desk.agent, card);

    expect(desk.screen(card)).toBe('⛔ The user was not disabled. The user is already disabled.');
    expect(asked(desk)).toEqual([]);
  });
});

describe('/securid enable', () => {
  it('asks for the verification, enables, and tells the user', async () => {
    const desk = await openDesk();

    expect(await enabled(desk)).toMatchInlineSnapshot(`
      "Enable Ivy Lindqvist
      Status: 🟢 Enabled
        Ivy Lindqvist was notified in Slack.
      [ User details ]  [ Registration code ]"
    `);

    expect(ivy(desk).userStatus).toBe('Enabled');
    const notice = desk.workspace.messages.find(({ text }) => text.includes('was enabled'));
    expect(notice && desk.screen(notice)).toContain("[ This wasn't me ]");
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'enable');
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told']);
    expect(rows[1]).toMatchObject({ method: 'In person with badge' });
  });

  it.each([
    ['alan@acme.test', {}, 'The user is already enabled.'],
    ['ivy@acme.test', { markDeleted: true }, 'The user is pending deletion and cannot be enabled.'],
  ])('offers no form for %s %o', async (who, state, reads) => {
    const desk = await openDesk();
    Object.assign(record(desk, who), state);

    const card = desk.screen(await desk.agent.asks(`/securid enable ${who}`));

    expect(card).toContain(`⛔ ${reads}`);
    expect(card).not.toContain('Verify and enable');
  });

  it('is offered where another change needs a user who is enabled', async () => {
    const desk = await openDesk();
    const refused = await desk.agent.asks('/securid code ivy@acme.test');
    expect(desk.screen(refused)).toMatch(
      /Find out why, and have the user enabled first\.\n\[ Enable user \] {2}\[ Cancel \]$/,
    );
    expect(desk.screen(await desk.agent.clicks(refused, 'Enable user'))).toMatch(
      /^# Enable Ivy Lindqvist/,
    );

    await desk.manager.asks('/securid lockdown on');
    expect(desk.screen(await desk.agent.asks('/securid code ivy@acme.test'))).not.toContain(
      '[ Enable user ]',
    );
  });

  it('is refused in a lockdown, for oneself, and by a report', async () => {
    const desk = await openDesk();
    Object.assign(ivy(desk), { emailAddress: 'jonas@acme.test' });
    desk.tenant.records.users = desk.tenant.records.users.filter(
      (one) => one.emailAddress !== 'jonas@acme.test' || one === ivyOf(desk),
    );

    expect(desk.screen(await desk.agent.asks('/securid enable jonas@acme.test'))).toContain(
      'This is your own account. A colleague has to enable it.',
    );
    await desk.person(MIRA).asks('/securid lockdown on');
    expect(desk.screen(await desk.agent.asks('/securid enable jonas@acme.test'))).toContain(
      'SecurID Desk is in lockdown: no users are enabled.',
    );
  });

  it('always needs a second person where every new access does', async () => {
    const desk = await openDesk({
      env: { SECURID_APPROVAL: 'always', SECURID_APPROVAL_CHANNEL: APPROVALS },
    });
    await disabled(desk);

    const card = await desk.agent.asks('/securid enable alan@acme.test');

    expect(desk.screen(card)).toContain('A second person has to approve enabling the user');
  });

  it('counts with other changes that give access', async () => {
    const desk = await openDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '1' } });
    await enabled(desk);
    Object.assign(alan(desk), { userStatus: 'Disabled' });

    expect(desk.screen(await desk.agent.asks('/securid enable alan@acme.test'))).toContain(
      '⛔ You have made one change within an hour.',
    );
  });
});

describe.each(['disable', 'enable'] as const)('%s', (name) => {
  const wanted = name === 'disable' ? 'Disabled' : 'Enabled';
  const make = (desk: HelpDesk, before?: (desk: HelpDesk) => void) => {
    const options = before ? { before } : {};
    return name === 'disable' ? disabled(desk, options) : enabled(desk, options);
  };
  const subject = (desk: HelpDesk) => (name === 'disable' ? alan(desk) : ivy(desk));

  it.each(['nothing', 'no content'] as const)(
    'reads the status back if SecurID answers %s',
    async (statusAnswer) => {
      const desk = await openDesk({ traits: { statusAnswer } });
      expect(await make(desk)).toContain(`Status: ${name === 'disable' ? '🔴' : '🟢'} ${wanted}`);
    },
  );

  it('says that it still shows another status', async () => {
    const desk = await openDesk();
    const { id, userStatus } = subject(desk);
    desk.tenant.answerNext({ status: 200, body: { id, userStatus } }, 1, STATUS);
    expect(await make(desk)).toContain('SecurID accepted it, but still shows another status.');
  });

  it('says what SecurID answers for a user of a SCIM source', async () => {
    const desk = await openDesk({ traits: { scimSources: ['Acme Directory'] } });
    expect(await make(desk)).toMatch(
      /does not let this app change the status of this user\. That is so for users of a SCIM identity source/,
    );
  });

  it('says so if SecurID no longer has the user, and counts for nothing', async () => {
    const desk = await openDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '1' } });
    const body = { code: '404 NOT_FOUND', description: 'User not found' };
    desk.tenant.answerNext({ status: 404, body }, 1, STATUS);
    expect(await make(desk)).toContain('it no longer has that user');
    expect(await make(desk)).toContain('Status:');
  });

  it('tells the status as it is now after a 409', async () => {
    const desk = await openDesk();
    const body = { code: '409 CONFLICT', description: 'No.' };
    desk.tenant.answerNext({ status: 409, body }, 1, STATUS);

    const reads = await make(desk, (open) => {
      const stop = open.tenant.watch((request) => {
        if (request.route !== STATUS) return;
        stop();
        Object.assign(subject(open), { userStatus: wanted, markDeleted: true });
      });
    });

    expect(reads).toContain('the user already has that status or is pending deletion');
    expect(reads).toContain(`Status now: ⚠️ ${wanted}, pending deletion`);
    expect(asked(desk)).toHaveLength(1);
  });

  it.each([{ status: 502 }, 'reset'] as const)(
    'is never repeated after %o, and what the record says counts',
    async (fault) => {
      const desk = await openDesk();
      desk.tenant.answerNext(fault, 1, STATUS);

      const reads = await make(desk);

      expect(reads).toContain(`SecurID may have ${name}d the user, but no usable answer arrived`);
      expect(reads).not.toContain('[ Try again ]');
      expect(asked(desk)).toHaveLength(1);
      expect((await rowsOf(desk)).map(({ event }) => event)).toContain('unknown');
    },
  );

  it('counts as made if the record shows it after a lost answer', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext('reset after', 1, STATUS);

    expect(await make(desk)).toContain('Status:');

    expect(asked(desk)).toHaveLength(1);
    expect((await rowsOf(desk)).map(({ event }) => event)).toContain('done');
  });

  it('names the missing OAuth permission', async () => {
    const desk = await openDesk({ credential: 'oauth rsa' });
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.user.manage'), 1);
    expect(await make(desk)).toContain('needs the permission `rsa.user.manage`');
    expect(asked(desk)).toEqual([]);
  });

  it('shows a name as it is', async () => {
    const desk = await openDesk();
    const mallory = record(desk, 'mallory@acme.test');
    if (name === 'enable') mallory.userStatus = 'Disabled';
    const who = { who: 'mallory@acme.test' };
    await (name === 'disable' ? disabled(desk, who) : enabled(desk, who));
    const texts = desk.workspace.messages.flatMap(markedUp).join('\n');
    expect(texts).not.toMatch(/<!channel>|<https:\/\/evil/);
  });

  it('is nowhere if it is not switched on', async () => {
    const desk = await openHelpDesk();
    expect((await desk.agent.asks(`/securid ${name} alan@acme.test`)).text).toContain(
      `\`/securid ${name}\` is not switched on here.`,
    );
  });
});

/** Ivy under another address. */
const ivyOf = ({ tenant }: HelpDesk) =>
  tenant.records.users.find(({ lastName }) => lastName === 'Lindqvist');
