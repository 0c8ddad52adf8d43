import { describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/store/bucket.ts';
import { createMemoryStore } from '../../src/store/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { bucketOf, openLimited, windowOf } from './limited-tenant.ts';

const SET = { requestsPerSecond: 20, burst: 20 };

/** Two clients that share a bucket, for a tenant with a limit of 20 per second. */
function openTwo(pace: object = SET, { limit = bucketOf(20, 20), retryAfter = true } = {}) {
  const clock = manualClock();
  const kept = createMemoryStore(clock).bucket('tenant');
  let away = false;
  let silent = false;
  const bucket: Bucket = {
    ask: async (question) => {
      if (silent) await new Promise(() => {});
      if (away) throw new Error('away');
      return kept.ask(question);
    },
  };
  const open = (member: string, seed: number) =>
    openLimited({ limit, retryAfter, seed, pace, clock, shared: { bucket, member } });
  const [a, b] = [open('a', 1), open('b', 2)];
  return {
    a,
    b,
    open,
    pass: a.passFor,
    setAway(is: boolean) {
      away = is;
    },
    setSilent(is: boolean) {
      silent = is;
    },
    refused: () => a.refused.length + b.refused.length,
    lost: () => a.lost + b.lost,
    rate: (from: number, to: number) => a.rate(from, to) + b.rate(from, to),
  };
}

describe.each([
  ['set', SET, 0.005],
  ['learned', {}, 0.02],
])('two instances at a pace that is %s', (_, pace, mostRefused) => {
  it('keep to one limit, and each gets its part', async () => {
    const { a, b, pass, rate, refused, lost } = openTwo(pace);
    a.keepBusy(120);
    await pass(1);
    b.keepBusy(119);
    await pass(119);
    expect(rate(30, 120) / 20).toBeGreaterThanOrEqual(0.85);
    expect(rate(30, 120) / 20).toBeLessThanOrEqual(1.02);
    const part = a.rate(30, 120) / rate(30, 120);
    expect(part).toBeGreaterThanOrEqual(0.35);
    expect(part).toBeLessThanOrEqual(0.65);
    expect(refused() / (rate(0, 120) * 120)).toBeLessThanOrEqual(mostRefused);
    expect(lost()).toBe(0);
  });
});

describe('an instance among several', () => {
  it('knows what the others have learned, and begins with it', async () => {
    const { a, pass, open } = openTwo({});
    await a.busyFor(60);
    await pass(5);
    const late = open('late', 3);
    await pass(1);
    expect(late.pacing.now().requestsPerSecond).toBe(a.pacing.now().requestsPerSecond);
    expect(late.pacing.now().requestsPerSecond).toBeGreaterThan(15);
  });

  it('pauses when another was refused', async () => {
    const { a, b, pass } = openTwo();
    await pass(2);
    a.limitNext(5000);
    void a.ask();
    await pass(1);
    void b.ask();
    await pass(3.9);
    expect(b.answered).toEqual([]);
    expect(b.pacing.now().pausedFor).toBeGreaterThan(0);
    await pass(0.5);
    expect(b.answered).toHaveLength(1);
  });

  it('has the whole limit to itself when the other is gone', async () => {
    const { a, b, pass } = openTwo();
    a.keepBusy(10);
    b.keepBusy(20);
    await pass(20);
    expect(b.rate(13, 20) / 20).toBeGreaterThanOrEqual(0.95);
  });

  it.each(['away', 'silent'])('goes on with its part while the bucket is %s', async (how) => {
    const { a, b, pass, rate, refused, lost, setAway, setSilent } = openTwo();
    const fail = how === 'away' ? setAway : setSilent;
    a.keepBusy(60);
    b.keepBusy(60);
    await pass(10);
    fail(true);
    await pass(30);
    fail(false);
    await pass(20);
    expect(rate(11, 40) / 20).toBeGreaterThanOrEqual(0.75);
    expect(rate(11, 40) / 20).toBeLessThanOrEqual(0.9);
    expect(rate(42, 60) / 20).toBeGreaterThanOrEqual(0.95);
    expect(refused()).toBeLessThanOrEqual(2);
    expect(lost()).toBe(0);
  });

  it('is careful if it never knew how many there are', async () => {
    const { b, pass, open, setAway } = openTwo();
    setAway(true);
    const late = open('late', 3);
    late.keepBusy(30);
    await pass(30);
    expect(late.rate(1, 30)).toBeGreaterThan(1);
    expect(late.rate(1, 30)).toBeLessThan(3);
    expect(b.lost + late.lost).toBe(0);
  });
});

describe('two instances at a pace that is learned', () => {
  it.each([true, false])('find a limit of 300 a minute, Retry-After: %s', async (retryAfter) => {
    const { a, b, pass, rate, refused, lost } = openTwo(
      {},
      { limit: windowOf(300, 60_000), retryAfter },
    );
    a.keepBusy(600);
    b.keepBusy(600);
    await pass(300);
    const before = refused();
    await pass(300);
    expect(rate(300, 600) / 5).toBeGreaterThanOrEqual(0.85);
    expect((refused() - before) / (rate(300, 600) * 300)).toBeLessThanOrEqual(0.02);
    expect(lost()).toBe(0);
  });
});

describe('an instance', () => {
  it('does not pause again when the clock of the bucket is set back', async () => {
    const clock = manualClock();
    let back = 0;
    const bucket = createMemoryStore(clock).bucket('tenant');
    const ask: Bucket['ask'] = async (question) => {
      const answer = await bucket.ask(question);
      return { ...answer, now: answer.now + 100_000 - back };
    };
    const shared = { bucket: { ask }, member: 'a' };
    const one = openLimited({
      limit: bucketOf(20, 20),
      retryAfter: true,
      pace: SET,
      clock,
      shared,
    });
    one.limitNext(1000);
    one.keepBusy(60);
    await one.passFor(5);

    back = 60_000;
    await one.passFor(10);

    expect(one.rate(6, 15) / 20).toBeGreaterThanOrEqual(0.85);
    expect(one.pacing.now().pausedFor).toBe(0);
  });
});
