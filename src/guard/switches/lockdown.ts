import { order, type Stops } from './stops.ts';
import { type Given, LOCKDOWN, type StandingOrders } from './switches.ts';
import type { Word } from './word.ts';

/** Whether all issuing of registration codes is stopped. */
export type Lockdown = {
  /** Throws as standing orders do. */
  isOn(): Promise<boolean>;
  /** Whether it is on because the app had lost the state of what was in force. */
  isOfLostState(): boolean;
  /** The last order, given or lifted, that this instance knows. */
  lastWord(): Word | undefined;
  /** With the `seq` of a word, only that one is lifted, and none that was given after it. */
  set(on: boolean, seq?: number): Promise<Given>;
};

export const createLockdown = (orders: StandingOrders, stops: Stops): Lockdown => ({
  isOn: () => orders.isOn(LOCKDOWN),
  isOfLostState() {
    const word = orders.lastWord(LOCKDOWN);
    return Boolean(word?.on && word.lost);
  },
  lastWord: () => orders.lastWord(LOCKDOWN),
  set: (on, seq) => order(orders, stops, LOCKDOWN, on, seq),
});
