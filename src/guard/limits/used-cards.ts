import type { Allowance, MemoryUses, Store } from '../../store/index.ts';

/** As long as a card, or a form that it opened, could still be used. */
const REMEMBERED = 30 * 60_000;

export type UsedCards = {
  /**
   * True for one use of a card, however many instances hear of one at once.
   * @throws StoreError when the others could not be told: the card is used up then
   */
  use(cardId: string): Promise<boolean>;
  /** Nothing came of a use that was true. Whether the card may be used again. Never throws. */
  giveBack(cardId: string): Promise<boolean>;
  /** An earlier process has heard of a use at that time, in milliseconds since 1970. */
  recall(cardId: string, at: number): void;
};

/** @param own what this instance knows, whatever becomes of the store */
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
