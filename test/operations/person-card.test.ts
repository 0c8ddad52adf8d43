import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ALAN, MIRA } from '../../src/playground/company.ts';
import { placedIn } from '../../src/playground/workspace/elements.ts';
import { declared } from '../support/declared-change.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

const DEVICES = 'GET /v2/users/{id}/devices';

const more = 'More actions';

/** Changes by these names, each with a button of the same name. */
const changes = (...names: string[]) =>
  names.map((name) => declared({ name, button: `Thaw ${name}` }));

const seven = changes('a', 'b', 'c', 'd', 'e', 'f', 'g');

const cardOf = ({ agent }: HelpDesk, who = 'grace@acme.test') => agent.asks(`/securid user ${who}`);

/** The last line of the card: its buttons and its menu. */
const buttonsOf = (desk: HelpDesk, card: Message) => desk.screen(card).split('\n').at(-1);

/** Chooses from the card's menu, and waits for the answer. */
async function chooses({ agent }: HelpDesk, card: Message, option: string): Promise<Message> {
  const chosen = await agent.chooses(card, more, option);
  return (await chosen?.answer()) as Message;
}

describe('the first line of a user’s card', () => {
  it('says that nothing stands out', async () => {
    const desk = await openHelpDesk();

    expect(desk.screen(await cardOf(desk, 'alan@acme.test'))).toContain(
      '# Alan Mertens\n⚠️ No authenticators\n',
    );
    expect(desk.screen(await cardOf(desk, 'jonas@acme.test'))).toContain(
      '# Jonas Weber\n⚠️ Hardware token not activated yet\nAuthenticators\n',
    );
    expect(desk.screen(await cardOf(desk, 'otto@acme.test'))).toContain(
      '# Otto Vale\nNothing stands out.\nAuthenticators\n',
    );
  });

  it('says what is wrong with the authenticators', async () => {
    const desk = await openHelpDesk();

    expect(desk.screen(await cardOf(desk, 'mira@acme.test'))).toContain(
      '# Mira Novak\n⚠️ Hardware token expired\nAuthenticators\n',
    );
  });
});

describe('the authenticators on a user’s card', () => {
  it('are cut after eight of them, and the button to all of them comes before the others', async () => {
    const desk = await openHelpDesk();

    const card = await cardOf(desk, 'otto@acme.test');

    const [, list = ''] = desk.screen(card).split('\nAuthenticators\n');
    expect(list.split('\n').slice(7, 9)).toEqual([
      expect.stringMatching(/^• Kiosk 133 · /),
      'and 132 more',
    ]);
    expect(buttonsOf(desk, card)).toMatch(/^\[ Authenticators ]/);
  });

  it('may be missing, and the card still comes and says so', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 403 }, 1, DEVICES);

    const card = await cardOf(desk, 'noor@acme.test');

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "# Noor Haddad
      🔒 OTP, SMS and Voice locked · ⚠️ High risk
      :grey_question: SecurID did not say which authenticators this user has. Authenticators asks again.
      Status: 🟢 Enabled
      E-mail: noor@acme.test
      User name: noor
      Last sign-in: Feb 2026
      Emergency access: Enabled until 2026-03-07 09:00
      Identity source: Acme Directory
      Last synchronized: 2026-03-03 22:00
      [ Authenticators ]  [ Last sign-ins ]  [ Registration code ]"
    `);
    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toContain(
      '# Authenticators of Noor Haddad',
    );
  });
});

describe('a user’s card while SecurID does not answer about the authenticators', () => {
  it('comes after eight seconds', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext('hang', 1, DEVICES);
    const asked = await desk.agent.types('/securid user noor@acme.test');
    await desk.tenant.saw(DEVICES);

    desk.clock.advance(8000);

    const words = 'SecurID did not say which authenticators this user has.';
    await eventually(() => asked.answers().some((one) => desk.screen(one).includes(words)));
  });
});

describe('a user’s card by version 1 of the API', () => {
  it('does not say that somebody has no authenticators, since hardware tokens are not listed', async () => {
    const desk = await openHelpDesk({ env: { SECURID_AUTHENTICATOR_API: '1' } });

    const alan = desk.screen(await cardOf(desk, 'alan@acme.test'));
    const grace = desk.screen(await cardOf(desk));

    expect(alan).toContain(
      '# Alan Mertens\nNothing stands out.\nNo device and no FIDO credential is registered. SecurID Desk is set to an API that lists no hardware tokens.\n',
    );
    expect(grace).toContain("\nAuthenticators\n• Grace's FIDO token · ");
  });
});

describe('the buttons of a user’s card', () => {
  it('are five, and a menu has the rest, which leads on like them', async () => {
    const desk = await openHelpDesk({ changes: seven });

    const card = await cardOf(desk);

    expect(buttonsOf(desk, card)).toBe(
      '[ Last sign-ins ]  [ Thaw a ]  [ Thaw b ]  [ Thaw c ]  [ Thaw d ]  [ … Thaw e | Thaw f | Thaw g | Authenticators ]',
    );
    expect(desk.screen(await chooses(desk, card, 'Thaw f'))).toMatch(/^# Thaw Grace Okafor\n/);
    expect((await chooses(desk, card, 'Authenticators')).text).toMatch(
      /^Authenticators of Grace Okafor/,
    );
    expect(desk.logged()).toContainEqual(
      expect.objectContaining({ operation: 'follow-up:f', msg: 'answered' }),
    );
  });

  it('are those wanted now before the others, and none that makes no sense', async () => {
    const desk = await openHelpDesk({
      changes: [
        ...changes('a'),
        declared({ name: 'b', button: 'Thaw b', suits: () => 'now' }),
        declared({ name: 'c', button: 'Thaw c', suits: () => undefined }),
        declared({ name: 'd', button: 'Thaw d', unable: () => 'It is not frozen.' }),
        declared({ name: 'e', button: 'Thaw e', risk: 'protects' }),
        declared({
          name: 'f',
          button: 'Thaw f',
          suits: (_, found) => (found?.fidoTokens.length === 2 ? 'now' : undefined),
        }),
      ],
    });

    expect(buttonsOf(desk, await cardOf(desk))).toBe(
      '[ Thaw b ]  [ Thaw f ]  [ Last sign-ins ]  [ Thaw a ]  [ … Authenticators | Thaw e ]',
    );
    expect(buttonsOf(desk, await cardOf(desk, 'ivy@acme.test'))).not.toContain('Thaw a');
  });

  it('lead to the card of a token that is disabled', async () => {
    const desk = await openHelpDesk();

    const card = await cardOf(desk, 'noor@acme.test');

    expect(buttonsOf(desk, card)).toMatch(/^\[ Token 000000900004 ]/);
    expect(desk.screen(await desk.agent.clicks(card, 'Token 000000900004'))).toContain(
      '# Hardware token 000000900004',
    );
  });

  it('are for an approver only what approvers may do', async () => {
    const desk = await openHelpDesk({
      changes: [...changes('a'), declared({ name: 'b', button: 'Thaw b', risk: 'protects' })],
      env: { SECURID_APPROVERS: MIRA },
    });

    const card = await desk.manager.asks('/securid user grace@acme.test');

    expect(buttonsOf(desk, card)).toBe('[ Last sign-ins ]  [ Authenticators ]  [ Thaw b ]');
  });

  it('leave out in a lockdown what gives access, and the card says why', async () => {
    const desk = await openHelpDesk({
      changes: [...changes('a'), declared({ name: 'b', button: 'Thaw b', risk: 'protects' })],
      env: { SECURID_APPROVERS: MIRA },
    });
    await desk.manager.asks('/securid lockdown on');

    const card = await cardOf(desk);

    expect(desk.screen(card)).toContain('in lockdown: nothing that gives access can be done.');
    expect(buttonsOf(desk, card)).toBe('[ Last sign-ins ]  [ Authenticators ]  [ Thaw b ]');
  });

  it('leave out on the agent’s own card what gives access, and the card says why', async () => {
    const desk = await openHelpDesk({ changes: changes('a') });

    const card = await cardOf(desk, 'jonas@acme.test');

    expect(desk.screen(card)).toContain('This is your own account.');
    expect(buttonsOf(desk, card)).toBe('[ Last sign-ins ]  [ Authenticators ]');
  });
});

describe('the card of a user who reported a change', () => {
  it('says that the account is on hold, and neither why nor who said so', async () => {
    const desk = await openHelpDesk({ env: { SECURID_CHANGES: 'code' } });
    await (
      await verify(desk.agent, await desk.agent.asks('/securid code alan@acme.test ios'))
    ).answer();
    await eventually(() => desk.workspace.seenBy(ALAN, `D${ALAN}`).length > 0);
    const [notice] = desk.workspace.seenBy(ALAN, `D${ALAN}`);
    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");

    const card = await cardOf(desk, 'alan@acme.test');

    expect(desk.screen(card)).toContain(
      '⛔ This account is on hold. Please call your security team.',
    );
    expect(desk.screen(card)).not.toMatch(/report|ask/i);
    expect(buttonsOf(desk, card)).toBe('[ Last sign-ins ]  [ Authenticators ]');
  });
});

describe('the menu of a user’s card', () => {
  /** Repeats Slack's request for a choice from the menu, with something else in it. */
  async function forge(desk: HelpDesk, forged: Record<string, unknown>): Promise<Message> {
    const card = await cardOf(desk);
    const chosen = await desk.agent.chooses(card, more, 'Thaw f');
    await chosen?.answer();
    const body = new URLSearchParams(desk.workspace.lastRequest()?.body);
    const payload = JSON.parse(body.get('payload') ?? '');
    payload.trigger_id = randomUUID();
    Object.assign(payload.actions[0], forged);
    await desk.workspace.send({ form: { payload: JSON.stringify(payload) } });
    return (await chosen?.answer()) as Message;
  }

  const option = (value: string) => ({ text: { type: 'plain_text', text: 'x' }, value });

  it('is refused to somebody who is no longer an agent', async () => {
    const desk = await openHelpDesk({ changes: seven });
    const card = await cardOf(desk);
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(5 * 60_000);

    expect(desk.screen(await chooses(desk, card, 'Thaw f'))).toMatch(/^Sorry/);
  });

  it.each([
    ['is no button of another card', { block_id: 'auto-7' }],
    ['takes no person that the app did not seal', { block_id: 'grace@acme.test' }],
    ['knows no other operation', { selected_option: option('constructor') }],
    ['needs an option', { selected_option: null }],
  ])('%s', async (_, forged) => {
    const desk = await openHelpDesk({ changes: seven });

    expect(desk.screen(await forge(desk, forged))).toMatch(/^This button has expired/);
  });

  it('leads with a forged option to no more than the same words typed', async () => {
    const desk = await openHelpDesk({ changes: seven, env: { SECURID_APPROVERS: MIRA } });

    const lockdown = await forge(desk, { selected_option: option('lockdown') });
    const code = await forge(desk, { selected_option: option('user') });

    expect(desk.screen(lockdown)).toMatch(/^Sorry/);
    expect(code.text).toBe('Grace Okafor: Enabled');
  });

  it('has nobody’s address in what Slack sends back', async () => {
    const desk = await openHelpDesk({ changes: seven });
    const card = await cardOf(desk);

    const [menu] = placedIn(card.blocks).filter(({ element }) => element.type === 'overflow');

    expect(JSON.stringify([menu?.blockId, menu?.element])).not.toContain('acme');
  });
});
