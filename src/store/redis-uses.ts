import type { Redis } from 'ioredis';
import type { Ask } from './ask.ts';
import { StoreError } from './store.ts';
import type { Allowance, Full, Uses } from './uses.ts';

export type UsesScript = {
  uses(count: number, ...keysAndMore: (string | number)[]): Promise<[key: number, wait: number]>;
};

type Wiring = {
  ask: Ask<Redis & UsesScript>;
  prefix: string;
};

/** Counts uses in Redis. */
export function createRedisUses({ ask, prefix }: Wiring): Uses {
  /** All keys in one slot of a cluster. */
  const keyOf = ({ key }: Allowance) => `${prefix}{uses}:${key}`;

  async function use<A extends Allowance>(
    id: string,
    allowances: A[],
  ): Promise<Full<A> | undefined> {
    const bounds = allowances.flatMap(({ limit, period }) => [limit, Math.ceil(period)]);
    const [at, wait] = await ask((redis) =>
      redis.uses(allowances.length, ...allowances.map(keyOf), id, ...bounds),
    );
    if (at === 0) return undefined;
    const allowance = allowances[at - 1];
    if (!allowance) throw new StoreError('Redis answered what nobody asked');
    return { allowance, wait };
  }

  return {
    full: (allowances) => use('', allowances),
    add: (id, allowances) => use(id, allowances),
    async remove(id, allowances) {
      await ask((redis) => Promise.all(allowances.map((one) => redis.zrem(keyOf(one), id))));
    },
  };
}
