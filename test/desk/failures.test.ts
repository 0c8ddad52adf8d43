import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/playground/tenant/index.ts';
import { eventually, type HelpDesk, incidentOf, openHelpDesk } from '../support/help-desk.ts';
import { passes } from '../support/passing-time.ts';

const LOOKUP = 'POST /v1/users/lookup';
const PAGE = '<html><head><title>504</title></head><body><h1>Gateway Time-out</h1></body></html>';
const WRONG_TOKEN = 'Server failed to process provided access token';
const DENIED = { timestamp: 1, status: 403, error: 'Forbidden', message: 'Access is denied' };

const failed = ({ logged }: HelpDesk) => logged().find(({ msg }) => msg === 'failed');

const READS = {
  typing: 'SecurID did not accept that. Check what you typed and try again.',
  key: "SecurID refused this app's key. Please ask the SecurID administrators to check the key's role and permissions, the Admin API license and this server's clock.",
  role: "SecurID refused this app's key. Please ask the SecurID administrators to check the key's role, which has to cover `rsa.user.read`, the Admin API license and this server's clock.",
  changed: 'The record has changed in SecurID since. Look again before you go on.',
  busy: 'SecurID is busy. Try again in 60 s.',
  silent: 'SecurID did not answer. Try again in a minute.',
  strange:
    'SecurID sent an answer that this app does not understand. Please give the incident number to your SecurID Desk administrator.',
};

/** The footnote below it, for the administrator. */
const PLACES: Record<string, string> = {
  key: 'securid-refuses-this-apps-key',
  role: 'securid-refuses-this-apps-key',
  strange: 'securid-sends-an-answer-that-is-not-understood',
};

describe('when SecurID fails a look-up', () => {
  it('logs what the token endpoint said', async () => {
    const env = { SECURID_OAUTH_SCOPE: 'rsa.user.write' };
    const desk = await openHelpDesk({ credential: 'oauth rsa', env });

    const answer = await desk.agent.asks('/securid user grace@acme.test');

    expect(desk.screen(answer)).toContain(READS.key);
    expect(failed(desk)).toMatchObject({
      err: { code: 'NOT_AUTHORIZED', message: 'POST /oauth/token: 400 invalid_scope' },
    });
  });

  it.each([
    {
      fault: { status: 400, body: { description: 'Wrong number of properties.' } },
      reads: 'typing',
    },
    { fault: { status: 401 }, times: 2, reads: 'key' },
    { fault: { status: 403, body: { ...DENIED, message: WRONG_TOKEN } }, times: 2, reads: 'key' },
    { fault: { status: 403, body: DENIED }, reads: 'role' },
    { fault: { status: 400, body: PAGE }, reads: 'strange' },
    { fault: { status: 401, body: PAGE }, times: 2, reads: 'strange' },
    { fault: { status: 403, body: PAGE }, reads: 'strange' },
    { fault: { status: 403, body: 'Blocked by policy' }, reads: 'strange' },
    { fault: { status: 404, body: PAGE }, reads: 'strange' },
    { fault: { status: 409, body: { description: 'Conflict' } }, reads: 'changed' },
    { fault: { status: 415, body: { description: 'Not JSON' } }, reads: 'typing' },
    { fault: { status: 429, headers: { 'retry-after': '60' } }, reads: 'busy' },
    { fault: { status: 500, body: { description: 'NullPointerException' } }, reads: 'silent' },
    { fault: { status: 502, body: PAGE }, times: 3, reads: 'silent' },
    { fault: { status: 503, body: PAGE }, times: 3, reads: 'silent' },
    { fault: { status: 504, body: PAGE }, times: 3, reads: 'silent' },
    { fault: { status: 200, body: PAGE }, reads: 'strange' },
    { fault: { status: 200, body: '' }, reads: 'strange' },
    { fault: { status: 200, body: [] }, reads: 'strange' },
    { fault: { status: 200, body: { id: null } }, reads: 'strange' },
    { fault: { status: 302, headers: { location: 'https://evil.test/' } }, reads: 'strange' },
    { fault: 'reset', times: 3, reads: 'silent' },
    { fault: 'reset after', times: 3, reads: 'silent' },
    { fault: 'cut off', times: 3, reads: 'silent' },
  ] as const)('explains it in a sentence: $fault', async ({ fault, reads, ...more }) => {
    const times = 'times' in more ? more.times : 1;
    const desk = await openHelpDesk();
    desk.tenant.answerNext(fault as Fault, times);

    const answer = await desk.agent.asks('/securid user grace@acme.test');

    // *Try again* helps unless the request itself is wrong.
    const again = reads === 'typing' ? '' : '\n[ Try again ]';
    const place = PLACES[reads]
      ? `\n  For your SecurID Desk administrator: \`docs/troubleshooting.md#${PLACES[reads]}\``
      : '';
    expect(desk.screen(answer)).toBe(`⚠️ ${READS[reads]}\n  Incident \`####-####\`${place}${again}`);
    expect(desk.tenant.calls()).toEqual(Array(times).fill(LOOKUP));
    expect(failed(desk)).toMatchObject({ incident: incidentOf(answer), operation: 'user' });

    expect((await desk.agent.asks('/securid help')).text).toMatch(/^You can use/);
  });

  it('says so when there is no answer in time', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext('hang', 3);
    const asked = await desk.agent.types('/securid user grace@acme.test');

    await desk.tenant.saw(LOOKUP, 1);
    desk.clock.advance(8000);
    await desk.tenant.saw(LOOKUP, 2);
    desk.clock.advance(7000);

    expect(desk.screen(await asked.answer())).toMatchInlineSnapshot(`
      "⚠️ SecurID did not answer. Try again in a minute.
        Incident \`####-####\`
      [ Try again ]"
    `);
    expect(failed(desk)).toMatchObject({ ms: 15_000 });
  });

  it('says so when SecurID cannot be reached', async () => {
    const desk = await openHelpDesk();
    await desk.tenant.stop();

    const answer = await desk.agent.asks('/securid user grace@acme.test');

    expect(desk.screen(answer)).toMatch(/^⚠️ SecurID did not answer/);
    expect(failed(desk)).toMatchObject({ incident: incidentOf(answer) });
  });

  it('still answers after a short disturbance', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 503, body: PAGE });
    desk.tenant.answerNext('reset');

    expect((await desk.agent.asks('/securid user grace@acme.test')).text).toMatch(/^Grace/);
  });

  it('waits as long as a 429 asks for', async () => {
    const desk = await openHelpDesk();
    desk.tenant.answerNext({ status: 429, headers: { 'retry-after': '3' } });
    const asked = await desk.agent.types('/securid token 000000900001');

    await eventually(() => desk.clock.nextIn() === 3000);
    expect(desk.tenant.calls()).toHaveLength(1);
    desk.clock.advance(3000);

    expect(await asked.answer()).toMatchObject({ text: 'Hardware token 000000900001: Activated' });
  });

  it('waits a moment after a 429 that names no time', async () => {
    const desk = await openHelpDesk({ pace: { pause: 500 } });
    desk.tenant.answerNext({ status: 429 });
    const asked = await desk.agent.types('/securid token 000000900001');

    await passes(desk.clock, 'a moment');

    expect(await asked.answer()).toMatchObject({ text: 'Hardware token 000000900001: Activated' });
  });

  it('renews a token that the tenant no longer accepts, and answers', async () => {
    const desk = await openHelpDesk({ credential: 'oauth ec' });
    await desk.agent.asks('/securid user grace@acme.test');
    desk.tenant.revokeTokens(401);

    expect((await desk.agent.asks('/securid user alan@acme.test')).text).toMatch(/^Alan/);
  });

  it.each(['api key', 'oauth rsa', 'oauth ec'] as const)(
    "says that the app's key is refused: %s",
    async (credential) => {
      const desk = await openHelpDesk({ credential });
      desk.tenant.setKeyRefused(true);

      const answer = await desk.agent.asks('/securid user grace@acme.test');

      expect(desk.screen(answer)).toMatch(/^⚠️ SecurID refused this app's key\./);
    },
  );

  it("says that the app's key is refused when a permission is missing", async () => {
    const desk = await openHelpDesk({ credential: 'oauth rsa' });
    desk.tenant.oauth.scopes.splice(0);

    const answer = await desk.agent.asks('/securid user grace@acme.test');

    expect(desk.screen(answer)).toMatch(/^⚠️ SecurID refused this app's key\./);
  });
});

describe('when Slack does not accept an answer', () => {
  it.each(['reset', { status: 500 }, { status: 503, body: PAGE }] as const)(
    'posts it two more times: %j',
    async (fault) => {
      const desk = await openHelpDesk();
      desk.workspace.failNext('response_url', fault, 2);
      const asked = await desk.agent.types('/securid user grace@acme.test');

      await passes(desk.clock, 'a moment');
      await passes(desk.clock, 'a moment');

      expect(await asked.answer()).toMatchObject({ text: 'Grace Okafor: Enabled' });
      expect(failed(desk)).toBeUndefined();
    },
  );

  it.each([
    { fault: { status: 404, body: 'used_url' }, message: 'response_url refused: used_url' },
    { fault: { status: 404, body: PAGE }, message: 'response_url refused: no reason given' },
    {
      fault: { status: 200, body: '{"ok":false,"error":"no_text"}' },
      message: 'response_url refused: no_text',
    },
  ])('logs why, with the incident number: $message', async ({ fault, message }) => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('response_url', fault);

    await desk.agent.types('/securid user grace@acme.test');
    await eventually(() => failed(desk) !== undefined);

    expect(failed(desk)).toMatchObject({
      incident: expect.stringMatching(/^\w{4}-\w{4}$/),
      operation: 'user',
      err: { type: 'ReplyError', message },
    });
    expect((await desk.agent.asks('/securid help')).text).toMatch(/^You can use/);
  });

  it('does not post again what may have arrived', async () => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('response_url', 'hang');

    const posted = () => desk.workspace.bodies.filter((body) => body.includes('You can use'));
    await desk.agent.types('/securid help');
    await eventually(() => posted().length === 1);
    await passes(desk.clock, 'seconds');
    await eventually(() => failed(desk) !== undefined);

    expect(posted()).toHaveLength(1);
    expect(failed(desk)).toMatchObject({
      err: { message: 'response_url did not answer in time' },
    });
  });
});
