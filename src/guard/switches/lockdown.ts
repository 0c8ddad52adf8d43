import { type Stops, setSwitch } from './stops.ts';
import { type Given, LOCKDOWN, type Switches } from './switches.ts';
import type { Word } from './word.ts';

/** Whether everything that gives access is stopped. */
export type Lockdown = {
  /**
   * @throws StoreError if it is unknown
   */
  isOn(): Promise<boolean>;
  /** Whether the app itself turned it on after losing its state. */
  isOfLostState(): boolean;
  /** The last word that this instance knows. */
  lastWord(): Word | undefined;
  /** With a `seq`, does not lift what a later word turned on. */
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
