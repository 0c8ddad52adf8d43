import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import { examineRedis } from '../../src/store/examine.ts';
import {
  createMemoryStore,
  createRedisStore,
  type Store,
  StoreError,
} from '../../src/store/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { PATIENCE } from '../support/patience.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedisPair } from '../support/redis-pair.ts';

const MINUTE = 60_000;

type Opened = {
  store: Store;
  /** Lets that much time pass, or a little more. */
  pass: (ms: number) => Promise<void>;
};

function openMemory(): Opened {
  const clock = manualClock();
  return { store: createMemoryStore(clock), pass: async (ms) => clock.advance(ms) };
}

function connect(url: string) {
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const store = createRedisStore({ url, secret: 'store-test-secret', log });
  onTestFinished(() => store.close());
  return { store, logged };
}

async function openRedis(): Promise<Opened> {
  const redis = await startRedis();
  /** Redis has its own clock, so real time passes. */
  async function pass(ms: number) {
    const now = async () => {
      const [seconds, micros] = (await redis.ask('TIME')) as [string, string];
      return Number(seconds) * 1000 + Number(micros) / 1000;
    };
    const until = (await now()) + ms;
    await vi.waitUntil(async () => (await now()) > until, { timeout: PATIENCE, interval: 1 });
  }
  const { store } = connect(redis.url);
  // A limiter does not wait for the connection.
  await store.get('');
  return { store, pass };
}

describe.each([
  ['memory', openMemory],
  ...(redisInstalled ? [['Redis', openRedis] as const] : []),
] as const)('a store in %s', (_, open) => {
  it('removes from its board only entries that have not changed', async () => {
    const { store } = await open();
    const { board } = store;
    const looked = async () => {
      const { entries } = await board.look({ member: 'one', joined: '', seen: '' });
      return new Map([...(entries ?? [])].map(([name, { raw }]) => [name, raw]));
    };
    for (let number = 0; number < 2500; number++) {
      await board.write(`order ${number}`, undefined, `off ${number} 0`);
    }
    const old = await looked();
    await board.write('order 7', old.get('order 7'), 'on 8 0');

    await board.remove(old);

    expect([...(await looked()).keys()]).toEqual(['order 7']);
  });

  it('keeps the first of several values until its time is over', async () => {
    const { store, pass } = await open();

    expect(await store.add('card', 'one', 100)).toBe(true);
    expect(await store.add('card', 'two', MINUTE)).toBe(false);
    expect(await store.get('card')).toBe('one');
    await pass(100);

    expect(await store.get('card')).toBeUndefined();
    expect(await store.add('card', 'three', MINUTE)).toBe(true);
    expect(await store.get('card')).toBe('three');
  });

  it('keeps one of the values that are added at once', async () => {
    const { store } = await open();
    const names = Array.from({ length: 20 }, (_, number) => String(number));

    const added = await Promise.all(names.map((name) => store.add('card', name, MINUTE)));

    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await store.get('card')).toBe(names[added.indexOf(true)]);
  });

  it('fills a bucket, and lets nobody take more than it holds', async () => {
    const { store, pass } = await open();
    const { ask } = store.bucket('tenant');
    const question = {
      ...{ member: 'one', wanted: 2, keep: 0, requestsPerSecond: 10, burst: 3, spent: 0, pause: 0 },
      first: { tokens: 3, taken: 7 },
      note: undefined,
    };

    expect(await ask(question)).toMatchObject({ tokens: 2, wait: 0, taken: 9, members: 1 });
    expect(await ask({ ...question, keep: 1 })).toMatchObject({ tokens: 1 });
    const { tokens, wait } = await ask({ ...question, member: 'other' });
    expect(tokens).toBe(1);
    expect(wait).toBeGreaterThan(0);
    await pass(1000);

    const heard = await ask({ ...question, wanted: 0 });
    expect(heard).toMatchObject({ tokens: 0, left: 3, members: 2 });
    expect(await ask({ ...question, wanted: 5, spent: 1 })).toMatchObject({ tokens: 2, left: 0 });
  });

  it('stops a bucket for everybody, then fills it with one token', async () => {
    const { store, pass } = await open();
    const { ask } = store.bucket('tenant');
    const question = {
      ...{ member: 'one', wanted: 1, keep: 0, requestsPerSecond: 1, burst: 3, spent: 0, pause: 0 },
      first: { tokens: 3, taken: 0 },
      note: undefined,
    };
    await ask({ ...question, wanted: 0, pause: 200 });
    const { tokens, pausedFor } = await ask(question);
    expect(tokens).toBe(0);
    expect(pausedFor).toBeGreaterThan(0);
    expect(pausedFor).toBeLessThanOrEqual(200);
    await pass(250);
    expect(await ask(question)).toMatchObject({ tokens: 1, wait: 0, pausedFor: 0 });
  });

  it('accepts a note only from a writer who knew the last one', async () => {
    const { store } = await open();
    const { ask } = store.bucket('tenant');
    const question = {
      ...{ member: 'one', wanted: 0, keep: 0, requestsPerSecond: 1, burst: 1, spent: 0, pause: 0 },
      first: { tokens: 1, taken: 0 },
    };
    const told = (text: string, version: number) => ask({ ...question, note: { text, version } });
    expect((await told('one', 0)).note).toEqual({ text: 'one', version: 1 });
    expect((await told('too late', 0)).note).toEqual({ text: 'one', version: 1 });
    expect((await told('two', 1)).note).toEqual({ text: 'two', version: 2 });
  });

  it('keeps the last of several values, with or without an expiry', async () => {
    const { store, pass } = await open();
    await store.set('short', 'one', MINUTE);
    await store.set('short', 'two', 50);
    await store.set('long', 'one', 50);
    await store.set('long', 'two');
    expect(await store.get('short')).toBe('two');

    await pass(50);

    expect(await store.get('short')).toBeUndefined();
    expect(await store.get('long')).toBe('two');
  });

  it('gives a value to one of those who take it', async () => {
    const { store } = await open();
    await store.set('approval', 'sealed', MINUTE);

    const taken = await Promise.all(Array.from({ length: 20 }, () => store.take('approval')));

    expect(taken.filter((value) => value !== undefined)).toEqual(['sealed']);
    expect(await store.get('approval')).toBeUndefined();
    expect(await store.add('approval', 'again', MINUTE)).toBe(true);
  });

  it('forgets what is removed, and finds nothing else by that name', async () => {
    const { store } = await open();
    await store.set('one', '1');
    await store.set('other', '2');

    await store.remove('one');
    await store.remove('never there');

    expect(await store.get('one')).toBeUndefined();
    expect(await store.take('one')).toBeUndefined();
    expect(await store.get('other')).toBe('2');
  });

  it('collects who was added lately, each once', async () => {
    const { store, pass } = await open();
    await store.gather('agent', 'grace', 200);
    await store.gather('agent', 'alan', 200);
    expect((await store.gather('agent', 'grace', 200)).toSorted()).toEqual(['alan', 'grace']);
    expect(await store.gather('another', 'noor', 200)).toEqual(['noor']);

    await pass(200);

    expect(await store.gather('agent', 'mallory', 200)).toEqual(['mallory']);
  });

  it('keeps each set for its own period', async () => {
    const { store, pass } = await open();
    await store.gather('long', 'grace', MINUTE);

    await pass(50);
    await store.gather('short', 'alan', 50);

    expect((await store.gather('long', 'noor', MINUTE)).toSorted()).toEqual(['grace', 'noor']);
  });

  it('remembers the latest word, even if an older one arrives later', async () => {
    const { store } = await open();
    expect(await store.lastWord('order')).toBeUndefined();
    expect(await store.lastWord('order', { text: 'on', at: 1000 })).toEqual({
      text: 'on',
      at: 1000,
    });
    const last = { text: 'off', at: 10_000_000_000_001 };
    await store.lastWord('order', last);

    expect(await store.lastWord('order', { text: 'on', at: 2000 })).toEqual(last);
    expect(await store.lastWord('order', { text: 'on', at: last.at })).toEqual(last);
    expect(await store.lastWord('order')).toEqual(last);
    expect(await store.lastWord('another order')).toBeUndefined();
  });

  it('counts uses in a sliding window, and says when there is room', async () => {
    const { store, pass } = await open();
    const codes = { key: 'jonas', limit: 2, period: 1600 };

    expect(await store.uses.add('a', [codes])).toBeUndefined();
    await pass(800);
    expect(await store.uses.add('b', [codes])).toBeUndefined();
    const full = await store.uses.add('c', [codes]);
    expect(full?.allowance).toBe(codes);
    expect(full?.wait).toBeGreaterThan(0);
    expect(full?.wait).toBeLessThanOrEqual(800);
    await pass(800);

    expect(await store.uses.full([codes])).toBeUndefined();
    expect(await store.uses.add('d', [codes])).toBeUndefined();
    expect(await store.uses.full([codes])).toMatchObject({ allowance: codes });
  });

  it('counts a use in all windows or in none, once, until it is taken back', async () => {
    const { store } = await open();
    const agent = { key: 'jonas', limit: 2, period: MINUTE };
    const [alan, noor] = ['alan', 'noor'].map((key) => ({ key, limit: 1, period: MINUTE }));
    if (!alan || !noor) throw new Error('nobody is there');
    await store.uses.add('a', [agent, alan]);
    await store.uses.add('a', [agent]);

    expect(await store.uses.add('b', [agent, alan])).toMatchObject({ allowance: alan });
    expect(await store.uses.add('c', [agent, noor])).toBeUndefined();
    expect(await store.uses.full([{ ...alan, key: 'mira' }, agent])).toMatchObject({
      allowance: agent,
    });
    await store.uses.remove('c', [agent, noor]);

    expect(await store.uses.full([agent, noor])).toBeUndefined();
  });

  it('lets a limited number of simultaneous uses through', async () => {
    const { store } = await open();
    const codes = { key: 'jonas', limit: 3, period: MINUTE };
    const ids = Array.from({ length: 20 }, (_, number) => String(number));

    const outcomes = await Promise.all(ids.map((id) => store.uses.add(id, [codes])));

    expect(outcomes.filter((full) => full === undefined)).toHaveLength(3);
  });
});

describe.skipIf(!redisInstalled)('a store in Redis', () => {
  it('is shared by all instances, under a prefix of its own', async () => {
    const redis = await startRedis();
    const [here, there] = [connect(redis.url).store, connect(redis.url).store];

    await here.set('card', 'used', MINUTE);
    const codes = { key: 'jonas', limit: 1, period: MINUTE };
    await here.uses.add('a', [codes]);

    expect(await there.get('card')).toBe('used');
    expect(await there.uses.add('b', [codes])).toMatchObject({ allowance: codes });
    const keys = (await redis.ask('KEYS', '*')) as string[];
    expect(keys.filter((key) => !key.startsWith('securid-desk:'))).toEqual([]);
    expect(keys).toHaveLength(2);
  });

  it('leaves nothing there without an expiry, except words', async () => {
    const redis = await startRedis();
    const { store } = connect(redis.url);
    await store.add('a', '1', MINUTE);
    await store.gather('b', '1', MINUTE);
    const codes = { key: 'c', limit: 1, period: MINUTE };
    await store.uses.add('d', [codes]);
    await store.uses.remove('e', [{ ...codes, key: 'f' }]);
    await store.lastWord('order', { text: 'on', at: 1 });

    const keys = (await redis.ask('KEYS', '*')) as string[];
    const ends = await Promise.all(keys.map(async (key) => [key, await redis.ask('PTTL', key)]));

    const endless = ends.filter(([, ms]) => Number(ms) < 0).map(([key]) => key);
    expect(endless).toEqual(['securid-desk:order']);
  });

  it.each(['killed', 'paused'])('says so when Redis is %s', async (how) => {
    const redis = await startRedis();
    const { store } = connect(redis.url);
    const codes = [{ key: 'jonas', limit: 1, period: MINUTE }];
    await store.set('card', 'used');

    if (how === 'killed') await redis.kill();
    else redis.pause();

    const asked: Record<string, () => Promise<unknown>> = {
      add: () => store.add('card', 'again', MINUTE),
      get: () => store.get('card'),
      set: () => store.set('card', 'again'),
      take: () => store.take('card'),
      remove: () => store.remove('card'),
      gather: () => store.gather('agent', 'grace', MINUTE),
      lastWord: () => store.lastWord('order', { text: 'off', at: 1 }),
      'uses.full': () => store.uses.full(codes),
      'uses.add': () => store.uses.add('a', codes),
      'uses.remove': () => store.uses.remove('a', codes),
    };
    const outcomes = await Promise.all(
      Object.values(asked).map((ask) => ask().catch((reason: unknown) => reason)),
    );
    expect(outcomes.filter((outcome) => !(outcome instanceof StoreError))).toEqual([]);
  });

  it('does not carry out later what it reported as failed', async () => {
    const redis = await startRedis();
    const { store } = connect(redis.url);
    await store.set('approval', 'sealed');
    await redis.kill();
    await expect(store.set('approval', 'other')).rejects.toThrow(StoreError);
    await expect(store.take('approval')).rejects.toThrow(StoreError);

    await redis.start();
    await there(store);

    expect(await store.get('approval')).toBeUndefined();
  });

  it('recovers by itself, and logs both once', async () => {
    const redis = await startRedis();
    const { store, logged } = connect(redis.url);
    await store.get('card');
    await redis.kill();
    await vi.waitUntil(() => logged.length > 0, PATIENCE);
    // While it is retried again and again.
    await expect(store.get('card')).rejects.toThrow(StoreError);

    await redis.start();
    await there(store);

    expect(logged.map((line) => JSON.parse(line).msg)).toEqual([
      'Redis is away: no change will be made',
      'Redis is there again',
    ]);
    expect(await store.add('card', 'used', MINUTE)).toBe(true);
  });

  it.each([
    ['6.2', true],
    ['7.0', false],
  ])('leaves a master that has become a replica, as Redis %s says it', async (_, isOld) => {
    const pair = await startRedisPair({ isOld });
    const { store } = connect(pair.url);
    const use = () => store.uses.add('one', [{ key: 'codes', limit: 9, period: MINUTE }]);
    await use();

    await pair.promote();
    pair.turn();
    await pair.demote();

    await expect(use()).rejects.toThrow(StoreError);
    const isBack = () =>
      use().then(
        () => true,
        () => false,
      );
    await vi.waitUntil(isBack, { timeout: PATIENCE });
  });

  it('stays connected once it is back, though questions had been under way', async () => {
    const redis = await startRedis();
    const { store, logged: told } = connect(redis.url);
    await store.get('card');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    redis.pause();
    const asked = store.get('card').catch((error: unknown) => error);
    await redis.kill();
    expect(await asked).toBeInstanceOf(StoreError);
    await redis.start();
    await vi.advanceTimersByTimeAsync(100);
    await there(store);
    const logged = told.length;

    await vi.advanceTimersByTimeAsync(5000);

    expect(await store.add('card', 'used', MINUTE)).toBe(true);
    expect(told.slice(logged)).toEqual([]);
  });

  it('is none where other shards hold some of the keys, whichever it accepts', async () => {
    const why = 'it is one of several shards of a cluster';
    const { first, second } = await startRedisCluster();
    for (const { url } of [first, second]) {
      expect((await examineRedis(url, () => 0)).whyNoWrites).toBe(why);
    }
    const { store, logged } = connect(second.url);
    await expect(store.uses.full([{ key: '', limit: 1, period: 1 }])).rejects.toThrow(StoreError);
    const noStore = { says: `it does not accept writes: ${why}` };
    expect(await store.isThere()).toMatchObject(noStore);
    expect(await store.isThere()).toMatchObject(noStore);
    expect(logged).toHaveLength(1);
  });

  it('may be unavailable at the start, and appear later', async () => {
    const redis = await startRedis();
    await redis.kill();
    const { store, logged } = connect(redis.url);
    await expect(store.get('card')).rejects.toThrow(StoreError);
    expect(logged.join()).toContain('Redis is away');

    await redis.start();
    await there(store);

    expect(await store.add('card', 'used', MINUTE)).toBe(true);
  });

  it('may refuse this app, which says so and goes on', async () => {
    const redis = await startRedis();
    const { store, logged } = connect(redis.url.replace('//:', '//:not-'));

    await expect(store.get('card')).rejects.toThrow(StoreError);
    await expect(store.get('card')).rejects.toThrow(StoreError);

    expect(logged).toHaveLength(1);
    expect(logged.join()).toContain('WRONGPASS');
  });

  it('may be paused at the start', async () => {
    const redis = await startRedis();
    redis.pause();
    const { store } = connect(redis.url);
    await expect(store.get('card')).rejects.toThrow(StoreError);

    redis.goOn();
    await there(store);

    expect(await store.add('card', 'used', MINUTE)).toBe(true);
  });

  it('answers requests made before the connection is established', async () => {
    const redis = await startRedis();
    expect(await connect(redis.url).store.add('card', 'used', MINUTE)).toBe(true);
  });

  it('closes while Redis is unavailable, paused or busy, and then answers nothing', async () => {
    const redis = await startRedis();
    const stores = Array.from({ length: 3 }, () => connect(redis.url).store);
    const [atWork, paused, away] = stores as [Store, Store, Store];
    await Promise.all(stores.map((store) => store.get('card')));

    await atWork.close();
    redis.pause();
    await paused.close();
    await redis.kill();
    await away.close();

    const answers = await Promise.allSettled(stores.map((store) => store.get('card')));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

/** Resolves as soon as the store answers again. */
const there = (store: Store) =>
  vi.waitUntil(
    () =>
      store.get('').then(
        () => true,
        () => false,
      ),
    { timeout: PATIENCE, interval: 5 },
  );
