import { type Stops, setSwitch } from './stops.ts';
import { blocked, type Given, type Switches } from './switches.ts';
import type { Word } from './word.ts';

/** Users who reported a change that they did not ask for, by SecurID user id. */
export type Blocks = {
  /**
   * @throws StoreError if it is unknown
   */
  isBlocked(userId: string): Promise<boolean>;
  /** Until somebody lifts it. */
  block(userId: string): Promise<Given>;
  /** The last word that this instance knows. */
  lastWord(userId: string): Word | undefined;
  /**
   * The block stays if the other instances could not be told, or if the user was blocked again
   * after the word with this `seq`.
   */
  lift(userId: string, seq?: number): Promise<Given>;
};

export const createBlocks = (switches: Switches, stops: Stops): Blocks => ({
  isBlocked: (userId) => switches.isOn(blocked(userId)),
  block: (userId) => setSwitch(switches, stops, blocked(userId), true),
  lastWord: (userId) => switches.lastWord(blocked(userId)),
  lift: (userId, seq) => setSwitch(switches, stops, blocked(userId), false, seq),
});
