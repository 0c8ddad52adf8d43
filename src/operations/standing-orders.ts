import type { Row } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store, Word } from '../store/index.ts';

export type StandingOrders = {
  /**
   * Whether an order stands.
   * @throws StoreError when that cannot be told, unless this instance knows that it does
   */
  isOn(name: string): Promise<boolean>;
  /**
   * Gives an order, which holds in this instance at once, or lifts one, which holds as soon as the
   * store has it.
   * @throws StoreError when the other instances could not be told: an order stands then
   */
  set(name: string, on: boolean): Promise<void>;
  /** Goes on as the audit trail of an earlier process ended. A store that is away is told later. */
  restore(history: Row[]): Promise<void>;
  stop(): void;
};

export const LOCKDOWN = 'lockdown';
/** It was said that licences run short. */
export const LICENCES_SHORT = 'licences short';
/** No registration codes for a SecurID user, by id. */
export const blocked = (userId: string) => `blocked ${userId}`;

/** How often an order that stands is repeated to the store, which may have lost it. */
const REPEAT = 10_000;

type Wiring = { store: Store; clock: Clock; log: Log };

/**
 * Orders that stand until they are lifted, by name. The newest word counts, by the clock of the instance
 * that took it. The store has the words for all instances, and each instance remembers those it knows, so
 * that an order outlives a store that is away or has lost its data.
 */
export function createStandingOrders({ store, clock, log }: Wiring): StandingOrders {
  const known = new Map<string, Word>();
  let stopRepeating: (() => void) | undefined;
  let stopped = false;

  const stands = (name: string) => known.get(name)?.text === 'on';

  function remember(name: string, word: Word | undefined): void {
    if (!word || word.at < (known.get(name)?.at ?? 0)) return;
    known.set(name, word);
    if (word.text === 'on') repeatLater();
  }

  /** Tells the store what this instance knows, and learns what the store knows. */
  async function compare(name: string): Promise<void> {
    remember(name, await store.lastWord(keyOf(name), known.get(name)));
  }

  function repeatLater(): void {
    if (stopped || stopRepeating) return;
    stopRepeating = clock.after(REPEAT, async () => {
      const standing = [...known.keys()].filter(stands);
      // The store itself says when it is away.
      await Promise.allSettled(standing.map(compare));
      stopRepeating = undefined;
      if (standing.some(stands)) repeatLater();
    });
  }

  return {
    async isOn(name) {
      try {
        await compare(name);
      } catch (error) {
        if (!stands(name)) throw error;
        log.warn({ err: error, order: name }, 'an order stands, as far as this instance knows');
      }
      return stands(name);
    },

    async set(name, on) {
      const text = on ? 'on' : 'off';
      let word: Word = { text, at: Math.max(clock.now(), (known.get(name)?.at ?? 0) + 1) };
      if (on) remember(name, word);
      try {
        let last = await store.lastWord(keyOf(name), word);
        while (last && (last.at !== word.at || last.text !== text)) {
          // The clock of another instance is ahead.
          word = { text, at: last.at + 1 };
          last = await store.lastWord(keyOf(name), word);
        }
      } catch (error) {
        // The store may have taken it all the same, and would lift the order later.
        if (stands(name)) remember(name, { text: 'on', at: word.at + 1 });
        throw error;
      }
      remember(name, word);
    },

    async restore(history) {
      for (const row of history) {
        const order = orderOf(row);
        if (order) remember(order.name, { text: order.text, at: Date.parse(row.time) });
      }
      const names = new Set([LOCKDOWN, ...known.keys()]);
      await Promise.all(
        [...names].map((name) =>
          compare(name).catch((error) => {
            log.warn({ err: error, order: name }, 'the store could not be asked about an order');
          }),
        ),
      );
    },

    stop() {
      stopped = true;
      stopRepeating?.();
    },
  };
}

const keyOf = (name: string) => `order ${name}`;

type Order = { name: string; text: 'on' | 'off' };

/** The order that a row of the audit trail gave or lifted, if any. */
function orderOf({ event, target }: Row): Order | undefined {
  if (event === 'lockdown on') return { name: LOCKDOWN, text: 'on' };
  if (event === 'lockdown off') return { name: LOCKDOWN, text: 'off' };
  if (event === 'licences short') return { name: LICENCES_SHORT, text: 'on' };
  if (event === 'licences enough') return { name: LICENCES_SHORT, text: 'off' };
  if (target === undefined) return undefined;
  if (event === 'reported') return { name: blocked(target), text: 'on' };
  if (event === 'block lifted') return { name: blocked(target), text: 'off' };
  return undefined;
}
