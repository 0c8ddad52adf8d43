import { describe, expect, it } from 'vitest';
import { type Exchange, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';

const HOUR = 60 * 60_000;

/** Presses a card's button, then repeats Slack's request with another action. */
async function forgePress(desk: HelpDesk, action: Record<string, unknown>): Promise<Message> {
  const card = await desk.agent.asks('/securid user alan@acme.test');
  const press: Exchange = await desk.agent.presses(card, 'Authenticators');
  await press.answer();
  const body = new URLSearchParams(desk.workspace.lastRequest()?.body);
  const payload = JSON.parse(body.get('payload') ?? '');
  payload.trigger_id = 'another press';
  Object.assign(payload.actions[0], action);
  await desk.workspace.send({ form: { payload: JSON.stringify(payload) } });
  return (await press.answer()) as Message;
}

describe('a button that leads on', () => {
  it('is refused to somebody who is no longer an agent', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid user alan@acme.test');
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(5 * 60_000);
    const calls = desk.tenant.calls().length;

    const answer = await desk.agent.clicks(card, 'Authenticators');

    expect(desk.screen(answer)).toMatch(/^Sorry/);
    expect(desk.tenant.calls()).toHaveLength(calls);
  });

  it('works for a working day, then says that it is too old', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid user alan@acme.test');

    desk.clock.advance(12 * HOUR - 1000);
    expect((await desk.agent.clicks(card, 'Authenticators')).text).toMatch(/^Authenticators of/);

    desk.clock.advance(1000);
    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toMatchInlineSnapshot(
      `"This button has expired. Type the command again; \`/securid help\` lists them all."`,
    );
  });

  it.each([
    'unlock',
    'constructor',
    '__proto__',
    'toString',
    'follow-up:',
    'follow-up:constructor',
    'registration-code:',
    'x\n',
  ])('is too old if the app does not know the action %j', async (action_id) => {
    const desk = await openHelpDesk();

    const answer = await forgePress(desk, { action_id, value: 'grace@acme.test' });

    expect(desk.screen(answer)).toMatch(/^This button has expired/);
  });

  it('does nothing with a value that the app did not seal', async () => {
    const desk = await openHelpDesk();
    const value = JSON.stringify({ operation: 'authenticators', input: { who: { email: 'x@y' } } });

    const answer = await forgePress(desk, { value });

    expect(desk.screen(answer)).toMatch(/^This button has expired/);
  });

  it('does nothing with a value that was sealed for another button', async () => {
    const desk = await openHelpDesk();
    const code = await desk.agent.asks('/securid code alan@acme.test');
    const [, value] = JSON.stringify(code.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];

    const answer = await forgePress(desk, { value });

    expect(desk.screen(answer)).toMatch(/^This button has expired/);
  });

  it('reports a failure below the card, which stays', async () => {
    const desk = await openHelpDesk();
    const list = await desk.agent.asks('/securid authenticators grace@acme.test');
    const before = desk.screen(list);
    desk.tenant.answerNext({ status: 500 });

    const answer = await desk.agent.clicks(list, 'Show browsers');

    expect(desk.screen(answer)).toMatch(/^⚠️ SecurID did not answer/);
    expect(desk.screen(list)).toBe(before);
  });
});
