import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startTenant, type TenantRequest } from '../../src/playground/tenant/index.ts';
import { build, DIST, run } from '../support/process.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { ROOT } from '../support/sources.ts';

const PER_SECOND = 20;
const SET = { requestsPerSecond: PER_SECOND, burst: PER_SECOND };

const pass = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Two processes that keep asking a tenant with a limit, and share a Redis. */
async function openTwo({ pace = SET as object } = {}) {
  const redis = await startRedis();
  const tenant = await startTenant({ clock: systemClock });
  onTestFinished(() => tenant.stop());
  tenant.rateLimit({ perSecond: PER_SECOND, burst: PER_SECOND });
  tenant.setDelay(20);

  async function start(name: string) {
    const asker = run(
      {
        DIST,
        REDIS_URL: redis.url,
        API_KEY: JSON.stringify(tenant.apiKey),
        NAME: name,
        ASKERS: '20',
        PACE: JSON.stringify(pace),
      },
      join(ROOT, 'test/support/asker.mjs'),
    );
    await asker.says('asking');
    return asker;
  }
  const askers = { a: await start('a'), b: await start('b') };

  const by = (name: string) => (request: TenantRequest) =>
    (request.body as { email: string }).email.startsWith(name);
  /** What the tenant saw in so many seconds. */
  async function watch(seconds: number) {
    const from = tenant.requests.length;
    await pass(seconds);
    const seen = tenant.requests.slice(from);
    return {
      perSecond: seen.length / seconds,
      partOfA: seen.filter(by('a')).length / seen.length,
    };
  }

  return {
    redis,
    tenant,
    askers,
    watch,
    refused: () => tenant.requests.filter(({ status }) => status === 429).length,
    /** Stops both. Returns how many of their requests failed. */
    async failed() {
      const ends = Object.values(askers).filter(
        ({ child }) => child.exitCode === null && !child.killed,
      );
      for (const { child } of ends) child.kill('SIGTERM');
      await Promise.all(ends.map((asker) => asker.ended()));
      return ends.map((asker) => /failed (\d+);/.exec(asker.printed())?.[1]);
    },
  };
}

describe.skipIf(!redisInstalled)('two instances', () => {
  beforeAll(build);

  it('share one limit, and each gets its part', async () => {
    const { watch, tenant, refused, failed } = await openTwo();
    await pass(3);
    const { perSecond, partOfA } = await watch(10);
    expect(perSecond / PER_SECOND).toBeGreaterThanOrEqual(0.95);
    expect(perSecond / PER_SECOND).toBeLessThanOrEqual(1.05);
    expect(partOfA).toBeGreaterThanOrEqual(0.35);
    expect(partOfA).toBeLessThanOrEqual(0.65);
    expect(refused() / tenant.requests.length).toBeLessThanOrEqual(0.02);
    expect(await failed()).toEqual(['0', '0']);
  });

  it('learn the limit together', async () => {
    const { watch, tenant, refused, failed } = await openTwo({ pace: {} });
    await pass(12);
    const { perSecond, partOfA } = await watch(10);
    expect(perSecond / PER_SECOND).toBeGreaterThanOrEqual(0.85);
    expect(partOfA).toBeGreaterThanOrEqual(0.35);
    expect(partOfA).toBeLessThanOrEqual(0.65);
    expect(refused() / tenant.requests.length).toBeLessThanOrEqual(0.05);
    expect(await failed()).toEqual(['0', '0']);
  });

  it('reach the full rate alone, two seconds after the other was killed', async () => {
    const { watch, askers, failed } = await openTwo();
    await pass(3);
    askers.a.child.kill('SIGKILL');
    await pass(2);
    const { perSecond, partOfA } = await watch(5);
    expect(perSecond / PER_SECOND).toBeGreaterThanOrEqual(0.95);
    expect(partOfA).toBe(0);
    expect(await failed()).toEqual(['0']);
  });

  type Two = Awaited<ReturnType<typeof openTwo>>;
  it.each<[string, (two: Two) => Promise<unknown>]>([
    ['forgets everything', ({ redis }) => redis.ask('FLUSHALL')],
    [
      'is started anew without its data',
      async ({ redis }) => {
        await redis.kill();
        await redis.start();
      },
    ],
    [
      'freezes for five seconds',
      async ({ redis }) => {
        redis.pause();
        await pass(5);
        redis.goOn();
      },
    ],
    [
      'is away for half a minute',
      async ({ redis, watch }) => {
        await redis.kill();
        const { perSecond } = await watch(30);
        expect(perSecond / PER_SECOND).toBeGreaterThanOrEqual(0.6);
        expect(perSecond / PER_SECOND).toBeLessThanOrEqual(1);
        await redis.start();
      },
    ],
  ])('lose no request and stay below the limit if Redis %s', async (_, happen) => {
    const two = await openTwo();
    await pass(3);
    await happen(two);
    await pass(3);
    const { perSecond } = await two.watch(5);
    expect(perSecond / PER_SECOND).toBeGreaterThanOrEqual(0.95);
    expect(two.refused() / two.tenant.requests.length).toBeLessThanOrEqual(0.02);
    expect(await two.failed()).toEqual(['0', '0']);
  });
});
