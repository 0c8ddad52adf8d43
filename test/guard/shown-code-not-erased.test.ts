import { describe, expect, it } from 'vitest';
import { eventually, openHelpDesk } from '../support/help-desk.ts';
import { passes, waitsFor } from '../support/passing-time.ts';
import {
  answerWithCodeFor,
  arrived,
  events,
  holdCode,
  MINUTE,
  posts,
  showCode,
} from '../support/registration-code.ts';

describe('a registration code on the screen that Slack does not let be erased', () => {
  it('is erased when it expires even if hiding it failed', async () => {
    const desk = await openHelpDesk();
    const { message, press, code } = await showCode(desk);
    desk.workspace.failNext('response_url', { status: 500 }, 3);
    await desk.agent.presses(message, 'Hide now');
    await passes(desk.clock, 'a moment');
    await passes(desk.clock, 'a moment');
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    expect(desk.screen(message)).toContain(code);

    desk.clock.advance(5 * MINUTE);
    await press.answer();

    expect(desk.screen(message)).not.toContain(code);
  });

  it('is erased later if Slack refused when it expired', async () => {
    const desk = await openHelpDesk();
    const { message, press, code } = await showCode(desk);
    desk.workspace.failNext('response_url', { status: 503 }, 2);

    desk.clock.advance(5 * MINUTE);
    await passes(desk.clock, 'a while');
    await waitsFor(desk.clock, 'a while');
    expect(desk.screen(message)).toContain(code);
    await passes(desk.clock, 'a while');
    await press.answer();

    expect(desk.screen(message)).toMatch(/^The registration code for Alan Mertens has expired/);
    await eventually(() => events(desk).at(-1) === 'expired');
  });

  it('can be hidden even if Slack did not let it be erased when it expired', async () => {
    const desk = await openHelpDesk();
    const { message } = await showCode(desk);
    desk.workspace.failNext('response_url', { status: 503 });
    desk.clock.advance(5 * MINUTE);
    await waitsFor(desk.clock, 'a while');

    await desk.agent.clicks(message, 'Hide now');

    expect(desk.screen(message)).toContain('hidden');
    await eventually(() => events(desk).at(-1) === 'hidden');
  });

  it('stays hidden even if it was still being sent again', async () => {
    const desk = await openHelpDesk();
    const { card, press, hold } = await holdCode(desk);
    desk.workspace.failNext('response_url', 'reset after');
    hold.release();
    await press.answer();
    expect(desk.screen(card)).toMatch(/^Registration code for Alan Mertens/);

    await desk.agent.clicks(card, 'Hide now');
    expect(desk.screen(card)).toContain('hidden');
    await passes(desk.clock, 'a moment');
    await press.answer();
    await press.answer();

    expect(desk.screen(card)).toContain('hidden');
  });

  it('is erased even if Slack did not confirm that it arrived', async () => {
    const desk = await openHelpDesk();
    const { card, press, hold } = await holdCode(desk);
    desk.workspace.failNext('response_url', 'hang');
    hold.release();
    await arrived(desk, 'Registration code for');
    await passes(desk.clock, 'seconds');

    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    desk.clock.advance(5 * MINUTE);

    expect(await press.answer()).toBe(card);
    expect(desk.screen(card)).toMatch(/^The registration code for Alan Mertens has expired/);
    await eventually(() => desk.logged().some(({ msg }) => /may come late/.test(String(msg))));
  });

  it('is erased even if it expired while it was being sent again', async () => {
    const desk = await openHelpDesk();
    answerWithCodeFor(desk, 100);
    const { card, hold } = await holdCode(desk);
    desk.workspace.failNext('response_url', { status: 502 });
    hold.release();
    await passes(desk.clock, 'a moment');
    await desk.agent.asks('/securid help');
    await passes(desk.clock, 'a moment');

    await eventually(() => desk.screen(card).includes('has expired'));
    await desk.app.stop();
    expect(desk.screen(card)).toContain('has expired');
  });

  it('is sent, replaced and erased with at most five posts', async () => {
    const desk = await openHelpDesk();
    const { card, press, hold } = await holdCode(desk);
    desk.workspace.failNext('response_url', { status: 502 }, 2);
    hold.release();
    await passes(desk.clock, 'a moment');
    await passes(desk.clock, 'a moment');
    await press.answer();
    expect(desk.screen(card)).toContain('Hide now');

    desk.workspace.failNext('response_url', { status: 502 });
    desk.clock.advance(5 * MINUTE);
    await eventually(() =>
      desk.logged().some(({ msg }) => msg === 'registration code could not be erased'),
    );

    expect(posts(desk).filter((body) => body.replace_original)).toHaveLength(5);
  });
});
