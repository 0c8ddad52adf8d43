import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA } from '../../src/playground/company.ts';
import {
  eventually,
  type HelpDesk,
  type Message,
  openHelpDesk,
  type Shown,
  type View,
} from '../support/help-desk.ts';
import { inTime } from '../support/passing-time.ts';
import { rowsIn } from '../support/rows.ts';
import { fillIn } from '../support/verification.ts';

const CODES = 'POST /v1/users/deviceRegistrationCode';
const message = (shown: Shown) => shown as Message;

const SAID = '⏳ This is taking longer than usual. The answer will appear here within 20 seconds.';

const screens = (desk: HelpDesk) =>
  desk.workspace.messages.filter(({ deleted }) => !deleted).map(desk.screen);

describe('an answer that takes its time', () => {
  it('says so once, after three seconds', async () => {
    const desk = await openHelpDesk();
    desk.tenant.setDelay(5000);
    const asked = await desk.agent.types('/securid user grace@acme.test');
    await desk.tenant.saw('POST /v1/users/lookup', 1);

    desk.clock.advance(3000);
    expect(screens(desk)).toEqual([]);
    desk.clock.advance(1);
    expect(desk.screen(await asked.answer())).toBe(SAID);

    await inTime(desk, () => screens(desk).length > 1);
    expect(screens(desk)[1]).toMatch(/^# Grace Okafor/);
    desk.clock.advance(60_000);
    expect(screens(desk)).toHaveLength(2);
  });

  it('is not announced if it came in time', async () => {
    const desk = await openHelpDesk();
    await desk.agent.asks('/securid user grace@acme.test');
    await (await desk.agent.types('/securid')).answer();

    desk.clock.advance(60_000);

    expect(screens(desk)).toHaveLength(1);
  });

  it('is announced in place of the pressed card, which then has no buttons', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid authenticators grace@acme.test');
    desk.tenant.setDelay(3500);
    const press = await desk.agent.presses(card, 'Show browsers');
    await desk.tenant.saw('POST /v1/users/lookup', 2);

    desk.clock.advance(3001);
    expect(desk.screen(await press.answer())).toBe(SAID);
    expect(screens(desk)).toEqual([SAID]);

    await inTime(desk, () => !screens(desk).includes(SAID));
    expect(screens(desk)).toHaveLength(1);
    expect(screens(desk)[0]).toContain('2 browsers');
  });

  it('is announced beside a card that stays', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid user grace@acme.test');
    desk.tenant.setDelay(3500);
    const press = await desk.agent.presses(card, 'Authenticators');
    await desk.tenant.saw('POST /v1/users/lookup', 2);

    desk.clock.advance(3001);
    await press.answer();
    expect(screens(desk)).toEqual([expect.stringContaining('# Grace Okafor'), SAID]);

    await inTime(desk, () => screens(desk).length > 2);
    expect(screens(desk)[2]).toContain('# Authenticators of Grace Okafor');
  });

  it('never comes before the announcement, and comes whatever became of that', async () => {
    const desk = await openHelpDesk();
    desk.tenant.setDelay(3500);
    desk.workspace.failNext('response_url', 'hang');
    await desk.agent.types('/securid user grace@acme.test');
    await desk.tenant.saw('POST /v1/users/lookup', 1);

    await inTime(desk, () => screens(desk).length > 0);

    expect(screens(desk)[0]).toMatch(/^# Grace Okafor/);
    expect(desk.printed.join()).toContain('could not say that an answer takes longer than usual');
  });

  it('that fails replaces the announcement that replaced the card', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid authenticators grace@acme.test');
    desk.tenant.setAlways('hang');
    await desk.agent.presses(card, 'Show browsers');
    await desk.tenant.saw('POST /v1/users/lookup', 2);

    await inTime(desk, () => screens(desk).some((screen) => screen.includes('Try again')));

    expect(screens(desk)).toHaveLength(1);
    expect(screens(desk)[0]).toMatch(/^⚠️ SecurID did not answer/);
  });
});

describe('“Try again”', () => {
  it('runs what was typed, in place of the failure message', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 500 });
    const failure = await desk.agent.asks('/securid authenticators Grace@Acme.test browsers');
    expect(desk.screen(failure)).toMatch(/\[ Try again \]$/);

    const answer = await desk.agent.clicks(failure, 'Try again');

    expect(answer.ts).toBe(failure.ts);
    expect(desk.screen(answer)).toContain('2 browsers');
    expect(screens(desk)).toHaveLength(1);
  });

  it('is offered again when it fails again', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 500 }, 2);
    const failure = await desk.agent.asks('/securid token 000000900001');

    const second = await desk.agent.clicks(failure, 'Try again');
    expect(desk.screen(second)).toMatch(/^⚠️ SecurID did not answer[\s\S]*\[ Try again \]$/);

    expect((await desk.agent.clicks(second, 'Try again')).text).toMatch(/^Hardware token/);
  });

  it.each([
    '/securid user grace@acme.test',
    '/securid token 000000900001',
    '/securid code alan@acme.test ios',
  ])('is offered after a failure of %s', async (typed) => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 500 });

    const failure = await desk.agent.asks(typed);

    expect(desk.screen(failure)).toContain('[ Try again ]');
    expect(desk.screen(await desk.agent.clicks(failure, 'Try again'))).toMatch(/^# /);
  });

  it('shows a summary to the channel, and tells the asker so', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 500 });
    const failure = await desk.manager.asks('/securid license');

    await desk.manager.clicks(failure, 'Try again');
    await eventually(() => screens(desk).includes('The answer is in the channel.'));

    expect(screens(desk)).toEqual([
      'The answer is in the channel.',
      expect.stringMatching(/^# RSA ID Plus license summary/),
    ]);
  });

  it('pressed twice at once runs once', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 500 });
    const failure = await desk.manager.asks('/securid license');

    const press = () => desk.manager.presses(failure, 'Try again');
    await Promise.all([press(), press()]);
    const ended = () => desk.logged().filter(({ operation }) => operation === 'follow-up:license');
    await eventually(() => ended().length === 2);

    expect(ended().map(({ msg }) => msg)).toEqual(['pressed twice at once', 'answered']);
    expect(screens(desk)).toEqual([
      'The answer is in the channel.',
      expect.stringMatching(/^# RSA ID Plus license summary/),
    ]);
  });

  it('is not offered if what was typed is at fault', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 400, body: { description: 'Wrong number of properties.' } });

    expect(desk.screen(await desk.agent.asks('/securid user grace@acme.test'))).not.toContain('[');
  });

  it('checks again whether the presser may', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 500 });
    const failure = await desk.agent.asks('/securid user grace@acme.test');
    for (const group of desk.workspace.groups) group.users.splice(0);
    desk.clock.advance(10 * 60_000);

    expect(desk.screen(await desk.agent.clicks(failure, 'Try again'))).toMatch(/^Sorry, /);
  });
});

describe('“Try again”, where no code was issued', () => {
  const reason = 'New telephone, and the old one is gone <!here>';

  it('opens a form that contains what was filled in', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test');
    const { press, form } = await fillIn(desk.agent, card, {
      ticket: 'INC-0815',
      reason,
      platform: 'Android',
    });
    desk.tenant.answerNext({ status: 500 });
    await desk.agent.submits(form);
    const failure = message(await press.answer());
    expect(desk.screen(failure)).toMatch(/^⚠️ No code was issued\.[\s\S]*\[ Try again \]$/);
    expect(desk.tenant.issuedCodes).toHaveLength(0);

    const next = await desk.agent.clicks(failure, 'Try again');
    expect(desk.screen(next)).toMatch(/^# Registration code for Alan Mertens/);
    const again = await desk.agent.presses(next, 'Verify and issue');
    const refilled = await again.answer();
    await desk.agent.submits(refilled as View);
    const issued = () => rowsIn(desk.auditFile).find(({ event }) => event === 'done');
    await eventually(() => issued() !== undefined);

    expect(issued()).toMatchObject({
      method: 'In person with badge',
      ticket: 'INC-0815',
      reason,
      input: { platform: 'android' },
    });
  });

  it('keeps the longest reasons, or drops them if a button cannot carry them', async () => {
    const desk = await openHelpDesk();
    for (const long of ['x'.repeat(300), '電'.repeat(300)]) {
      const card = await desk.agent.asks('/securid code alan@acme.test ios');
      const { press, form } = await fillIn(desk.agent, card, { reason: long });
      desk.tenant.answerNext({ status: 500 });
      await desk.agent.submits(form);
      const failure = message(await press.answer());

      const next = await desk.agent.clicks(failure, 'Try again');

      expect(desk.screen(next)).toContain('[ Verify and issue ]');
    }
  });

  it('is never offered if a code may have been issued', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const { press, form } = await fillIn(desk.agent, card);
    desk.tenant.answerNext('cut off', 1, CODES);
    await desk.agent.submits(form);
    await press.answer();
    const unknown = message(await press.answer());

    expect(desk.screen(unknown)).toMatch(
      /^⚠️ SecurID may have issued a code, but no usable answer arrived/,
    );
    expect(desk.screen(unknown)).not.toContain('Try again');
  });

  it('cannot be pressed twice while the code is checked', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const { form } = await fillIn(desk.agent, card);
    desk.tenant.setDelay(4000);
    await desk.agent.submits(form);
    await desk.tenant.saw('POST /v1/users/lookup', 2);
    expect(desk.screen(card)).toContain('[ Verify and issue ]');

    desk.clock.advance(3001);
    await eventually(() => screens(desk)[0]?.startsWith('Checking') === true);

    expect(screens(desk)).toEqual([
      'Checking whether a registration code can be issued for Alan Mertens… This is taking longer than usual. No code has been issued yet.',
    ]);
    desk.tenant.setDelay(0);
    await inTime(desk, () => screens(desk)[0]?.includes('[ Hide now ]') === true);
    expect(desk.tenant.issuedCodes).toHaveLength(1);
  });

  it('leaves enough uses of the response URL to erase a code', async () => {
    const desk = await openHelpDesk({
      env: {
        SECURID_APPROVAL: 'always',
        SECURID_APPROVAL_CHANNEL: APPROVALS,
        SECURID_APPROVERS: MIRA,
      },
    });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const { form } = await fillIn(desk.agent, card);
    desk.tenant.setDelay(4000);
    await desk.agent.submits(form);
    await desk.tenant.saw('POST /v1/users/lookup', 2);
    desk.clock.advance(3001);
    await eventually(() => screens(desk)[0]?.startsWith('Checking') === true);
    desk.tenant.setDelay(0);
    desk.workspace.failNext('response_url', { status: 503 });
    const request = () => desk.workspace.messages.find(({ channel }) => channel === APPROVALS);
    await inTime(desk, () => request() !== undefined);
    await inTime(desk, () => desk.logged().some(({ outcome }) => outcome === 'not delivered'));

    let posts = 0;
    // First the decision, then "Asking SecurID…", then the code, whose first try fails.
    desk.workspace.setAlways((where) =>
      where === 'response_url' && ++posts === 3 ? { status: 503 } : undefined,
    );
    await desk.manager.presses(request() as Message, 'Approve');
    await eventually(() => posts >= 3);

    await inTime(desk, () => screens(desk)[0]?.includes('was removed') === true);
    expect(desk.tenant.issuedCodes).toHaveLength(1);
  });
});
