import type { Clock } from '../../clock.ts';
import type { Sight } from '../../store/index.ts';

/** How long to wait for the others, in milliseconds. Those not back by then are gone. */
const BACK_WITHIN = 10_000;

export type Peers = {
  /**
   * Notes which instances are there and which have reported.
   * @param wasCutOff whether any instance was cut off since the last time
   */
  saw(sight: Sight, wasCutOff: boolean): void;
  /** Whether another instance may know of a switch that the store has not heard of. */
  mayKnowMore(): boolean;
  /** Whether other instances were there at the last look. */
  areThere(): boolean;
};

/** After the store lost touch with an instance, every instance has to report again. */
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
          if (id !== member) awaited.set(id, clock.elapsed() + BACK_WITHIN);
        }
        epoch = sight.epoch;
      }
      for (const [id, joined] of sight.members) if (joined === epoch) awaited.delete(id);
      there = new Set(sight.members.keys());
    },
    areThere: () => [...there].some((id) => id !== member),
    mayKnowMore: () => [...awaited.values()].some((until) => clock.elapsed() < until),
  };
}
