import type { Clock } from '../../clock.ts';
import type { Store } from '../../store/index.ts';
import type { Word } from './word.ts';

const DAY = 24 * 60 * 60_000;

/**
 * Exchanges words with instances of an earlier version while both run side by side. Their words are
 * unsigned, and the later one counts. They may forbid, never allow.
 */
export function createEarlierWords(store: Store, clock: Clock) {
  const keyOf = (name: string) => `order ${name}`;
  /** A time far in the future is not believed. */
  const isTime = (at: number) => Number.isSafeInteger(at) && at > 0 && at < clock.now() + DAY;

  return {
    /**
     * Whether such an instance has turned the switch on since our last word about it.
     * @throws StoreError if it is unknown
     */
    async gives(name: string, last: Word | undefined): Promise<boolean> {
      if (!store.isShared) return false;
      const word = await store.lastWord(keyOf(name));
      return word?.text === 'on' && isTime(word.at) && word.at > (last?.at ?? 0);
    },
    /** Tells them, unless the store is unavailable. Never throws. */
    async tell(name: string, { on }: Word): Promise<void> {
      if (!store.isShared) return;
      try {
        const last = await store.lastWord(keyOf(name));
        const at = Math.max(clock.now(), last && isTime(last.at) ? last.at + 1 : 0);
        await store.lastWord(keyOf(name), { text: on ? 'on' : 'off', at });
      } catch {
        // The store logs its own outages.
      }
    },
  };
}
