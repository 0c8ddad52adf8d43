import type { Allowance, MemoryUses, Store } from '../../store/index.ts';

/** How long a card, or a form opened from it, could still be used. In milliseconds. */
const REMEMBERED = 30 * 60_000;

export type UsedCards = {
  /**
   * True for a card's first use only, among all instances.
   * @throws StoreError if the others could not be told; the card is used up then
   */
  use(cardId: string): Promise<boolean>;
  /** Nothing came of the first use. Returns whether the card may be used again. Never throws. */
  giveBack(cardId: string): Promise<boolean>;
  /** An earlier process used the card at that time, in milliseconds since 1970. */
  recall(cardId: string, at: number): void;
};

/**
 * @param own what this instance knows, even without the store
 */
export function createUsedCards({ store, own }: { store: Store; own: MemoryUses }): UsedCards {
  return {
    async use(cardId) {
      if (await own.add(cardId, [once(cardId)])) return false;
      return store.add(keyOf(cardId), '', REMEMBERED);
    },
    async giveBack(cardId) {
      try {
        await store.remove(keyOf(cardId));
        await own.remove(cardId, [once(cardId)]);
        return true;
      } catch {
        return false;
      }
    },
    recall(cardId, at) {
      own.recall(cardId, [once(cardId)], at);
    },
  };
}

const keyOf = (cardId: string) => `used card ${cardId}`;

const once = (cardId: string): Allowance => ({
  key: keyOf(cardId),
  limit: 1,
  period: REMEMBERED,
});
