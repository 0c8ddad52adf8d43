import { describe, expect, it } from 'vitest';
import { bucketOf, type Limit, openLimited, windowOf } from './limited-tenant.ts';

const MINUTE = 60_000;
const withAndWithout = [true, false];

const limits: [name: string, perSecond: number, limit: () => Limit][] = [
  ['5 a second', 5, () => bucketOf(5, 5)],
  ['20 a second and 20 at once', 20, () => bucketOf(20, 20)],
  ['20 a second and 5 at once', 20, () => bucketOf(20, 5)],
  ['50 a second and 50 at once', 50, () => bucketOf(50, 50)],
  ['50 a second and 5 at once', 50, () => bucketOf(50, 5)],
  ['300 a minute', 5, () => windowOf(300, MINUTE)],
  ['300 a minute that began before', 5, () => windowOf(300, MINUTE, 25_000)],
];

describe.each(withAndWithout)('a learned pace, Retry-After: %s', (retryAfter) => {
  it.each(limits)('finds %s', async (_, perSecond, limit) => {
    const tenant = openLimited({ limit: limit(), retryAfter });
    await tenant.busyFor(210);
    expect(tenant.rate(30, 210) / perSecond).toBeGreaterThanOrEqual(0.85);
    expect(tenant.shareRefused()).toBeLessThanOrEqual(0.02);
    expect(tenant.lost).toBe(0);
    expect(tenant.pacing.now()).toMatchObject({ learned: true });
  });
});

describe.each(withAndWithout)('a learned pace, Retry-After: %s', (retryAfter) => {
  it.each([0, 15, 30, 45, 55])(
    'uses each minute of 300 that began %i s before',
    async (seconds) => {
      const tenant = openLimited({ limit: windowOf(300, MINUTE, seconds * 1000), retryAfter });
      await tenant.busyFor(210);
      for (const from of [30, 90, 150]) {
        expect(tenant.rate(from, from + 60) / 5).toBeGreaterThanOrEqual(0.85);
      }
      expect(tenant.lost).toBe(0);
    },
  );
});

describe('a learned pace', () => {
  it('stays as it is while there are hardly any requests, and does not jump afterwards', async () => {
    const tenant = openLimited({ limit: bucketOf(20, 20), retryAfter: true });
    await tenant.busyFor(60);
    await tenant.passFor(5);
    const learned = tenant.pacing.now().requestsPerSecond;
    for (let minute = 0; minute < 10; minute++) {
      await Promise.all([tenant.ask(), tenant.ask(), tenant.passFor(60)]);
    }
    expect(tenant.pacing.now().requestsPerSecond).toBe(learned);

    const refusedBefore = tenant.refused.length;
    await tenant.busyFor(10);
    expect(tenant.refused.length - refusedBefore).toBeLessThanOrEqual(2);
    expect(tenant.rate(665, 675) / 20).toBeGreaterThanOrEqual(0.85);
  });

  it('follows a limit that falls and one that rises', async () => {
    let limit = bucketOf(20, 20);
    const tenant = openLimited({ limit: (now) => limit(now), retryAfter: false });
    await tenant.busyFor(60);
    limit = bucketOf(8, 8);
    await tenant.busyFor(60);
    expect(tenant.rate(80, 120) / 8).toBeGreaterThanOrEqual(0.85);
    limit = bucketOf(20, 20);
    await tenant.busyFor(180);
    expect(tenant.rate(210, 300) / 20).toBeGreaterThanOrEqual(0.85);
    expect(tenant.shareRefused()).toBeLessThanOrEqual(0.02);
  });

  it.each([
    ['early', 3],
    ['late', 120],
  ])(
    'returns to the limit after an outage that looks like a limit per minute: %s',
    async (_, from) => {
      const limit = bucketOf(20, 20);
      const end = from + 5;
      let seconds = () => 0;
      const down = () => seconds() >= from && seconds() < end;
      const tenant = openLimited({
        limit: (now) => (down() ? 1000 : limit(now)),
        retryAfter: false,
      });
      const start = tenant.clock.now();
      seconds = () => (tenant.clock.now() - start) / 1000;
      await tenant.busyFor(1200);
      expect(tenant.rate(1080, 1200) / 20).toBeGreaterThanOrEqual(0.85);
    },
  );

  it('follows a limit per minute that is small and one that rises', async () => {
    let limit = windowOf(60, MINUTE);
    const tenant = openLimited({ limit: (now) => limit(now), retryAfter: false });
    await tenant.busyFor(600);
    expect(tenant.rate(300, 600)).toBeGreaterThanOrEqual(0.75);
    limit = windowOf(600, MINUTE);
    await tenant.busyFor(1200);
    expect(tenant.rate(1500, 1800) / 10).toBeGreaterThanOrEqual(0.85);
  });

  it('does not mistake a single refusal with a long pause for a limit per minute', async () => {
    const tenant = openLimited({ limit: bucketOf(20, 20), retryAfter: true });
    await tenant.busyFor(30);
    const before = tenant.pacing.now().requestsPerSecond;
    tenant.limitNext(10_000);
    await tenant.busyFor(30);
    expect(tenant.pacing.now().requestsPerSecond).toBeGreaterThanOrEqual(before / 2);
    await tenant.busyFor(240);
    expect(tenant.rate(180, 300) / 20).toBeGreaterThanOrEqual(0.85);
  });
});

describe.each(withAndWithout)('a configured pace, Retry-After: %s', (retryAfter) => {
  it('is kept if it is right, with hardly a refusal', async () => {
    const pace = { requestsPerSecond: 20, burst: 20 };
    const tenant = openLimited({ limit: bucketOf(20, 20), retryAfter, pace });
    await tenant.busyFor(120);
    expect(tenant.rate(30, 120) / 20).toBeGreaterThanOrEqual(0.97);
    expect(tenant.shareRefused()).toBeLessThanOrEqual(0.005);
    expect(tenant.lost).toBe(0);
    expect(tenant.pacing.now()).toMatchObject({ learned: false });
  });

  it('loses no calls if it is twice too high', async () => {
    const pace = { requestsPerSecond: 40, burst: 40 };
    const tenant = openLimited({ limit: bucketOf(20, 20), retryAfter, pace });
    await tenant.busyFor(120);
    expect(tenant.rate(30, 120) / 20).toBeGreaterThanOrEqual(0.9);
    expect(tenant.lost).toBe(0);
  });
});
