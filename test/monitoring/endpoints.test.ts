import { describe, expect, it, vi } from 'vitest';
import { type HelpDesk, keepBody, openHelpDesk } from '../support/help-desk.ts';
import { passes } from '../support/passing-time.ts';
import { PATIENCE } from '../support/patience.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';

const READY = { slack: 'ok', securid: 'ok' };

async function readyz({ ops }: HelpDesk) {
  const response = await fetch(`${ops}/readyz`);
  const body = await keepBody(response);
  return { status: response.status, ...JSON.parse(body) };
}

/** Moves the clock until the answer arrives, because something hangs. */
async function readyzThatHangs(desk: HelpDesk) {
  const answer = readyz(desk);
  await passes(desk.clock, 'seconds');
  return answer;
}

const authTests = ({ workspace }: HelpDesk) =>
  workspace.apiCalls.filter(({ method }) => method === 'auth.test').length;

const PLACES = {
  slack: 'docs/troubleshooting.md#slack-cannot-be-reached',
  securid: 'docs/troubleshooting.md#securid-does-not-answer',
  redis: 'docs/troubleshooting.md#redis-is-away',
};

describe('the server for operations', () => {
  it('says that the process is alive, whatever else is wrong', async () => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('auth.test', 'hang', 9);
    desk.tenant.hold();

    const response = await fetch(`${desk.ops}/healthz`);

    expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
  });

  it.each([
    ['GET', '/healthz?probe=1', 200],
    ['HEAD', '/healthz', 200],
    ['HEAD', '/readyz', 200],
    ['HEAD', '/readyz/running', 200],
    ['HEAD', '/metrics', 200],
    ['POST', '/healthz', 405],
    ['DELETE', '/metrics', 405],
    ['GET', '/', 404],
    ['GET', '/metrics/', 404],
    ['GET', '/readyz/slack', 404],
    ['GET', '//evil.test/metrics', 404],
    ['POST', '/slack/events', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    const { ops } = await openHelpDesk();

    const response = await fetch(ops + path, { method });

    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null);
    expect(response.headers.get('cache-control')).toBe('no-store');
    if (method === 'HEAD') expect(await response.text()).toBe('');
  });
});

describe('/readyz', () => {
  it.each([
    ['http', 'api key'],
    ['http', 'oauth rsa'],
    ['socket', 'api key'],
  ] as const)('says that all is well, in %s mode with an %s', async (mode, credential) => {
    const desk = await openHelpDesk({ mode, credential });

    expect(await readyz(desk)).toEqual({ status: 200, ready: true, checks: READY });
    expect(authTests(desk)).toBe(mode === 'http' ? 1 : 0);
  });

  it('says that Slack refuses, and nothing more', async () => {
    const desk = await openHelpDesk();
    desk.workspace.failNext('auth.test', { status: 200, body: '{"ok":false,"error":"no_auth"}' });

    const checks = { ...READY, slack: 'failed' };
    const see = { slack: PLACES.slack };
    expect(await readyz(desk)).toEqual({ status: 503, ready: false, checks, see });
  });

  it('says that there is no access token', async () => {
    const desk = await openHelpDesk({ credential: 'oauth ec' });
    desk.tenant.setAlways({ status: 503 });

    const checks = { ...READY, securid: 'failed' };
    const see = { securid: PLACES.securid };
    expect(await readyz(desk)).toEqual({ status: 503, ready: false, checks, see });
  });

  it('logs once why there is no access token, and when there is one again', async () => {
    const desk = await openHelpDesk({ credential: 'oauth rsa' });
    const refusal = { status: 400, body: { error: 'invalid_client' } };
    desk.tenant.setAlways(refusal);
    const told = () =>
      desk.logged().flatMap(({ msg, check, err }) => (check === 'securid' ? [[msg, err]] : []));

    await readyz(desk);
    desk.clock.advance(5000);
    await readyz(desk);

    const err = expect.objectContaining({ message: 'POST /oauth/token: 400 invalid_client' });
    expect(told()).toEqual([['a check of /readyz failed', err]]);

    desk.tenant.setAlways(undefined);
    desk.clock.advance(5000);
    expect((await readyz(desk)).ready).toBe(true);
    expect(told().slice(1)).toEqual([['a check of /readyz passes again', undefined]]);
  });

  it('answers after two seconds when Slack and the issuer hang', async () => {
    const desk = await openHelpDesk({ credential: 'oauth rsa' });
    desk.workspace.failNext('auth.test', 'hang', 9);
    desk.tenant.setAlways('hang');

    const checks = { slack: 'failed', securid: 'failed' };
    const { slack, securid } = PLACES;
    const see = { slack, securid };
    expect(await readyzThatHangs(desk)).toEqual({ status: 503, ready: false, checks, see });
  });

  it('asks Slack at most once in five seconds', async () => {
    const desk = await openHelpDesk();

    await Promise.all(Array.from({ length: 20 }, () => readyz(desk)));
    expect(authTests(desk)).toBe(1);
    desk.clock.advance(4999);
    await readyz(desk);
    expect(authTests(desk)).toBe(1);
    desk.clock.advance(1);
    await readyz(desk);
    expect(authTests(desk)).toBe(2);
  });

  it('knows when the socket of Socket Mode is closed', async () => {
    const desk = await openHelpDesk({ mode: 'socket' });
    expect((await readyz(desk)).status).toBe(200);

    desk.workspace.failNext('apps.connections.open', 'hang', 9);
    desk.workspace.disconnect();

    const becomes = async (status: number) => {
      desk.clock.advance(5000);
      return (await readyz(desk)).status === status;
    };
    await vi.waitUntil(() => becomes(503), PATIENCE);
    expect((await readyz(desk)).checks).toEqual({ ...READY, slack: 'failed' });
  });

  it.skipIf(!redisInstalled)('says that Redis is away or silent', async () => {
    const redis = await startRedis();
    const desk = await openHelpDesk({ env: { REDIS_URL: redis.url } });
    const withRedis = { ...READY, redis: 'ok' };
    expect(await readyz(desk)).toEqual({ status: 200, ready: true, checks: withRedis });

    redis.pause();
    desk.clock.advance(5000);
    const checks = { ...READY, redis: 'failed' };
    const see = { redis: PLACES.redis };
    expect(await readyz(desk)).toEqual({ status: 503, ready: false, checks, see });

    redis.goOn();
    await redis.kill();
    desk.clock.advance(5000);
    expect(await readyz(desk)).toEqual({ status: 503, ready: false, checks, see });
  });

  it.skipIf(!redisInstalled).each<[string, string[], string[]]>([
    ['it is a read-only replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    [
      'its memory is full',
      ['CONFIG', 'SET', 'maxmemory', '1'],
      ['CONFIG', 'SET', 'maxmemory', '0'],
    ],
  ])('says that Redis accepts no writes: %s', async (why, before, after) => {
    const redis = await startRedis();
    const desk = await openHelpDesk({ env: { REDIS_URL: redis.url } });
    const [command = '', ...args] = before;
    await redis.ask(command, ...args);

    // Other writes fail in the same way.
    desk.clock.advance(5000);
    expect(await readyz(desk)).toEqual({
      status: 503,
      ready: false,
      checks: { ...READY, redis: 'failed' },
      reasons: { redis: `it does not accept writes: ${why}` },
      see: { redis: 'docs/troubleshooting.md#redis-does-not-accept-writes' },
    });
    const line = `Redis does not accept writes: ${why}; no change will be made`;
    expect(desk.logged().map(({ msg }) => msg)).toContain(line);

    const [back = '', ...more] = after;
    await redis.ask(back, ...more);
    const becomesReady = async () => {
      desk.clock.advance(5000);
      return (await readyz(desk)).ready;
    };
    await vi.waitUntil(becomesReady, PATIENCE);
    expect(desk.logged().map(({ msg }) => msg)).toContain('Redis accepts writes again');
  });

  it('says first when the app stops; the server closes last', async () => {
    const desk = await openHelpDesk();
    const hold = desk.tenant.hold('POST /v1/users/lookup');
    await desk.agent.types('/securid user grace@acme.test');
    await hold.arrived();

    const stopped = desk.app.stop();
    const checks = { running: 'failed' };
    expect(await readyz(desk)).toEqual({ status: 503, ready: false, checks });
    expect((await fetch(`${desk.ops}/healthz`)).status).toBe(200);
    hold.release();
    await stopped;

    await expect(fetch(`${desk.ops}/healthz`)).rejects.toThrow();
  });
});

describe('/readyz/running', () => {
  const running = async ({ ops }: HelpDesk) => {
    const response = await fetch(`${ops}/readyz/running`);
    return { status: response.status, ...JSON.parse(await keepBody(response)) };
  };

  it('asks nobody, so a desk that can say what is wrong stays reachable', async () => {
    const desk = await openHelpDesk({ credential: 'oauth ec' });
    desk.workspace.failNext('auth.test', 'hang', 9);
    desk.tenant.setAlways('hang');

    expect(await running(desk)).toEqual({ status: 200, ready: true, checks: { running: 'ok' } });
    expect(authTests(desk)).toBe(0);
  });

  it('says first when the app stops', async () => {
    const desk = await openHelpDesk();
    const hold = desk.tenant.hold('POST /v1/users/lookup');
    await desk.agent.types('/securid user grace@acme.test');
    await hold.arrived();

    const stopped = desk.app.stop();
    const checks = { running: 'failed' };
    expect(await running(desk)).toEqual({ status: 503, ready: false, checks });
    hold.release();
    await stopped;
  });
});
