import { order, type Stops } from './stops.ts';
import { blocked, type Given, type StandingOrders } from './switches.ts';
import type { Word } from './word.ts';

/** Users who reported a code that they had not asked for, by SecurID user id. */
export type Blocks = {
  /** @throws StoreError where it cannot be told */
  isBlocked(userId: string): Promise<boolean>;
  /** From now on, until it is lifted. */
  block(userId: string): Promise<Given>;
  /** The last block, given or lifted, that this instance knows. */
  lastWord(userId: string): Word | undefined;
  /**
   * Where the other instances could not be told, the block stands, and where it was given anew after the
   * word with this `seq`.
   */
  lift(userId: string, seq?: number): Promise<Given>;
};

export const createBlocks = (orders: StandingOrders, stops: Stops): Blocks => ({
  isBlocked: (userId) => orders.isOn(blocked(userId)),
  block: (userId) => order(orders, stops, blocked(userId), true),
  lastWord: (userId) => orders.lastWord(blocked(userId)),
  lift: (userId, seq) => order(orders, stops, blocked(userId), false, seq),
});
