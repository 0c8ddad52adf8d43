import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/audit/index.ts';
import { mergeState } from '../../src/guard/switches/handover.ts';
import {
  blocked,
  createSwitches,
  type Earlier,
  LICENSES_SHORT,
  LOCKDOWN,
} from '../../src/guard/switches/switches.ts';
import { createLog } from '../../src/log.ts';
import { createMemoryStore, type Store, StoreError } from '../../src/store/index.ts';
import { createState } from '../../src/store/state.ts';
import { manualClock } from '../support/manual-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

const log = createLog('silent');
const START = Date.parse('2026-03-04T09:00:00Z');
const ALAN = blocked('alan');

/** A store that can be unavailable, and lose its data. */
function unreliableStore() {
  const clock = manualClock();
  let store = createMemoryStore(clock);
  let away: 'no' | 'yes' | 'after it was told' = 'no';
  let epoch = 1;
  let calls = 0;
  const backs: (() => void)[] = [];
  const board: Store['board'] = {
    async look(visit) {
      calls += 1;
      if (away !== 'no') throw new StoreError('away');
      return { ...(await store.board.look(visit)), epoch: `epoch ${epoch}`, wasCutOff: epoch > 1 };
    },
    async write(...what) {
      calls += 1;
      if (away === 'yes') throw new StoreError('away');
      const entry = await store.board.write(...what);
      if (away === 'after it was told') throw new StoreError('away');
      return entry;
    },
    remove: (entries) => store.board.remove(entries),
    leave: (member) => store.board.leave(member),
  };
  return {
    store: {
      ...store,
      board,
      isShared: true,
      whenBack: (run) => void backs.push(run),
    } satisfies Store,
    goes(how: 'yes' | 'after it was told' = 'yes') {
      away = how;
    },
    comesBack() {
      away = 'no';
      epoch += 1;
      for (const run of backs) run();
    },
    losesAll() {
      store = createMemoryStore(clock);
      epoch += 1;
    },
    calls: () => calls,
    /** Writes to the store directly, bypassing the instances. */
    write: async (name: string, text: string | undefined, raw = String(text)) => {
      const { entries } = await store.board.look({ member: 'mallory', joined: '', seen: '' });
      await store.board.write(name, entries?.get(name)?.raw, raw);
      const entry = (await store.board.look({ member: 'mallory', joined: '', seen: '' })).entries;
      Object.assign(entry?.get(name) ?? {}, { text, raw });
      await store.board.leave('mallory');
    },
  };
}

/** An instance with its own clock and state. */
function instance(store: Store, { ahead = 0, file = join(tempFolder(), 'state') } = {}) {
  const clock = manualClock(START + ahead);
  let lost = 0;
  const state = createState({ file, log, merge: mergeState });
  const onLost = () => {
    lost += 1;
  };
  const switches = createSwitches({ store, state, clock, log, onLost });
  return {
    ...switches,
    clock,
    file,
    lost: () => lost,
    async start(earlier: Partial<Earlier> = {}) {
      const found = await state.open();
      const none: Earlier = {
        state: found,
        rows: [],
        hadLife: false,
        isCutShort: false,
        search: async () => [],
      };
      await switches.restore({ ...none, ...earlier });
    },
  };
}

async function started(store: Store, options: { ahead?: number; file?: string } = {}) {
  const one = instance(store, options);
  await one.start();
  return one;
}

const row = (event: Row['event'], time: string, target?: string): Row => ({
  event,
  time: `2026-03-04T${time}Z`,
  ...(target && { target }),
  incident: 'AAAA',
  seq: 1,
  prev: '0'.repeat(64),
});

/** Lets time pass, with everything due in it: a question asked meanwhile waits for it. */
async function pass({ clock, isOn }: ReturnType<typeof instance>, ms: number) {
  clock.advance(ms);
  await isOn('nothing').catch(() => {});
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const DONE = { told: true, outlivesRestart: true };

describe('switches', () => {
  it('apply to all instances, each by its name, until turned off', async () => {
    const { store } = unreliableStore();
    const [here, there] = [await started(store), await started(store)];

    expect(await here.set(LOCKDOWN, true)).toEqual(DONE);
    await there.set(ALAN, true);

    expect(await there.isOn(LOCKDOWN)).toBe(true);
    expect(await here.isOn(ALAN)).toBe(true);
    expect(await here.isOn(blocked('grace'))).toBe(false);
    expect(await there.set(LOCKDOWN, false)).toEqual(DONE);
    expect(await here.isOn(LOCKDOWN)).toBe(false);
    expect(await here.isOn(ALAN)).toBe(true);
  });

  it('are turned off and on by an instance whose clock is slow', async () => {
    const { store } = unreliableStore();
    const [ahead, behind] = [await started(store, { ahead: 60_000 }), await started(store)];
    await ahead.set(LOCKDOWN, true);

    await behind.set(LOCKDOWN, false);
    expect(await ahead.isOn(LOCKDOWN)).toBe(false);

    await behind.set(LOCKDOWN, true);
    expect(await ahead.isOn(LOCKDOWN)).toBe(true);
  });

  it('survive a restart in the order in which they were set, whatever the clock says', async () => {
    const { store } = unreliableStore();
    const first = await started(store, { ahead: 60_000 });
    await first.set(LOCKDOWN, true);
    await first.set(LOCKDOWN, false);
    const second = await started(createMemoryStore(manualClock()), { file: first.file });
    await second.set(LOCKDOWN, true);

    const third = await started(createMemoryStore(manualClock()), { file: first.file });

    expect(await third.isOn(LOCKDOWN)).toBe(true);
    expect(third.lost()).toBe(0);
  });

  it('apply at once even if the store does not answer', async () => {
    const unreliable = unreliableStore();
    const silent = { ...unreliable.store.board, look: () => new Promise<never>(() => {}) };
    const here = instance({ ...unreliable.store, board: silent });

    void here.set(LOCKDOWN, true);

    expect(here.lastWord(LOCKDOWN)).toMatchObject({ on: true });
  });

  it('apply at once while the store is unavailable, and are shared when it is back', async () => {
    const unreliable = unreliableStore();
    const [here, there] = [await started(unreliable.store), await started(unreliable.store)];
    unreliable.goes();

    expect(await here.set(LOCKDOWN, true)).toEqual({ told: false, outlivesRestart: true });

    expect(await here.isOn(LOCKDOWN)).toBe(true);
    await expect(there.isOn(LOCKDOWN)).rejects.toThrow(StoreError);
    await pass(here, 10_000);
    unreliable.comesBack();
    await pass(here, 250);
    expect(await there.isOn(LOCKDOWN)).toBe(true);
  });

  it('allow no change after an outage of the store until every instance has reported', async () => {
    const unreliable = unreliableStore();
    const [here, there] = [await started(unreliable.store), await started(unreliable.store)];
    await pass(here, 1000);
    await pass(there, 1000);
    unreliable.losesAll();

    await expect(there.isOn(LOCKDOWN)).rejects.toThrow('comparing');
    await pass(here, 1000);

    expect(await there.isOn(LOCKDOWN)).toBe(false);
  });

  it('wait ten seconds for an instance that does not come back', async () => {
    const unreliable = unreliableStore();
    const [here, there] = [await started(unreliable.store), await started(unreliable.store)];
    await pass(there, 1000);
    await here.stop();
    unreliable.losesAll();
    await expect(there.isOn(LOCKDOWN)).rejects.toThrow(StoreError);
    await pass(there, 9000);
    await expect(there.isOn(LOCKDOWN)).rejects.toThrow(StoreError);

    await pass(there, 1000);

    expect(await there.isOn(LOCKDOWN)).toBe(false);
  });

  it('turned on during an outage of the store are not turned off by older data', async () => {
    const unreliable = unreliableStore();
    const [here, there] = [await started(unreliable.store), await started(unreliable.store)];
    for (let times = 0; times < 3; times++) {
      await there.set(LOCKDOWN, true);
      await there.set(LOCKDOWN, false);
    }
    unreliable.goes();
    await here.set(LOCKDOWN, true);
    unreliable.comesBack();

    expect(await here.isOn(LOCKDOWN)).toBe(true);
    expect(await there.isOn(LOCKDOWN)).toBe(true);
    expect(await there.set(LOCKDOWN, false)).toEqual(DONE);
    expect(await here.isOn(LOCKDOWN)).toBe(false);
  });

  it.each(['yes', 'after it was told'] as const)(
    'are not turned off while the store is unavailable: %s',
    async (how) => {
      const unreliable = unreliableStore();
      const [here, there] = [await started(unreliable.store), await started(unreliable.store)];
      await here.set(LOCKDOWN, true);
      unreliable.goes(how);

      expect(await here.set(LOCKDOWN, false)).toMatchObject({ told: false });

      expect(await here.isOn(LOCKDOWN)).toBe(true);
      unreliable.comesBack();
      await pass(there, 1000);
      expect(await here.isOn(LOCKDOWN)).toBe(true);
      expect(await there.isOn(LOCKDOWN)).toBe(true);
    },
  );

  it("survive the loss of both the store's data and the instance that set them", async () => {
    const unreliable = unreliableStore();
    const [here, there] = [await started(unreliable.store), await started(unreliable.store)];
    await here.set(ALAN, true);
    await pass(there, 1000);
    await here.stop();

    unreliable.losesAll();

    expect(await there.isOn(ALAN)).toBe(true);
    await there.stop();
    unreliable.losesAll();
    const later = await started(unreliable.store, { file: there.file });
    expect(await later.isOn(ALAN)).toBe(true);
    expect(later.lost()).toBe(0);
  });

  it('that were turned off stay off, even if an instance knows only the older state', async () => {
    const { store } = unreliableStore();
    const [here, there] = [await started(store), await started(store)];
    await here.set(LOCKDOWN, true);
    await there.set(LOCKDOWN, false);

    await pass(here, 10_000);

    expect(await here.isOn(LOCKDOWN)).toBe(false);
    expect(await there.isOn(LOCKDOWN)).toBe(false);
  });

  it('say if a restart would forget them, and are written as soon as possible', async () => {
    const file = join(tempFolder(), 'no folder yet', 'state');
    const here = await started(createMemoryStore(manualClock()), { file });

    expect(await here.set(LOCKDOWN, true)).toEqual({ told: true, outlivesRestart: false });

    expect(await here.isOn(LOCKDOWN)).toBe(true);
    mkdirSync(join(file, '..'));
    here.clock.advance(10_000);
    await expect.poll(() => readFileSync(file, 'utf8')).toContain(LOCKDOWN);
  });

  it('are known to both of two processes with one state file, whichever wrote last', async () => {
    const file = join(tempFolder(), 'state');
    const own = () => createMemoryStore(manualClock());
    const old = await started(own(), { file });
    const next = await started(own(), { file });
    await old.set(LOCKDOWN, true);
    await next.set(ALAN, true);

    expect(await next.isOn(LOCKDOWN)).toBe(true);
    expect(await old.isOn(ALAN)).toBe(true);
    await next.set(LOCKDOWN, false);
    await old.set(blocked('grace'), true);
    expect(await old.isOn(LOCKDOWN)).toBe(false);
    const later = await started(own(), { file });
    const names = [LOCKDOWN, ALAN, blocked('grace')];
    expect(await Promise.all(names.map(later.isOn))).toEqual([false, true, true]);
  });

  it('leave the store long after they were turned off, and apply when turned on again', async () => {
    const { store } = unreliableStore();
    const old = blocked('an old one');
    const here = await started(store);
    await here.set(old, true);
    await here.set(old, false);
    for (let number = 10; number < 12_100; number++) {
      await store.board.write(blocked(`${number}`), undefined, `off ${number} 0`);
    }
    const names = async () => {
      const { entries } = await store.board.look({ member: '', joined: '', seen: '' });
      return [...(entries?.keys() ?? [])];
    };

    expect(await here.isOn(LOCKDOWN)).toBe(false);
    expect(await names()).toHaveLength(10_000);
    expect(await names()).not.toContain(old);
    expect(await here.isOn(old)).toBe(false);
    expect(await names()).not.toContain(old);

    const there = await started(store);
    expect(await there.set(old, true)).toEqual(DONE);
    for (const one of [here, there, here, there]) expect(await one.isOn(old)).toBe(true);
    expect(await here.set(old, false)).toEqual(DONE);
    for (const one of [there, here, there]) expect(await one.isOn(old)).toBe(false);
  });

  it('leave no timer once the app stops', async () => {
    const switches = await started(unreliableStore().store);
    expect(switches.clock.waiting()).toBe(1);

    await switches.stop();

    expect(switches.clock.waiting()).toBe(0);
  });
});

describe('a start', () => {
  it('takes rows into account that are newer than the state', async () => {
    const { store } = unreliableStore();
    const first = await started(store);
    await first.set(blocked('grace'), true);
    const switches = instance(store, { file: first.file });

    await switches.start({
      rows: [
        row('lockdown on', '08:00:00.000'),
        row('reported', '08:01:00.000', 'alan'),
        row('lockdown off', '08:03:00.000'),
        row('lockdown on', '07:03:00.000'),
        row('block lifted', '08:04:00.000', 'grace'),
      ],
      hadLife: true,
    });

    const names = [LOCKDOWN, ALAN, blocked('grace')];
    expect(await Promise.all(names.map(switches.isOn))).toEqual([true, true, false]);
    expect(switches.lost()).toBe(0);
  });

  it('without state, trail and store data is a first start', async () => {
    const switches = await started(unreliableStore().store);

    expect(await switches.isOn(LOCKDOWN)).toBe(false);
    expect(switches.lost()).toBe(0);
  });

  it('without a state but with a trail declares a lockdown, and looks for blocks in the trail', async () => {
    const { store } = unreliableStore();
    const switches = instance(store);
    const { promise, resolve: found } = withResolvers<Row[]>();
    const search = () => promise;
    await switches.start({ hadLife: true, search });
    expect(await switches.isOn(LOCKDOWN)).toBe(true);
    expect(switches.lastWord(LOCKDOWN)?.lost).toBe(true);
    expect(switches.lost()).toBe(1);

    const lifted = switches.set(LOCKDOWN, false);
    // Reported meanwhile, so the row in the trail is older.
    await switches.set(blocked('grace'), true);
    found([
      row('lockdown on', '08:00:00.000'),
      row('reported', '08:01:00.000', 'alan'),
      row('reported', '08:01:00.000', 'noor'),
      row('block lifted', '08:02:00.000', 'noor'),
      row('block lifted', '08:02:00.000', 'grace'),
    ]);

    expect(await lifted).toEqual(DONE);
    expect(await switches.isOn(LOCKDOWN)).toBe(false);
    const names = [ALAN, blocked('noor'), blocked('grace')];
    expect(await Promise.all(names.map(switches.isOn))).toEqual([true, false, true]);
    expect(switches.lastWord(LOCKDOWN)?.lost).toBeUndefined();
  });

  it('keeps a switch that is set while others learn that an older one was turned off', async () => {
    const { store } = unreliableStore();
    const board = { ...store.board };
    const switches = await started({ ...store, board });
    const there = await started(store);
    await switches.set(LOCKDOWN, true);
    let again: Promise<unknown> = Promise.resolve();
    board.write = async (...what) => {
      board.write = store.board.write;
      const entry = await store.board.write(...what);
      again = switches.set(LOCKDOWN, true);
      return entry;
    };

    expect(await switches.set(LOCKDOWN, false)).toMatchObject({ stays: 'given anew' });

    expect(await again).toEqual(DONE);
    expect(await switches.isOn(LOCKDOWN)).toBe(true);
    expect(await there.isOn(LOCKDOWN)).toBe(true);
  });

  it('is not undone by somebody who meant an earlier lockdown', async () => {
    const { store } = unreliableStore();
    const [here, there] = [await started(store), await started(store)];
    await here.set(LOCKDOWN, true);
    await there.isOn(LOCKDOWN);
    const { seq } = here.lastWord(LOCKDOWN) ?? {};
    await there.set(LOCKDOWN, true);

    expect(await here.set(LOCKDOWN, false, seq)).toMatchObject({ stays: 'given anew' });

    expect(await there.isOn(LOCKDOWN)).toBe(true);
  });

  it('turns nothing off while the trail is still searched', async () => {
    const switches = instance(unreliableStore().store);
    await switches.start({ hadLife: true, search: () => new Promise(() => {}) });

    const lifted = switches.set(LOCKDOWN, false);
    switches.clock.advance(10_000);

    expect(await lifted).toMatchObject({ told: false, stays: 'recovering' });
    expect(await switches.isOn(LOCKDOWN)).toBe(true);
  });

  it('searches for blocks again if the last process ended before it was done', async () => {
    const { store } = unreliableStore();
    const killed = instance(store);
    await killed.start({ hadLife: true, search: () => new Promise(() => {}) });

    const switches = instance(store, { file: killed.file });
    await switches.start({ search: async () => [row('reported', '08:01:00.000', 'alan')] });

    await switches.set(LOCKDOWN, false);
    expect(await switches.isOn(ALAN)).toBe(true);
  });

  it('without a state but with data in the store declares a lockdown for all', async () => {
    const { store } = unreliableStore();
    const there = await started(store);
    await there.set(ALAN, true);

    const here = await started(store);

    expect(here.lost()).toBe(1);
    expect(await here.isOn(LOCKDOWN)).toBe(true);
    expect(await there.isOn(LOCKDOWN)).toBe(true);
    expect(await here.isOn(ALAN)).toBe(true);
    await there.set(LOCKDOWN, false);
    expect(await here.isOn(LOCKDOWN)).toBe(false);
  });

  it('beside another first start is a first start, whatever that has found out about licenses', async () => {
    const { store } = unreliableStore();
    const there = await started(store);
    await there.set(LICENSES_SHORT, true);

    const here = await started(store);

    expect(here.lost()).toBe(0);
    expect(await here.isOn(LOCKDOWN)).toBe(false);
    expect(await here.isOn(LICENSES_SHORT)).toBe(true);
  });

  it('finds that data as soon as the store is available', async () => {
    const unreliable = unreliableStore();
    await (await started(unreliable.store)).set(ALAN, true);
    unreliable.goes();
    const here = await started(unreliable.store);
    await expect(here.isOn(LOCKDOWN)).rejects.toThrow(StoreError);

    unreliable.comesBack();

    expect(await here.isOn(LOCKDOWN)).toBe(true);
    expect(here.lost()).toBe(1);
  });

  it.each([
    ['half a file', '{"version":1,'],
    ['orders of another shape', '{"version":1,"parts":{"orders":{"lockdown":"off"}}}'],
    [
      'a number that nobody counts to',
      '{"version":1,"parts":{"orders":{"lockdown":{"on":false,"seq":1e300,"at":0}}}}',
    ],
  ])('declares a lockdown if the state contains %s', async (_, text) => {
    const file = join(tempFolder(), 'state');
    writeFileSync(file, text);

    const switches = await started(unreliableStore().store, { file });

    expect(await switches.isOn(LOCKDOWN)).toBe(true);
    expect(switches.lost()).toBe(1);
  });
});

describe('somebody else who writes to the store', () => {
  const FORGED: [string, string | undefined, string?][] = [
    ['a lift that is not signed', undefined, 'off 281474976710656 0 AAAA'],
    ['something else', undefined, 'x'.repeat(299)],
    ['a signed text that is no word', 'off'],
    ['a number beyond what counts', 'off 999999999999999 0'],
  ];

  it.each(FORGED)('turns no switch off with %s', async (_, text, raw) => {
    const unreliable = unreliableStore();
    const [here, there] = [await started(unreliable.store), await started(unreliable.store)];
    await here.set(LOCKDOWN, true);
    await unreliable.write(LOCKDOWN, text, raw);

    expect(await here.isOn(LOCKDOWN)).toBe(true);
    expect(await there.isOn(LOCKDOWN)).toBe(true);
    const before = unreliable.calls();
    expect(await here.set(LOCKDOWN, true)).toEqual(DONE);
    expect(await here.set(LOCKDOWN, false)).toEqual(DONE);
    expect(unreliable.calls() - before).toBeLessThan(20);
    expect(await there.isOn(LOCKDOWN)).toBe(false);
  });

  it('can turn a switch on, which can be turned off, and do nothing else', async () => {
    const unreliable = unreliableStore();
    const here = await started(unreliable.store);
    await unreliable.write(LOCKDOWN, undefined, 'on 999999999999999999999 0 AAAA');
    await unreliable.write('nonsense', undefined, 'on 1 0 AAAA');

    expect(await here.isOn(LOCKDOWN)).toBe(true);
    expect(here.lastWord('nonsense')).toBeUndefined();
    expect(await here.set(LOCKDOWN, false)).toEqual(DONE);
    expect(await here.isOn(LOCKDOWN)).toBe(false);
  });

  it('cannot turn on so many that the state is too long to be written', async () => {
    const { store, write } = unreliableStore();
    const switches = await started(store);
    for (let number = 0; number < 1100; number++) {
      await write(blocked(`${number}`.padEnd(180, 'x')), undefined, 'on 1 0 AAAA');
    }

    await switches.isOn(LOCKDOWN);

    const kept = Object.keys(JSON.parse(readFileSync(switches.file, 'utf8')).parts.orders);
    expect(kept).toHaveLength(1000);
    await write(LOCKDOWN, undefined, 'on 1 0 AAAA');
    expect(await switches.isOn(LOCKDOWN)).toBe(true);
  });

  it('keeps an instance busy for a few tries at most', async () => {
    const unreliable = unreliableStore();
    const { board } = unreliable.store;
    let version = 0;
    const changing: Store['board'] = {
      ...board,
      write: async () => ({ text: 'off 7 0', raw: String(version++) }),
      look: async (visit) => ({ ...(await board.look(visit)), version: String(version++) }),
    };
    const here = instance({ ...unreliable.store, board: changing });

    expect(await here.set(LOCKDOWN, true)).toMatchObject({ told: false });

    expect(unreliable.calls()).toBeLessThan(20);
    expect(await here.isOn(LOCKDOWN)).toBe(true);
  });
});
