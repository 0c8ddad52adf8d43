import type { Clock } from '../../clock.ts';
import type { Sight } from '../../store/index.ts';

/** For so long the others are waited for; who has not come back by then is not there. */
const PATIENCE = 10_000;

export type Peers = {
  /**
   * Takes in who was there, and what they have told.
   * @param wasCutOff whether anybody was since the last time
   */
  saw(sight: Sight, wasCutOff: boolean): void;
  /** Whether somebody who was there may know of an order that the store has not heard of yet. */
  mayKnowMore(): boolean;
};

/** After an instance was cut off from the store, all who were there before have to tell once more what they know. */
export function createPeers(member: string, clock: Clock): Peers {
  let epoch: string | undefined;
  let there = new Set<string>();
  const awaited = new Map<string, number>();

  return {
    saw(sight, wasCutOff) {
      if (epoch !== sight.epoch) {
        awaited.clear();
        const before = wasCutOff ? [...there, ...sight.members.keys()] : [];
        for (const id of before) {
          if (id !== member) awaited.set(id, clock.elapsed() + PATIENCE);
        }
        epoch = sight.epoch;
      }
      for (const [id, joined] of sight.members) if (joined === epoch) awaited.delete(id);
      there = new Set(sight.members.keys());
    },
    mayKnowMore: () => [...awaited.values()].some((until) => clock.elapsed() < until),
  };
}
