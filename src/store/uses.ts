import type { Clock } from '../clock.ts';

/** At most `limit` uses within any `period` milliseconds. */
export type Allowance = { key: string; limit: number; period: number };

/** An exhausted allowance, and in how many milliseconds it has a use again. */
export type Full<A extends Allowance> = { allowance: A; wait: number };

/** Counts uses within sliding windows. Each method throws StoreError when the store is away. */
export type Uses = {
  /** The first exhausted allowance. Counts nothing. */
  full<A extends Allowance>(allowances: A[]): Promise<Full<A> | undefined>;
  /**
   * Counts a use in all allowances or in none.
   * @param id the same use counts once
   * @returns the first exhausted allowance
   */
  add<A extends Allowance>(id: string, allowances: A[]): Promise<Full<A> | undefined>;
  /** Takes a use back. */
  remove(id: string, allowances: Allowance[]): Promise<void>;
};

/** Counts for one instance; also accepts uses of an earlier process. */
export type MemoryUses = Uses & {
  /** @param at in milliseconds since 1970 */
  recall(id: string, allowances: Allowance[], at: number): void;
};

/** How often to remove empty keys. */
const SWEEP = 60_000;

/** What USES does in Redis. */
export function createMemoryUses(clock: Clock): MemoryUses {
  /** By key: the times of its uses by id, oldest first. */
  const kept = new Map<string, { period: number; uses: Map<string, number> }>();
  let sweptAt = clock.elapsed();

  /** What still counts under a key. */
  function current({ key, period }: Omit<Allowance, 'limit'>): Map<string, number> {
    const now = clock.elapsed();
    const uses = kept.get(key)?.uses ?? new Map<string, number>();
    for (const [id, at] of uses) if (at <= now - period) uses.delete(id);
    if (uses.size === 0) kept.delete(key);
    return uses;
  }

  function sweep(): void {
    if (clock.elapsed() - sweptAt < SWEEP) return;
    sweptAt = clock.elapsed();
    for (const [key, { period }] of kept) current({ key, period });
  }

  function fullOf<A extends Allowance>(allowances: A[]): Full<A> | undefined {
    for (const allowance of allowances) {
      const uses = [...current(allowance).values()];
      const leaves = uses[uses.length - allowance.limit];
      if (leaves !== undefined)
        return { allowance, wait: leaves + allowance.period - clock.elapsed() };
    }
    return undefined;
  }

  function count(id: string, allowances: Allowance[], at: number): void {
    for (const { key, period } of allowances) {
      const uses = [...current({ key, period }).set(id, at)];
      kept.set(key, { period, uses: new Map(uses.sort(([, a], [, b]) => a - b)) });
    }
  }

  return {
    full: async (allowances) => fullOf(allowances),
    async add(id, allowances) {
      sweep();
      const full = fullOf(allowances);
      if (!full) count(id, allowances, clock.elapsed());
      return full;
    },
    async remove(id, allowances) {
      for (const { key } of allowances) {
        const uses = kept.get(key)?.uses;
        uses?.delete(id);
        if (uses?.size === 0) kept.delete(key);
      }
    },
    recall(id, allowances, at) {
      // A use in the future counts as now.
      const age = Math.max(clock.now() - at, 0);
      const recent = allowances.filter(({ period }) => age < period);
      count(id, recent, clock.elapsed() - age);
    },
  };
}
