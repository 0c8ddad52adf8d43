import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';

const rowsOf = async (desk: HelpDesk) => {
  await desk.close();
  return readFileSync(desk.auditFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

async function cardFor(who: string, env: Record<string, string> = {}) {
  const desk = await openHelpDesk({ env });
  const card = await desk.agent.asks(`/securid code ${who} ios`);
  return { ...desk, card, shown: desk.screen(card) };
}

/** Fills in the card for Alan, lets the world change, and presses. */
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

const PROTECTED = 'This account is protected, and gets no code through Slack.';
const UNTOLD = 'could not check just now whether this code may be issued';

describe('the gate, on the card', () => {
  it('lets a code for somebody else through', async () => {
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
  ])('refuses a code for somebody protected by %s', async (_, SECURID_PROTECTED) => {
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

  it('protects nobody by a part of an address or a domain', async () => {
    const { shown } = await cardFor('alan@acme.test', {
      SECURID_PROTECTED: 'lan@acme.test, *@cme.test, *@acme.test.example',
    });
    expect(shown).toContain('[ Verify and issue ]');
  });

  it('refuses where Slack does not say who is protected', async () => {
    const desk = await openHelpDesk({ env: { SECURID_PROTECTED: 'S0BOARD' } });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain(UNTOLD);
  });

  it('refuses where Slack does not say who the user is', async () => {
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

  it('lets a code through for somebody who is not in Slack, where no Slack account is protected', async () => {
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

  it('refuses a user who meanwhile became protected', async () => {
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
