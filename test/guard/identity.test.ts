import { describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import type { SlackPerson } from '../../src/playground/workspace/index.ts';
import { denies } from '../support/denial.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';
const LOOKUP = 'POST /v1/users/lookup';
const { ALAN, APPROVALS, JONAS, MIRA, NOBODY: NORA } = company;

const OWN = 'This is your own account.';
const PROTECTED = 'This account is protected and gets no code through Slack.';
const NOBODY_MATCHES = 'cannot tell who this user is in Slack, or who you are in SecurID';
const SECOND_PERSON = 'A second person has to approve';
const BUTTON = '[ Verify and issue ]';

/** The board is protected; Mira and Nora approve. */
async function openDesk(env: Record<string, string> = {}, board: string[] = [ALAN]) {
  const desk = await openHelpDesk({
    env: {
      SECURID_PROTECTED: 'S0BOARD',
      SECURID_APPROVERS: `${MIRA},${NORA}`,
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      ...env,
    },
  });
  desk.workspace.groups.push({ id: 'S0BOARD', handle: 'board', users: board });
  return desk;
}

type Env = Record<string, string>;
type SecurIDRecord = HelpDesk['tenant']['records']['users'][number];

/** Changes the SecurID record that has this address. */
function inSecurID(desk: HelpDesk, email: string, change: Partial<SecurIDRecord>) {
  const user = desk.tenant.records.users.find(({ emailAddress }) => emailAddress === email);
  if (!user) throw new Error(`SecurID has no ${email}`);
  return Object.assign(user, change);
}

function inSlack(desk: HelpDesk, id: string, change: Partial<SlackPerson>) {
  const person = desk.workspace.people.find((one) => one.id === id);
  if (!person) throw new Error(`Slack has no ${id}`);
  return Object.assign(person, change);
}

const cardFor = async (desk: HelpDesk, who: string) =>
  desk.screen(await desk.agent.asks(`/securid code ${who} ios`));

/** The agent asks for a code and submits the form. If approval is needed, the request is in the channel. */
async function askFor(desk: HelpDesk, who: string) {
  const card = await desk.agent.asks(`/securid code ${who} ios`);
  const answer = await (await verify(desk.agent, card)).answer();
  const request = desk.workspace.messages.find(({ channel, to }) => channel === APPROVALS && !to);
  return { card, answer, request: request as Message };
}

const codesAskedFor = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === CODE);

describe('the agent’s own account', () => {
  it.each<[string, Partial<SecurIDRecord>, Env]>([
    ['as a user name', { emailAddress: 'jw@corp.test', principalUsername: 'Jonas@ACME.test' }, {}],
    [
      'as another name',
      { emailAddress: 'jw@corp.test', alternateUsername: 'jonas@acme.test.' },
      {},
    ],
    ['in other letters', { emailAddress: 'jonas@acme．test' }, {}],
    ['with what is not seen', { emailAddress: 'jo\u200Bnas@acme.test' }, {}],
    [
      'in a domain for the same mailbox',
      { emailAddress: 'jonas@corp.test' },
      { SECURID_EMAIL_DOMAINS: 'corp.test=acme.test' },
    ],
    [
      'in a domain for the same mailbox, as a user name',
      { emailAddress: 'jw@else.test', principalUsername: 'jonas@münchen.test' },
      { SECURID_EMAIL_DOMAINS: 'acme.test = xn--mnchen-3ya.test' },
    ],
  ])('is known by the record: the address %s', async (_, change, env) => {
    const desk = await openDesk(env);
    const { principalUsername, emailAddress } = inSecurID(desk, 'jonas@acme.test', {
      principalUsername: 'jw',
      ...change,
    });
    const who = principalUsername.includes('@') ? emailAddress : principalUsername;

    const shown = await cardFor(desk, who);

    expect(shown).toContain(OWN);
    expect(shown).not.toContain(BUTTON);
  });

  it('is known by the id of the record that the agent’s Slack address leads to', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: '' });
    // In Slack, another person has the address in the record.
    inSecurID(desk, 'jonas@acme.test', { alternateUsername: 'jonas.weber@mail.test' });
    inSlack(desk, JONAS, { email: 'jonas.weber@mail.test' });
    inSlack(desk, NORA, { email: 'jonas@acme.test' });

    expect(await cardFor(desk, 'jonas@acme.test')).toContain(OWN);
  });

  it('with no matching Slack account needs a second person, who reads why', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: '' });
    inSecurID(desk, 'jonas@acme.test', { emailAddress: 'jonas@corp.test' });

    const { card, request } = await askFor(desk, 'jonas@corp.test');

    expect(desk.screen(request)).toContain(
      'SecurID Desk cannot tell whether this is the agent’s own account',
    );
    expect(desk.screen(card)).toContain('Waiting for approval');
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('is still refused if the agent changes the address in their profile', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: '' });
    inSlack(desk, JONAS, { email: 'jonas@private.test' });
    expect(await cardFor(desk, 'jonas@acme.test')).toContain(SECOND_PERSON);
  });

  it('is not that of a colleague who is in Slack', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: '' });
    inSlack(desk, JONAS, { email: 'jonas@partner.test' });
    const shown = await cardFor(desk, 'noor@acme.test');
    expect(shown).toContain(BUTTON);
    expect(shown).not.toContain(SECOND_PERSON);
  });

  it('is looked up once for many who ask', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: '' });
    for (const who of ['mallory', 'pia', 'mallory', 'mallory']) {
      await desk.agent.asks(`/securid code ${who}@acme.test ios`);
    }
    expect(desk.tenant.calls().filter((call) => call === LOOKUP)).toHaveLength(4 + 1);
  });
});

describe('a protected user', () => {
  it.each<[string, Partial<SecurIDRecord>, Env]>([
    ['their user name', { principalUsername: 'alan@acme.test' }, {}],
    ['their other name', { alternateUsername: 'Alan@acme.test' }, {}],
    ['a domain for the same mailbox', {}, { SECURID_EMAIL_DOMAINS: 'mail.test=x.test=acme.test' }],
  ])('is known by %s', async (_, change, env) => {
    const desk = await openDesk({ SECURID_APPROVAL: 'never', ...env });
    inSecurID(desk, 'alan@acme.test', { emailAddress: 'alan@mail.test', ...change });
    expect(await cardFor(desk, 'alan@mail.test')).toContain(PROTECTED);
  });

  it('with an alias that no Slack account has needs a second person, who reads why', async () => {
    const desk = await openDesk();
    inSecurID(desk, 'alan@acme.test', { emailAddress: 'a.mertens@acme.test' });

    const { request } = await askFor(desk, 'a.mertens@acme.test');

    expect(desk.screen(request)).toContain(
      'SecurID Desk cannot tell whether this user is protected: no Slack account has their e-mail address.',
    );
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('with such an alias gets no code if nobody can approve', async () => {
    const desk = await openDesk({ SECURID_APPROVAL: 'never' });
    inSecurID(desk, 'alan@acme.test', { emailAddress: 'a.mertens@acme.test' });
    const shown = await cardFor(desk, 'a.mertens@acme.test');
    expect(shown).toContain(NOBODY_MATCHES);
    expect(shown).not.toContain(BUTTON);
  });

  it('with such an alias needs a second person if their address is what is protected', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: 'alan@acme.test' });
    inSecurID(desk, 'alan@acme.test', { emailAddress: 'a.mertens@acme.test' });
    expect(await cardFor(desk, 'a.mertens@acme.test')).toContain(SECOND_PERSON);
  });

  it('with a deactivated Slack account needs a second person', async () => {
    const desk = await openDesk();
    inSlack(desk, ALAN, { deleted: true });
    expect(await cardFor(desk, 'alan@acme.test')).toContain(SECOND_PERSON);
  });

  it('stays protected if one of their names leads to another account', async () => {
    const desk = await openDesk();
    inSecurID(desk, 'alan@acme.test', {
      emailAddress: 'a.mertens@acme.test',
      principalUsername: 'noor@acme.test',
    });
    expect(await cardFor(desk, 'a.mertens@acme.test')).toContain(SECOND_PERSON);
  });

  it.each([
    ['*@münchen.test', 'alan@xn--mnchen-3ya.test'],
    ['*@xn--mnchen-3ya.test', 'alan@München.test'],
    ['*@münchen.test', 'alan@muenchen.test.'],
    ['alan@münchen.test', 'ＡLAN@MÜNCHEN.test.'],
    ['*@corp.test', 'alan@acme.test'],
  ])('%s covers %s', async (SECURID_PROTECTED, emailAddress) => {
    const desk = await openDesk({
      SECURID_PROTECTED,
      SECURID_APPROVAL: 'never',
      SECURID_EMAIL_DOMAINS: 'muenchen.test=münchen.test,corp.test=acme.test',
    });
    inSecurID(desk, 'alan@acme.test', { emailAddress, principalUsername: 'amertens' });
    expect(await cardFor(desk, 'amertens')).toContain(PROTECTED);
  });

  it('is known by every address of the record and of their Slack account', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: '*@board.test', SECURID_APPROVAL: 'never' });
    inSecurID(desk, 'alan@acme.test', { alternateUsername: 'alan@board.test' });
    expect(await cardFor(desk, 'alan@acme.test')).toContain(PROTECTED);
  });

  it('whose membership of a protected domain is unknown needs a second person', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: '*@board.test' });
    inSlack(desk, ALAN, { email: 'alan@board.test' });
    const shown = await cardFor(desk, 'alan@acme.test');
    expect(shown).toContain(SECOND_PERSON);
  });

  it('is not confused by plus tags and dots', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: 'al.an@acme.test,alan+x@acme.test' });
    const shown = await cardFor(desk, 'alan@acme.test');
    expect(shown).toContain(BUTTON);
    expect(shown).not.toContain(SECOND_PERSON);
  });
});

describe('SECURID_UNMATCHED', () => {
  it.each([
    ['approval', SECOND_PERSON],
    ['refuse', NOBODY_MATCHES],
    ['allow', BUTTON],
  ])('%s', async (SECURID_UNMATCHED, shown) => {
    const desk = await openDesk({ SECURID_UNMATCHED });
    expect(await cardFor(desk, 'mallory@acme.test')).toContain(shown);
  });

  it('allow needs no second person', async () => {
    const desk = await openDesk({ SECURID_UNMATCHED: 'allow' });
    expect(await cardFor(desk, 'mallory@acme.test')).not.toContain(SECOND_PERSON);
  });

  it('approval refuses if there is no channel to ask in', async () => {
    const desk = await openDesk({ SECURID_APPROVAL_CHANNEL: '' });
    expect(await cardFor(desk, 'mallory@acme.test')).toContain(NOBODY_MATCHES);
  });

  it.each([
    ['S0BOARD', SECOND_PERSON],
    ['*@board.test', SECOND_PERSON],
    ['', BUTTON],
  ])('is about a user without any address, with %s protected', async (SECURID_PROTECTED, reads) => {
    const desk = await openDesk({ SECURID_PROTECTED });
    inSecurID(desk, 'mallory@acme.test', { emailAddress: '' });

    const shown = await cardFor(desk, 'mallory');

    expect(shown).toContain(reads);
    expect(shown).not.toContain('in a minute');
  });

  it('issues a code to a user without any address after an approval, which says why', async () => {
    const desk = await openDesk();
    inSecurID(desk, 'otto@acme.test', { emailAddress: '' });
    desk.tenant.records.devices.splice(0);
    const { card, request } = await askFor(desk, 'otto');
    expect(desk.screen(request)).toContain('SecurID has no e-mail address for them.');

    const pressed = await desk.manager.presses(request, 'Approve');
    await pressed.answer();

    await eventually(() => desk.screen(card).includes('Hide now'));
    expect(desk.screen(card)).toContain('The user was not notified');
  });

  it('does not apply if Slack or SecurID fails to answer, which refuses for the moment', async () => {
    const desk = await openDesk({ SECURID_UNMATCHED: 'allow' });
    desk.workspace.failNext('users.lookupByEmail', { status: 500 }, 10);
    expect(await cardFor(desk, 'mallory@acme.test')).toContain('Try again in a minute');
  });
});

describe('an approver', () => {
  /** Asks for a code for Alan, who is protected. */
  async function askForAlan(change: (desk: HelpDesk) => void) {
    const desk = await openDesk();
    change(desk);
    return { ...desk, ...(await askFor(desk, 'alan@acme.test')) };
  }

  it.each<[string, (desk: HelpDesk) => void]>([
    [
      'SecurID does not know',
      (desk) => inSecurID(desk, 'nora@acme.test', { emailAddress: 'x@y.test' }),
    ],
    ['has no address in Slack', (desk) => inSlack(desk, NORA, { email: '' })],
  ])('who %s may only deny', async (_, change) => {
    const desk = await askForAlan(change);

    const answer = await desk.person(NORA).clicks(desk.request, 'Approve');
    expect(desk.screen(answer)).toContain('so you can only deny this');
    expect(desk.screen(desk.request)).toContain('[ Approve ]');
    expect(codesAskedFor(desk)).toEqual([]);

    await (await denies(desk.person(NORA), desk.request)).answer();
    expect(desk.screen(desk.request)).toContain('Denied by @nora.');
  });

  it('may deny while SecurID does not answer', async () => {
    const desk = await askForAlan(() => {});
    desk.tenant.answerNext({ status: 500 }, 20);
    await (await denies(desk.person(NORA), desk.request)).answer();
    expect(desk.screen(desk.request)).toContain('Denied by @nora.');
  });

  it.each<[string, (desk: HelpDesk) => void]>([
    [
      'is the user, by a user name',
      (desk) => inSecurID(desk, 'alan@acme.test', { alternateUsername: 'nora@acme.test' }),
    ],
    [
      'is the agent, with another Slack account',
      (desk) => {
        inSecurID(desk, 'nora@acme.test', { emailAddress: 'gone@acme.test' });
        inSecurID(desk, 'jonas@acme.test', { principalUsername: 'nora@acme.test' });
      },
    ],
  ])('who %s decides nothing', async (_, change) => {
    const desk = await askForAlan(change);
    const approved = await desk.person(NORA).clicks(desk.request, 'Approve');
    const denied = await (await denies(desk.person(NORA), desk.request)).answer();
    for (const answer of [approved, denied]) {
      expect(desk.screen(answer)).toContain('The agent cannot approve the code, nor can the user');
    }
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it.each<[string, (desk: HelpDesk) => void, string]>([
    [
      'their own account',
      (desk) => inSecurID(desk, 'alan@acme.test', { alternateUsername: 'nora@acme.test' }),
      'This is your own account.',
    ],
    [
      'an account of which it cannot be told that it is not their own',
      (desk) => {
        inSecurID(desk, 'nora@acme.test', { emailAddress: 'n@corp.test', principalUsername: 'nb' });
        inSlack(desk, ALAN, { deleted: true });
      },
      'SecurID has no record',
    ],
  ])('does not lift the block of %s', async (_, change, reads) => {
    const desk = await openDesk({ SECURID_PROTECTED: '' });
    const { card } = await askFor(desk, 'alan@acme.test');
    await eventually(() => desk.screen(card).includes('Hide now'));
    const [notice] = desk.workspace.seenBy(ALAN, `D${ALAN}`);
    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");
    change(desk);

    const answer = await desk.person(NORA).asks('/securid unblock alan@acme.test');

    expect(desk.screen(answer)).toContain(reads);
    expect(await cardFor(desk, 'alan@acme.test')).toContain('on hold');
  });
});

describe('a mention', () => {
  const env = { SECURID_EMAIL_DOMAINS: 'corp.test=acme.test=old.test' };
  const asked = (desk: HelpDesk) =>
    desk.agent.asks('/securid code <@U0ALAN> ios').then(desk.screen);

  it('leads to the record whose address is in another domain of the same mailbox', async () => {
    const desk = await openDesk(env);
    inSecurID(desk, 'alan@acme.test', { emailAddress: 'alan@corp.test' });
    expect(await asked(desk)).toContain('E-mail: alan@corp.test');
  });

  it('prefers the record with exactly that address', async () => {
    const desk = await openDesk(env);
    inSecurID(desk, 'noor@acme.test', { emailAddress: 'alan@corp.test' });
    expect(await asked(desk)).toContain('E-mail: alan@acme.test');
  });

  it('leads to nobody if two may be meant', async () => {
    const desk = await openDesk(env);
    inSecurID(desk, 'alan@acme.test', { emailAddress: 'alan@corp.test' });
    inSecurID(desk, 'noor@acme.test', { emailAddress: 'alan@old.test' });
    expect(await asked(desk)).toMatchInlineSnapshot(
      `"SecurID has more than one user for that person’s e-mail address. Type the e-mail address or the SecurID user name instead, such as \`jane@example.com\`."`,
    );
  });
});

describe('the person notified of a code', () => {
  const told = ({ workspace }: HelpDesk, id: string) => workspace.seenBy(id, `D${id}`).length;

  async function issueFor(
    email: string,
    change: (desk: HelpDesk) => void,
    env: Record<string, string> = {},
  ) {
    const desk = await openDesk({ SECURID_PROTECTED: '', ...env });
    change(desk);
    const { card } = await askFor(desk, email);
    await eventually(() => desk.screen(card).includes('Hide now'));
    return { ...desk, shown: desk.screen(card) };
  }

  it('is not someone whom only a user name leads to', async () => {
    const desk = await issueFor('a.mertens@acme.test', (desk) =>
      inSecurID(desk, 'alan@acme.test', {
        emailAddress: 'a.mertens@acme.test',
        principalUsername: 'alan@acme.test',
      }),
    );
    expect(desk.shown).toContain('The user was not notified');
    expect(told(desk, ALAN)).toBe(0);
  });

  it('has the address in a domain of the same mailbox', async () => {
    const desk = await issueFor(
      'alan@corp.test',
      (desk) => inSecurID(desk, 'alan@acme.test', { emailAddress: 'alan@corp.test' }),
      { SECURID_EMAIL_DOMAINS: 'corp.test=acme.test' },
    );
    expect(desk.shown).toContain('Alan Mertens was notified in Slack.');
    expect(told(desk, ALAN)).toBe(1);
  });

  it('is nobody if two may be meant', async () => {
    const desk = await issueFor(
      'alan@corp.test',
      (desk) => {
        inSecurID(desk, 'alan@acme.test', { emailAddress: 'alan@corp.test' });
        inSlack(desk, NORA, { email: 'alan@third.test' });
      },
      { SECURID_EMAIL_DOMAINS: 'corp.test=acme.test=third.test' },
    );
    expect(desk.shown).toContain('The user was not notified');
    expect(told(desk, ALAN) + told(desk, NORA)).toBe(0);
  });
});
