import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate } from '../support/certificate.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { examine, standIns } from './support/examine.ts';

describe.runIf(redisInstalled)('the doctor at Redis', () => {
  const open = async () => {
    const { env } = await standIns();
    const redis = await startRedis();
    return { redis, env: { ...env, REDIS_URL: redis.url } };
  };

  it('says what it is, and leaves nothing there', async () => {
    const { redis, env } = await open();
    await redis.ask('CONFIG', 'SET', 'appendonly', 'yes');

    const { about } = await examine(env);

    expect(about('Redis')).toMatchObject([
      { result: 'ok', says: expect.stringMatching(/^\d+\.\d+\.\d+ at 127\.0\.0\.1:\d+$/) },
    ]);
    expect(about('write')).toMatchObject([{ result: 'ok' }]);
    expect(about('maxmemory-policy')).toMatchObject([{ result: 'ok', says: 'noeviction' }]);
    expect(about('password')).toMatchObject([{ result: 'ok', says: 'set' }]);
    expect(about('persistence')).toMatchObject([{ result: 'ok', says: 'on' }]);
    expect(await redis.ask('KEYS', '*')).toEqual([]);
  });

  it('warns of one that evicts keys, or forgets everything with a restart', async () => {
    const { redis, env } = await open();
    await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');

    const { about, code } = await examine(env);

    expect(about('maxmemory-policy')).toMatchObject([{ result: 'warning', says: 'allkeys-lru' }]);
    expect(about('persistence')).toMatchObject([
      { result: 'warning', says: 'off: when Redis restarts, limits, cards and blocks are lost' },
    ]);
    expect(code).toBe(0);
  });

  it('says that the password is wrong or missing, and prints none', async () => {
    const { env } = await open();
    const url = new URL(env.REDIS_URL);

    const wrong = await examine({ ...env, REDIS_URL: `redis://:hunter2-7c1e@${url.host}` });
    const missing = await examine({ ...env, REDIS_URL: `redis://${url.host}` });

    expect(wrong.about('Redis')).toMatchObject([
      {
        result: 'failed',
        says: `${url.host} does not accept the password of REDIS_URL (WRONGPASS)`,
      },
    ]);
    expect(JSON.stringify(wrong.checks)).not.toContain('hunter2');
    expect(missing.about('Redis')).toMatchObject([
      { result: 'failed', says: `${url.host} does not accept the password of REDIS_URL (NOAUTH)` },
    ]);
  });

  it('is content with a user who may do no more than the app does', async () => {
    const { redis, env } = await open();
    const allowed = ['~securid-desk:*', '+set', '+get', '+eval'];
    await redis.ask('ACL', 'SETUSER', 'desk', 'on', '>desk-password-31', ...allowed);
    const { host } = new URL(env.REDIS_URL);

    const { about } = await examine({ ...env, REDIS_URL: `redis://desk:desk-password-31@${host}` });

    expect(about('Redis')).toMatchObject([
      { result: 'warning', says: `unknown version at ${host}: this user may not read it` },
    ]);
    expect(about('write')).toMatchObject([{ result: 'ok' }]);
    expect(about('maxmemory-policy')).toMatchObject([{ result: 'warning' }]);
  });

  it('finds a user who may not write as the app does', async () => {
    const { redis, env } = await open();
    await redis.ask('ACL', 'SETUSER', 'desk', 'on', '>desk-password-31', '~*', '+set', '+get');
    const { host } = new URL(env.REDIS_URL);

    const { about } = await examine({ ...env, REDIS_URL: `redis://desk:desk-password-31@${host}` });

    expect(about('write')).toMatchObject([
      { result: 'failed', says: 'it does not accept writes: this user may not write' },
    ]);
  });

  it('says that it does not accept writes', async () => {
    const { redis, env } = await open();
    const { port } = new URL(env.REDIS_URL);
    await redis.ask('REPLICAOF', '127.0.0.1', port);
    await redis.ask('CONFIG', 'SET', 'replica-serve-stale-data', 'yes');

    const { about } = await examine(env);

    expect(about('write')).toMatchObject([
      { result: 'failed', says: 'it does not accept writes: it is a read-only replica' },
    ]);
  });

  it('says that only one of the two speaks TLS', async () => {
    const { env } = await open();
    const secure = createTlsServer(createCertificate('redis.test')).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    onTestFinished(() => void secure.close());
    const { port } = secure.address() as AddressInfo;

    const plain = await examine({ ...env, REDIS_URL: `redis://127.0.0.1:${port}` });
    const tls = await examine({ ...env, REDIS_URL: env.REDIS_URL.replace('redis:', 'rediss:') });

    expect(plain.about('Redis')).toMatchObject([
      { remedy: 'If that Redis wants TLS, begin REDIS_URL with rediss://.' },
    ]);
    expect(tls.about('Redis')).toMatchObject([
      { remedy: expect.stringContaining('begin REDIS_URL with redis://.') },
    ]);
  });

  it('says that nobody answers there', async () => {
    const { redis, env } = await open();
    const { host } = new URL(env.REDIS_URL);

    redis.pause();
    const silent = await examine(env);
    redis.goOn();
    await redis.kill();
    const away = await examine(env);

    expect(silent.about('Redis')).toMatchObject([
      {
        result: 'failed',
        says: `no answer from ${host} (timeout or reset)`,
        remedy: `Let this machine reach ${host} through the firewall.`,
      },
    ]);
    expect(away.about('Redis')).toMatchObject([
      { result: 'failed', says: `no answer from ${host} (ECONNREFUSED)` },
    ]);
  });
});
