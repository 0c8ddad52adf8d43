import { describe, expect, it } from 'vitest';
import { APPROVALS, HELP_DESK_GROUP, JONAS, MIRA, NOBODY } from '../../src/playground/company.ts';
import { denies } from '../support/denial.ts';
import { type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';

async function cardFor(who: string, env: Record<string, string> = {}) {
  const desk = await openHelpDesk({ env });
  const card = await desk.agent.asks(`/securid code ${who} ios`);
  return { ...desk, card, shown: desk.screen(card) };
}

/** Fills in the card for Alan, changes something, and submits. */
async function pressAfter(change: (desk: HelpDesk) => void, env: Record<string, string> = {}) {
  const desk = await openHelpDesk({ env });
  const card = await desk.agent.asks('/securid code alan@acme.test ios');
  change(desk);
  const answer = await (await verify(desk.agent, card)).answer();
  return { ...desk, card, shown: desk.screen(answer) };
}

const alan = ({ tenant }: HelpDesk) => {
  const user = tenant.records.users.find(({ emailAddress }) => emailAddress === 'alan@acme.test');
  if (!user) throw new Error('Alan is not there');
  return user;
};

const PROTECTED = 'This account is protected and gets no code through Slack.';
const UNTOLD = 'could not check whether this code may be issued';

describe('the gate, on the card', () => {
  it('allows a code for somebody else', async () => {
    const { shown } = await cardFor('alan@acme.test');
    expect(shown).toContain('[ Verify and issue ]');
  });

  it('refuses a code for oneself, whatever the case of the address', async () => {
    const desk = await openHelpDesk();
    const jonas = desk.workspace.people.find(({ name }) => name === 'jonas');
    if (jonas) jonas.email = 'Jonas@ACME.test';

    const card = await desk.agent.asks('/securid code jonas@acme.test ios');

    expect(desk.screen(card)).toContain('This is your own account.');
    expect(desk.screen(card)).not.toContain('[ Verify and issue ]');
  });

  it.each([
    ['an e-mail address', 'Alan@acme.test'],
    ['a domain', '*@ACME.test'],
    ['a Slack user', 'U0ALAN'],
    ['a Slack user group', 'S0BOARD'],
  ])('refuses a code for a user who is protected by %s', async (_, SECURID_PROTECTED) => {
    const desk = await openHelpDesk({ env: { SECURID_PROTECTED } });
    desk.workspace.groups.push({ id: 'S0BOARD', handle: 'board', users: ['U0ALAN'] });

    const card = await desk.agent.asks('/securid code alan@acme.test ios');

    expect(desk.screen(card)).toContain(PROTECTED);
    expect(desk.screen(card)).not.toContain('[ Verify and issue ]');
    expect(await rowsOf(desk)).toMatchObject([
      { event: 'look-up' },
      { event: 'refusal', reason: 'protected', target: alan(desk).id },
    ]);
  });

  it('protects nobody because of part of an address or a domain', async () => {
    const { shown } = await cardFor('alan@acme.test', {
      SECURID_PROTECTED: 'lan@acme.test, *@cme.test, *@acme.test.example',
    });
    expect(shown).toContain('[ Verify and issue ]');
  });

  it('refuses if Slack does not say who is protected', async () => {
    const desk = await openHelpDesk({ env: { SECURID_PROTECTED: 'S0BOARD' } });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain(UNTOLD);
  });

  it('refuses if Slack does not say who the user is', async () => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('users.lookupByEmail', { status: 500 }, 10);
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain(UNTOLD);
  });

  it('refuses an agent whose e-mail address Slack does not show', async () => {
    const desk = await openHelpDesk();
    const jonas = desk.workspace.people.find(({ name }) => name === 'jonas');
    delete jonas?.email;
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain(
      'cannot tell who this user is in Slack, or who you are in SecurID',
    );
  });

  it('allows a code for somebody who is not in Slack, if no Slack account is protected', async () => {
    const { shown } = await cardFor('mallory@acme.test', { SECURID_PROTECTED: 'alan@acme.test' });
    expect(shown).toContain('[ Verify and issue ]');
  });
});

describe('the gate, when the card is pressed', () => {
  it.each<[string, string, (desk: HelpDesk) => void]>([
    [
      'was disabled',
      'is not enabled',
      (desk) => Object.assign(alan(desk), { userStatus: 'Disabled' }),
    ],
    [
      'has no status that SecurID tells',
      'could not check',
      (desk) => Object.assign(alan(desk), { userStatus: undefined }),
    ],
    [
      'is to be deleted',
      'pending deletion',
      (desk) => Object.assign(alan(desk), { markDeleted: true }),
    ],
    [
      'is somebody else',
      'now belongs to another user',
      (desk) => Object.assign(alan(desk), { id: '0b1f' }),
    ],
    ['is gone', 'now belongs to another user', ({ tenant }) => tenant.records.users.splice(0)],
  ])('refuses a user who meanwhile %s', async (_, sentence, change) => {
    const desk = await pressAfter(change);

    expect(desk.shown).toContain('No code was issued.');
    expect(desk.shown).toContain(sentence);
    expect(desk.tenant.calls()).not.toContain(CODE);
    expect((await rowsOf(desk)).at(-1)).toMatchObject({ event: 'refusal' });
  });

  it('refuses a user who was protected meanwhile', async () => {
    const desk = await openHelpDesk({ env: { SECURID_PROTECTED: 'S0BOARD' } });
    const board = { id: 'S0BOARD', handle: 'board', users: [] as string[] };
    desk.workspace.groups.push(board);
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    board.users.push('U0ALAN');

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toContain(PROTECTED);
    expect(desk.tenant.calls()).not.toContain(CODE);
  });
});

describe('the gate, if no Slack account matches', () => {
  const SECOND_PERSON = 'A second person has to approve';
  const BUTTON = '[ Verify and issue ]';
  const NOBODY_MATCHES = 'cannot tell who this user is in Slack';

  it.each<[unmatched: string, approval: string, reads: string]>([
    ['approval', 'protected', SECOND_PERSON],
    ['approval', 'always', SECOND_PERSON],
    ['approval', 'never', NOBODY_MATCHES],
    ['refuse', 'protected', NOBODY_MATCHES],
    ['refuse', 'always', NOBODY_MATCHES],
    ['refuse', 'never', NOBODY_MATCHES],
    ['allow', 'protected', BUTTON],
    ['allow', 'always', SECOND_PERSON],
    ['allow', 'never', BUTTON],
  ])('and SECURID_UNMATCHED is %s, SECURID_APPROVAL %s', async (unmatched, approval, reads) => {
    const desk = await openHelpDesk({
      env: {
        SECURID_UNMATCHED: unmatched,
        SECURID_APPROVAL: approval,
        SECURID_APPROVERS: MIRA,
        SECURID_APPROVAL_CHANNEL: APPROVALS,
        SECURID_PROTECTED: 'S0BOARD',
      },
    });
    desk.workspace.groups.push({ id: 'S0BOARD', handle: 'board', users: [] });
    alan(desk).emailAddress = 'a.mertens@elsewhere.test';

    const card = desk.screen(await desk.agent.asks('/securid code a.mertens@elsewhere.test ios'));

    expect(card).toContain(reads);
    expect(card.includes(BUTTON)).toBe(reads !== NOBODY_MATCHES);
    expect(card.includes(SECOND_PERSON)).toBe(reads === SECOND_PERSON);
  });
});

describe('the gate asks only for what it needs', () => {
  const env = {
    SECURID_APPROVERS: `${MIRA},${NOBODY}`,
    SECURID_APPROVAL: 'always',
    SECURID_APPROVAL_CHANNEL: APPROVALS,
    SECURID_PROTECTED: 'S0BOARD',
  };

  async function openBoard() {
    const desk = await openHelpDesk({ env });
    desk.workspace.groups.push({ id: 'S0BOARD', handle: 'board', users: [] });
    return desk;
  }

  /** Every request to Slack and SecurID from here on, with what it is about. */
  function listen({ workspace, tenant }: HelpDesk) {
    const [before, calls] = [workspace.apiCalls.length, tenant.calls().length];
    return {
      slack: () =>
        workspace.apiCalls
          .slice(before)
          .filter(({ method }) => /^user/.test(method))
          .map(({ method, params: { email, usergroup, user } }) =>
            [method, email ?? usergroup ?? user].join(' '),
          ),
      securid: () => tenant.calls().slice(calls),
    };
  }

  it('during a lockdown: nothing about the user', async () => {
    const desk = await openBoard();
    await desk.manager.asks('/securid lockdown on');
    const asked = listen(desk);

    await desk.agent.asks('/securid code alan@acme.test ios');

    expect(asked.slack().filter((call) => !call.includes(JONAS))).toEqual([]);
    expect(asked.securid()).toEqual(['POST /v1/users/lookup', 'GET /v2/users/{id}/devices']);
  });

  it('for a denial: only who the second person is', async () => {
    const desk = await openBoard();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await (await verify(desk.agent, card)).answer();
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;
    desk.clock.advance(60_000);
    const asked = listen(desk);

    await (await denies(desk.person(NOBODY), request)).answer();

    expect(desk.screen(request)).toContain('Denied');
    expect([...new Set(asked.slack())].sort()).toEqual([
      `usergroups.users.list ${HELP_DESK_GROUP}`,
      'users.info U0JONAS',
      'users.info U0NORA',
      'users.lookupByEmail alan@acme.test',
    ]);
    // The user in the request, and the second person.
    expect(asked.securid()).toEqual(['POST /v1/users/lookup', 'POST /v1/users/lookup']);
  });
});
