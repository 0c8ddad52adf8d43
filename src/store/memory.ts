import type { Clock } from '../clock.ts';
import { createMemoryBoard } from './board.ts';
import type { Bucket } from './bucket.ts';
import { createMemoryBucket } from './memory-bucket.ts';
import type { Store, Word } from './store.ts';
import { createMemoryUses, type MemoryUses } from './uses.ts';

type Kept = { value: string; until: number };
type Gathered = { period: number; members: Map<string, number> };

/** A store in memory, for a single instance. */
export function createMemoryStore(clock: Clock, uses: MemoryUses = createMemoryUses(clock)): Store {
  const values = new Map<string, Kept>();
  const sets = new Map<string, Gathered>();
  const words = new Map<string, Word>();
  const board = createMemoryBoard(clock);
  const buckets = new Map<string, Bucket>();

  function read(key: string): string | undefined {
    const kept = values.get(key);
    if (kept && kept.until > clock.elapsed()) return kept.value;
    values.delete(key);
    return undefined;
  }

  function keep(key: string, value: string, lifetime = Number.POSITIVE_INFINITY): void {
    for (const [old, { until }] of values) if (until <= clock.elapsed()) values.delete(old);
    values.set(key, { value, until: clock.elapsed() + lifetime });
  }

  return {
    async add(key, value, lifetime) {
      if (read(key) !== undefined) return false;
      keep(key, value, lifetime);
      return true;
    },
    get: async (key) => read(key),
    set: async (key, value, lifetime) => keep(key, value, lifetime),
    async take(key) {
      const value = read(key);
      values.delete(key);
      return value;
    },
    async remove(key) {
      values.delete(key);
    },
    async gather(key, member, period) {
      const now = clock.elapsed();
      const members = sets.get(key)?.members ?? new Map<string, number>();
      sets.set(key, { period, members: members.set(member, now) });
      for (const [other, { period, members }] of sets) {
        for (const [one, at] of members) if (now - at >= period) members.delete(one);
        if (members.size === 0) sets.delete(other);
      }
      return [...members.keys()];
    },
    async lastWord(key, word) {
      const last = words.get(key);
      if (!word || (last && last.at >= word.at)) return last;
      words.set(key, word);
      return word;
    },
    board,
    isShared: false,
    whenBack: () => {},
    uses,
    isThere: async () => true,
    bucket(name) {
      const bucket = buckets.get(name) ?? createMemoryBucket(clock);
      buckets.set(name, bucket);
      return bucket;
    },
    close: async () => {},
  };
}
