import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/audit/index.ts';
import { createLog } from '../../src/log.ts';
import { blocked, createStandingOrders, LOCKDOWN } from '../../src/operations/standing-orders.ts';
import { createMemoryStore, type Store, StoreError } from '../../src/store/index.ts';
import { manualClock } from '../support/manual-clock.ts';

const log = createLog('silent');

/** A store that can be away, and lose what it holds. */
function unreliableStore() {
  const clock = manualClock();
  let store = createMemoryStore(clock);
  let away: 'no' | 'yes' | 'after it was told' = 'no';
  const lastWord: Store['lastWord'] = async (key, word) => {
    if (away === 'yes') throw new StoreError('away');
    const last = await store.lastWord(key, word);
    if (away === 'after it was told') throw new StoreError('away');
    return last;
  };
  return {
    store: { ...store, lastWord } satisfies Store,
    goes: (how: 'yes' | 'after it was told' = 'yes') => {
      away = how;
    },
    comesBack: () => {
      away = 'no';
    },
    losesAll: () => {
      store = createMemoryStore(clock);
    },
  };
}

/** An instance that knows nothing yet, with a clock of its own. */
function instance(store: Store, ahead = 0) {
  const clock = manualClock(Date.parse('2026-03-04T09:00:00Z') + ahead);
  return { ...createStandingOrders({ store, clock, log }), clock };
}

const row = (event: Row['event'], time: string, target?: string): Row => ({
  event,
  time: `2026-03-04T${time}Z`,
  ...(target && { target }),
  incident: 'AAAA',
  seq: 1,
  prev: '0'.repeat(64),
});

/** Lets what falls due be done. */
async function pass({ clock }: ReturnType<typeof instance>, ms: number) {
  clock.advance(ms);
  await new Promise(setImmediate);
}

describe('standing orders', () => {
  it('hold for all instances, each by its name, until they are lifted', async () => {
    const { store } = unreliableStore();
    const [here, there] = [instance(store), instance(store)];

    await here.set(LOCKDOWN, true);
    await there.set(blocked('alan'), true);

    expect(await there.isOn(LOCKDOWN)).toBe(true);
    expect(await here.isOn(blocked('alan'))).toBe(true);
    expect(await here.isOn(blocked('grace'))).toBe(false);
    await there.set(LOCKDOWN, false);
    expect(await here.isOn(LOCKDOWN)).toBe(false);
    expect(await here.isOn(blocked('alan'))).toBe(true);
  });

  it('are lifted and given by an instance whose clock is behind', async () => {
    const { store } = unreliableStore();
    const [ahead, behind] = [instance(store, 60_000), instance(store)];
    await ahead.set(LOCKDOWN, true);

    await behind.set(LOCKDOWN, false);
    expect(await ahead.isOn(LOCKDOWN)).toBe(false);

    await behind.set(LOCKDOWN, true);
    expect(await ahead.isOn(LOCKDOWN)).toBe(true);
  });

  it('begin at once while the store is away, which is told as soon as it is back', async () => {
    const unreliable = unreliableStore();
    const [here, there] = [instance(unreliable.store), instance(unreliable.store)];
    unreliable.goes();

    await expect(here.set(LOCKDOWN, true)).rejects.toThrow(StoreError);

    expect(await here.isOn(LOCKDOWN)).toBe(true);
    await expect(there.isOn(LOCKDOWN)).rejects.toThrow(StoreError);
    await pass(here, 10_000);
    unreliable.comesBack();
    await pass(here, 10_000);
    expect(await there.isOn(LOCKDOWN)).toBe(true);
  });

  it.each(['yes', 'after it was told'] as const)(
    'are not lifted while the store is away: %s',
    async (how) => {
      const unreliable = unreliableStore();
      const [here, there] = [instance(unreliable.store), instance(unreliable.store)];
      await here.set(LOCKDOWN, true);
      unreliable.goes(how);

      await expect(here.set(LOCKDOWN, false)).rejects.toThrow(StoreError);

      expect(await here.isOn(LOCKDOWN)).toBe(true);
      unreliable.comesBack();
      expect(await here.isOn(LOCKDOWN)).toBe(true);
      expect(await there.isOn(LOCKDOWN)).toBe(true);
    },
  );

  it('outlive a store that loses all, wherever anybody knows of them', async () => {
    const unreliable = unreliableStore();
    const [here, there, third] = [
      instance(unreliable.store),
      instance(unreliable.store),
      instance(unreliable.store),
    ];
    await here.set(LOCKDOWN, true);
    await there.isOn(LOCKDOWN);

    unreliable.losesAll();
    expect(await there.isOn(LOCKDOWN)).toBe(true);
    expect(await third.isOn(LOCKDOWN)).toBe(true);

    unreliable.losesAll();
    await pass(here, 10_000);
    expect(await instance(unreliable.store).isOn(LOCKDOWN)).toBe(true);
  });

  it('that were lifted stay so, though an instance knows only the word before', async () => {
    const unreliable = unreliableStore();
    const [here, there] = [instance(unreliable.store), instance(unreliable.store)];
    await here.set(LOCKDOWN, true);
    await there.set(LOCKDOWN, false);

    await pass(here, 10_000);

    expect(await here.isOn(LOCKDOWN)).toBe(false);
    expect(await there.isOn(LOCKDOWN)).toBe(false);
    expect(here.clock.waiting()).toBe(0);
  });

  it('go on as the audit trail ended', async () => {
    const { store } = unreliableStore();
    const orders = instance(store);

    await orders.restore([
      row('lockdown on', '08:00:00.000'),
      row('reported', '08:01:00.000', 'alan'),
      row('reported', '08:02:00.000', 'grace'),
      row('lockdown off', '08:03:00.000'),
      row('lockdown on', '08:03:00.000'),
      row('block lifted', '08:04:00.000', 'grace'),
    ]);

    const names = [LOCKDOWN, blocked('alan'), blocked('grace')];
    expect(await Promise.all(names.map(orders.isOn))).toEqual([true, true, false]);
    expect(await Promise.all(names.map(instance(store).isOn))).toEqual([true, true, false]);
  });

  it('give way to a newer word than the audit trail’s', async () => {
    const { store } = unreliableStore();
    await instance(store).set(LOCKDOWN, false);
    const orders = instance(store);

    await orders.restore([row('lockdown on', '08:00:00.000')]);

    expect(await orders.isOn(LOCKDOWN)).toBe(false);
  });

  it('go on though the store is away at the start', async () => {
    const unreliable = unreliableStore();
    unreliable.goes();
    const orders = instance(unreliable.store);

    await orders.restore([row('lockdown on', '08:00:00.000')]);

    expect(await orders.isOn(LOCKDOWN)).toBe(true);
    await expect(orders.isOn(blocked('alan'))).rejects.toThrow(StoreError);
    unreliable.comesBack();
    await pass(orders, 10_000);
    expect(await instance(unreliable.store).isOn(LOCKDOWN)).toBe(true);
  });

  it('are repeated no more once the app stops', async () => {
    const orders = instance(unreliableStore().store);
    await orders.set(LOCKDOWN, true);
    expect(orders.clock.waiting()).toBe(1);

    orders.stop();

    expect(orders.clock.waiting()).toBe(0);
  });
});
