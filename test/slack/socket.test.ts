import { App } from '@slack/bolt';
import { describe, expect, it, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import type { Fault } from '../../src/playground/workspace/index.ts';
import { boltLogger } from '../../src/slack/logger.ts';
import { createSocketMode } from '../../src/slack/socket-mode.ts';
import {
  APP_TOKEN,
  BOT_TOKEN,
  eventually,
  type HelpDesk,
  openHelpDesk,
} from '../support/help-desk.ts';
import { letTimePass } from '../support/passing-time.ts';
import { PATIENCE } from '../support/patience.ts';

const OPEN = 'apps.connections.open';
const USER = '/securid user grace@acme.test';

const refused = (error: string): Fault => ({
  status: 200,
  body: JSON.stringify({ ok: false, error }),
});

/** The log lines about failed tries. */
const failures = ({ logged }: HelpDesk) =>
  logged().filter(({ msg }) => msg === 'Slack gave no socket; trying again');

/** Moves on from try to try until the condition holds, and then one more. */
function goesOn(desk: HelpDesk) {
  let seen = 0;
  return async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      await eventually(() => isSo() || failures(desk).length > seen);
      seen = failures(desk).length;
      desk.clock.advance(Number(failures(desk).at(-1)?.pause ?? 0));
    }
  };
}

const isReady = async ({ ops }: Pick<HelpDesk, 'ops'>) => (await fetch(`${ops}/readyz`)).status;

describe('a socket', () => {
  it.each<[string, string, Fault, object]>([
    ['the handshake is never answered', 'handshake', 'hang', { reason: /handshake.* 5 s/ }],
    [
      'a firewall answers the handshake',
      'handshake',
      { status: 403 },
      { status: 403, cause: /^[^\d]/ },
    ],
    ['the handshake is cut off', 'handshake', 'reset', { cause: /ECONNRESET|UND_ERR_SOCKET/ }],
    ['Slack does not greet', 'hello', 'hang', { reason: /handshake.* 5 s/ }],
    ['its address is never told', OPEN, 'hang', { reason: /apps.connections.open.* 5 s/ }],
    ['a firewall answers in place of Slack', OPEN, { status: 403 }, { status: 403 }],
    ['Slack is down', OPEN, { status: 502, body: '<html>' }, { status: 502 }],
    ['Slack is not reached', OPEN, 'reset', { cause: /ECONNRESET|UND_ERR_SOCKET/ }],
    ['the app token is refused once', OPEN, refused('invalid_auth'), { refusal: 'invalid_auth' }],
    ['Slack errs', OPEN, refused('internal_error'), { refusal: 'internal_error' }],
    ['Slack says something else', OPEN, { status: 200, body: '{"ok":true}' }, {}],
    [
      'Slack has too much to do',
      OPEN,
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 429, pause: 7000 },
    ],
  ])('reconnects after %s, with a log line that says why', async (_, where, fault, reason) => {
    const desk = await openHelpDesk({ mode: 'socket' });
    desk.workspace.failNext(where, fault);

    desk.workspace.dropSockets();
    await eventually(() => desk.workspace.failuresToCome() === 0);
    if (fault === 'hang') desk.clock.advance(5000);
    await eventually(() => failures(desk).length === 1);
    expect(await isReady(desk)).toBe(503);
    desk.clock.advance(Number(failures(desk)[0]?.pause));
    await desk.workspace.connected();

    expect((await desk.agent.asks(USER)).text).toMatch(/^Grace/);
    const [line = {}] = failures(desk);
    for (const [name, value] of Object.entries(reason)) {
      if (value instanceof RegExp) expect(line[name]).toMatch(value);
      else expect(line[name]).toBe(value);
    }
  });

  it.each([
    ['invalid_auth', 'Slack does not accept SLACK_APP_TOKEN (invalid_auth)'],
    ['internal_error', 'Slack gives no socket'],
  ])('that Slack refuses (%s) is named in /readyz', async (code, says) => {
    const desk = await openHelpDesk({ mode: 'socket' });
    desk.workspace.failNext(OPEN, refused(code));

    desk.workspace.dropSockets();
    await eventually(() => failures(desk).length === 1);

    const response = await fetch(`${desk.ops}/readyz`);
    expect(await response.json()).toMatchObject({
      reasons: { slack: says },
      see: { slack: 'docs/troubleshooting.md#slack-gives-no-socket' },
    });
  });

  it('is retried with growing pauses of at most half a minute', async () => {
    const desk = await openHelpDesk({ mode: 'socket' });
    const until = goesOn(desk);
    desk.workspace.failNext(OPEN, { status: 502 }, 8);

    desk.workspace.dropSockets();
    await until(() => failures(desk).length === 8);

    expect(failures(desk).map(({ pause }) => Number(pause) / 1000)).toEqual([
      1, 2, 4, 8, 16, 30, 30, 30,
    ]);
    expect((await desk.agent.asks(USER)).text).toMatch(/^Grace/);
  });

  it('is replaced at once if Slack closes one', async () => {
    const desk = await openHelpDesk({ mode: 'socket' });

    desk.workspace.disconnect('refresh_requested');

    expect((await desk.agent.asks(USER)).text).toMatch(/^Grace/);
    expect(failures(desk)).toEqual([]);
  });

  it('that is closed again and again is not requested without a pause', async () => {
    const desk = await openHelpDesk({ mode: 'socket' });
    desk.workspace.disconnect();
    await desk.workspace.connected();
    desk.workspace.disconnect();
    const opened = () => desk.workspace.apiCalls.filter(({ method }) => method === OPEN).length;
    const before = opened();
    await vi.waitUntil(async () => (await isReady(desk)) === 503, PATIENCE);

    expect(opened()).toBe(before);

    const answer = await letTimePass(desk.clock, desk.agent.asks(USER));
    expect(answer.text).toMatch(/^Grace/);
  });

  it('is also waited for at the start', async () => {
    const desk = await openHelpDesk({ mode: 'socket' });
    desk.workspace.failNext(OPEN, refused('invalid_auth'));

    const second = desk.openSecondBot();
    await eventually(() => failures(desk).length === 1);
    desk.clock.advance(1000);

    expect(await isReady(await second)).toBe(200);
    expect(failures(desk)).toMatchObject([{ refusal: 'invalid_auth' }]);
  });
});

describe('a socket that closes because the app stops', () => {
  it('loses nothing that Slack has sent: another instance answers', async () => {
    const desk = await openHelpDesk({ mode: 'socket' });
    await desk.openSecondBot();

    const typed = Array.from({ length: 6 }, () => desk.agent.types(USER));
    await desk.app.stop();

    for (const { acknowledged, answer } of await Promise.all(typed)) {
      expect(acknowledged).toMatchObject({ ok: true });
      expect(await answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
    }
    expect(desk.logged().filter(({ level }) => Number(level) > 40)).toEqual([]);
  });

  it.each([
    ['once what came is acknowledged', 2999, true],
    ['after three seconds at the latest', 3000, false],
  ])('does so %s', async (_, wait, isInTime) => {
    const { agent, app, clock, workspace } = await openHelpDesk({ mode: 'socket' });
    await app.stop();
    const { bolt, receiver } = bare({ apiUrl: workspace.apiUrl, clock });
    const came = new Promise<() => Promise<void>>((resolve) => {
      bolt.command('/securid', async ({ ack }) => resolve(ack));
    });
    await bolt.start();

    const typed = agent.types('/securid help');
    const acknowledge = await came;
    await bolt.stop();
    clock.advance(wait);
    if (isInTime) {
      await acknowledge();
      expect((await typed).acknowledged.ok).toBe(true);
    }

    await eventually(() => !receiver.isConnected());
  });
});

/** Bolt with our receiver, and nothing else. */
function bare(around: Pick<Parameters<typeof createSocketMode>[0], 'apiUrl' | 'clock'>) {
  const log = createLog('silent');
  const receiver = createSocketMode({
    ...around,
    ...{ appToken: APP_TOKEN, fetch, log },
    onGivenUp() {},
  });
  const authorize = async () => ({ botToken: BOT_TOKEN });
  return { receiver, bolt: new App({ receiver, authorize, logger: boltLogger(log) }) };
}

describe('an app token', () => {
  it.each([
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'not_allowed_token_type',
  ])('that stays refused (%s) ends it after five minutes, not earlier', async (code) => {
    const desk = await openHelpDesk({ mode: 'socket' });
    const until = goesOn(desk);
    desk.workspace.failNext(OPEN, refused(code), 100);
    const since = desk.clock.elapsed();

    desk.workspace.dropSockets();
    await until(() => desk.clock.elapsed() - since >= 4.5 * 60_000);
    expect(desk.givenUp).toEqual([]);
    expect(await isReady(desk)).toBe(503);
    await until(() => desk.givenUp.length > 0);

    expect(String(desk.givenUp)).toContain(`SLACK_APP_TOKEN for five minutes: ${code}`);
    const tries = failures(desk).length;
    desk.clock.advance(10 * 60_000);
    expect(failures(desk)).toHaveLength(tries);
  });

  it('that is accepted meanwhile is no longer blamed', async () => {
    const desk = await openHelpDesk({ mode: 'socket' });
    const until = goesOn(desk);
    for (let time = 0; time < 2; time += 1) {
      desk.workspace.failNext(OPEN, refused('invalid_auth'), 10);
      desk.workspace.dropSockets();
      await until(() => failures(desk).length === 10 * (time + 1));
      expect((await desk.agent.asks(USER)).text).toMatch(/^Grace/);
      desk.clock.advance(60_000);
    }

    expect(desk.givenUp).toEqual([]);
  });

  it('is not blamed for what firewalls and Slack do, however long', async () => {
    const desk = await openHelpDesk({ mode: 'socket' });
    const until = goesOn(desk);
    desk.workspace.failNext(OPEN, { status: 403 }, 40);

    desk.workspace.dropSockets();
    await until(() => desk.workspace.failuresToCome() === 0);

    expect(desk.givenUp).toEqual([]);
  });
});
