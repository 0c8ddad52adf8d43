import { describe, expect, it } from 'vitest';
import { IT_MANAGERS_GROUP, MIRA, SECURITY } from '../../src/playground/company.ts';
import { declared } from '../support/declared-change.ts';
import { eventually, type HelpDesk, modal, openHelpDesk } from '../support/help-desk.ts';

/** Takes access away. For SecurID it is an unlock. */
const shut = declared({
  name: 'shut',
  risk: 'protects',
  needsUser: [],
  verify: 'Shut the account',
});

const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({
    changes: [shut],
    env: {
      SECURID_SECURITY_CHANNEL: SECURITY,
      SECURID_APPROVERS: MIRA,
      SECURID_PROTECTED: 'alan@acme.test',
      ...env,
    },
  });

async function shutFor(desk: HelpDesk, who: string, before = () => {}) {
  const card = await desk.agent.asks(`/securid shut ${who}`);
  const press = await desk.agent.presses(card, 'Shut the account');
  const form = modal(await press.answer());
  desk.agent.fills(form, 'Ticket', 'INC-4711');
  desk.agent.fills(form, 'Reason', 'Left the company');
  before();
  await desk.agent.submits(form);
  await eventually(() => desk.screen(card).includes('Thawed.'));
  return card;
}

const toSecurity = (desk: HelpDesk) =>
  desk.workspace.messages.filter(({ channel }) => channel === SECURITY).map(desk.screen);

describe('a change that takes access away', () => {
  it('of a protected user is told to security, and the user reads whom to call', async () => {
    const desk = await openDesk();

    await shutFor(desk, 'alan@acme.test');
    await eventually(() => toSecurity(desk).length > 0);

    expect(toSecurity(desk).join()).toMatch(
      /^🛡️ @jonas thawed an account\. This user is protected\.\n {2}for Alan Mertens · incident /,
    );
    const notice = desk.workspace.seenBy('U0ALAN', 'DU0ALAN').at(-1);
    expect(notice && desk.screen(notice)).toMatchInlineSnapshot(`
      "🛡️ Your SecurID account was thawed by @jonas at 2026-03-04 09:00.
      If you did not expect this, please call your security team.
        Incident \`####-####\`"
    `);
  });

  it.each([
    ['nobody else', 'noor@acme.test', {}],
    ['anybody, if nobody is protected', 'alan@acme.test', { SECURID_PROTECTED: '' }],
  ])('is not told to security of %s', async (_, who, env) => {
    const desk = await openDesk(env);

    await shutFor(desk, who);
    await desk.close();

    expect(toSecurity(desk)).toEqual([]);
  });

  it('is told to security if Slack does not say whether the user is protected', async () => {
    const desk = await openDesk({ SECURID_PROTECTED: IT_MANAGERS_GROUP });
    await shutFor(desk, 'alan@acme.test', () =>
      desk.workspace.setAlways((where) =>
        where === 'users.lookupByEmail' ? { status: 500 } : undefined,
      ),
    );
    await eventually(() => toSecurity(desk).length > 0);

    expect(toSecurity(desk).join()).toContain(
      'SecurID Desk could not check whether this user is protected.',
    );
  });
});
