import { describe, expect, it } from 'vitest';
import { eventually, openHelpDesk } from '../support/help-desk.ts';
import { letTimePass, passes, waitsFor } from '../support/passing-time.ts';
import { arrived, holdCode, MINUTE, showCode } from '../support/registration-code.ts';

describe('a registration code on the screen, when the app stops', () => {
  it('is erased even if Slack refused when it expired', async () => {
    const desk = await openHelpDesk();
    const { message } = await showCode(desk);
    desk.workspace.failNext('response_url', { status: 503 });
    desk.clock.advance(5 * MINUTE);
    await waitsFor(desk.clock, 'a while');

    await desk.app.stop();

    expect(desk.screen(message)).toContain('was removed because SecurID Desk is restarting');
  });

  it('is erased even if Slack ignored the first try', async () => {
    const desk = await openHelpDesk();
    const { message } = await showCode(desk);
    desk.workspace.failNext('response_url', 'hang');

    const stopped = desk.app.stop();
    await arrived(desk, 'was removed');
    await passes(desk.clock, 'seconds');
    await passes(desk.clock, 'a moment');
    await stopped;

    expect(desk.screen(message)).toContain('was removed because SecurID Desk is restarting');
  });

  it('is erased before the app stops, even if it is expiring at that moment', async () => {
    const desk = await openHelpDesk();
    const { message, code } = await showCode(desk);
    desk.workspace.failNext('response_url', 'hang');
    desk.clock.advance(5 * MINUTE);
    await arrived(desk, 'has expired');

    const stopped = desk.app.stop();
    await passes(desk.clock, 'seconds');
    await stopped;

    expect(JSON.stringify(message)).not.toContain(code);
  });

  it('is erased', async () => {
    const desk = await openHelpDesk();
    const { message, code } = await showCode(desk);

    await desk.app.stop();

    expect(desk.screen(message)).toMatchInlineSnapshot(
      `"The registration code for Alan Mertens was removed because SecurID Desk is restarting. It stays valid until it is used or expires."`,
    );
    expect(JSON.stringify(message)).not.toContain(code);
  });

  it('is erased after it has arrived, even if Slack was slow', async () => {
    const desk = await openHelpDesk();
    const { card, press, hold } = await holdCode(desk);
    desk.workspace.failNext('response_url', { delay: 4500 });
    hold.release();
    await arrived(desk, 'Registration code for');
    await passes(desk.clock, 'seconds');
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));

    const stopped = desk.app.stop();
    await passes(desk.clock, 'seconds');
    await press.answer();
    expect(desk.screen(card)).toMatch(/^Registration code for Alan Mertens/);
    await passes(desk.clock, 'seconds');
    await stopped;

    expect(desk.screen(card)).toContain('was removed because SecurID Desk is restarting');
  });

  it('is not shown by an app that has stopped waiting for it', async () => {
    const desk = await openHelpDesk();
    const { card, press, hold } = await holdCode(desk);

    await letTimePass(desk.clock, desk.app.stop());
    hold.release();

    await press.answer();
    expect(desk.screen(card)).toMatch(/^The registration code for Alan Mertens was removed/);
    const code = desk.tenant.issuedCodes[0]?.code ?? '';
    expect(desk.workspace.bodies.join()).not.toContain(code);
  });
});
