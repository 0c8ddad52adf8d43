import { type Stops, setSwitch } from './stops.ts';
import { type Given, LOCKDOWN, type Switches } from './switches.ts';
import type { Word } from './word.ts';

/** Whether all that gives access is stopped. */
export type Lockdown = {
  /** @throws StoreError when that cannot be told */
  isOn(): Promise<boolean>;
  /** Whether the app turned it on itself, having lost its state. */
  isOfLostState(): boolean;
  /** The last word that this instance knows. */
  lastWord(): Word | undefined;
  /** With a `seq`, lifts only that word and none that came after it. */
  set(on: boolean, seq?: number): Promise<Given>;
};

export const createLockdown = (switches: Switches, stops: Stops): Lockdown => ({
  isOn: () => switches.isOn(LOCKDOWN),
  isOfLostState() {
    const word = switches.lastWord(LOCKDOWN);
    return Boolean(word?.on && word.lost);
  },
  lastWord: () => switches.lastWord(LOCKDOWN),
  set: (on, seq) => setSwitch(switches, stops, LOCKDOWN, on, seq),
});
