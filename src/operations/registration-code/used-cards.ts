import type { Store } from '../../store/index.ts';

/** As long as a card, or a form that it opened, could still be used. */
const REMEMBERED = 30 * 60_000;

const key = (cardId: string) => `used card ${cardId}`;

/** True for one use of a card, however many instances hear of one at once. */
export const firstUse = (store: Store, cardId: string) => store.add(key(cardId), '', REMEMBERED);

/** Nothing came of it. Never throws. */
export async function giveBack(store: Store, cardId: string): Promise<void> {
  // A store that is away has nothing to forget, or forgets by itself.
  await store.remove(key(cardId)).catch(() => {});
}
