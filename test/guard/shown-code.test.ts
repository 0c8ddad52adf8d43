import { describe, expect, it } from 'vitest';
import { eventually, openHelpDesk } from '../support/help-desk.ts';
import {
  answerWithCodeFor,
  cardFor,
  issue,
  MINUTE,
  showCode,
} from '../support/registration-code.ts';
import { fillIn } from '../support/verification.ts';

describe('a registration code on the screen', () => {
  it('is erased when it expires', async () => {
    const desk = await openHelpDesk();
    const { message, press, code } = await showCode(desk);

    desk.clock.advance(5 * MINUTE - 1);
    expect(desk.screen(message)).toContain(code);
    desk.clock.advance(1);

    expect(await press.answer()).toBe(message);
    expect(desk.screen(message)).toMatchInlineSnapshot(
      `"The registration code for Alan Mertens has expired and was removed."`,
    );
    expect(JSON.stringify(message)).not.toContain(code);
  });

  it('is erased by “Hide now”, and only once', async () => {
    const desk = await openHelpDesk();
    const { message, press, code } = await showCode(desk);

    expect(await desk.agent.clicks(message, 'Hide now')).toBe(message);
    await eventually(() => desk.clock.waiting() === 0);
    desk.clock.advance(5 * MINUTE);
    await desk.agent.asks('/securid help');

    expect(desk.screen(message)).toMatchInlineSnapshot(
      `"The registration code for Alan Mertens was hidden. It stays valid until it is used or expires."`,
    );
    expect(JSON.stringify(message)).not.toContain(code);
    expect(press.answers()).toHaveLength(3);
  });

  it('can be hidden by somebody who is no longer an agent', async () => {
    const desk = await openHelpDesk();
    const { message, code } = await showCode(desk);
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(MINUTE);

    await desk.agent.clicks(message, 'Hide now');

    expect(desk.screen(message)).not.toContain(code);
  });

  it('is erased in time even if the clock here is slow', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    answerWithCodeFor(desk, 5 * MINUTE + 90_000);
    await issue(desk, card);

    desk.clock.advance(5 * MINUTE);

    await eventually(() => desk.screen(card).includes('has expired'));
  });

  it.each([-60, 60])('is erased in time, with the clock set by %i minutes', async (minutes) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    await issue(desk, card);
    desk.clock.set(minutes * MINUTE);

    desk.clock.advance(5 * MINUTE - 1);
    expect(desk.screen(card)).not.toContain('has expired');
    desk.clock.advance(1);

    await eventually(() => desk.screen(card).includes('has expired'));
  });

  it('is erased while Slack still allows it, however long it lives', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    answerWithCodeFor(desk, 24 * 60 * MINUTE);
    const { press, form } = await fillIn(desk.agent, card);
    desk.clock.advance(9 * MINUTE);
    await desk.agent.submits(form);
    await press.answer();
    await press.answer();
    expect(desk.screen(card)).toContain('Hide now');

    desk.clock.advance(20 * MINUTE);

    await eventually(() => desk.screen(card).includes('has expired'));
  });
});
