import type { Clock } from '../clock.ts';

/** At most `limit` uses within any `period`, in milliseconds, wherever that begins. */
export type Allowance = { key: string; limit: number; period: number };

/** An allowance that has no use left, and after how many milliseconds it has one. */
export type Full<A extends Allowance> = { allowance: A; wait: number };

/** Counts uses within windows that slide. Each method throws StoreError when it cannot be told. */
export type Uses = {
  /** The first allowance that has no use left. Counts nothing. */
  full<A extends Allowance>(allowances: A[]): Promise<Full<A> | undefined>;
  /**
   * Counts a use in all the allowances, or in none of them.
   * @param id the same use counts once
   * @returns the first allowance that has no use left
   */
  add<A extends Allowance>(id: string, allowances: A[]): Promise<Full<A> | undefined>;
  /** The use does not count. */
  remove(id: string, allowances: Allowance[]): Promise<void>;
};

/** For one instance; it also takes uses of an earlier process. */
export type MemoryUses = Uses & {
  /** @param at in milliseconds since 1970 */
  recall(id: string, allowances: Allowance[], at: number): void;
};

/** How often keys that hold nothing any more are looked for. */
const SWEEP = 60_000;

/** What USES does in Redis. */
export function createMemoryUses(clock: Clock): MemoryUses {
  /** By key; each the moments of its uses by id, the oldest first. */
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
      // A use in the future counts as one of now.
      const age = Math.max(clock.now() - at, 0);
      const recent = allowances.filter(({ period }) => age < period);
      count(id, recent, clock.elapsed() - age);
    },
  };
}
