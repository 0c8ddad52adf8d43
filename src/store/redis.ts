import type { Log } from '../log.ts';
import { createRedisBoard } from './redis-board.ts';
import { createRedisBucket } from './redis-bucket.ts';
import { createRedisConnection, PREFIX } from './redis-connection.ts';
import { createRedisUses } from './redis-uses.ts';
import { createSignature } from './signature.ts';
import type { Store } from './store.ts';

type Options = {
  url: string;
  /** Known to every instance, but not to Redis. */
  secret: string;
  log: Log;
};

/**
 * A store for several instances, in Redis 6.2 or newer (GETDEL). Lifetimes go by Redis' own time. Connects in
 * the background and reconnects; while Redis is away every method throws.
 */
export function createRedisStore({ url, secret, log }: Options): Store {
  const { ask, cuts, ...connection } = createRedisConnection(url, log);
  const signature = createSignature(secret);

  return {
    async add(key, value, lifetime) {
      const lasting = Math.ceil(lifetime);
      const answer = await ask((redis) => redis.set(PREFIX + key, value, 'PX', lasting, 'NX'));
      return answer === 'OK';
    },
    get: async (key) => (await ask((redis) => redis.get(PREFIX + key))) ?? undefined,
    async set(key, value, lifetime) {
      await ask((redis) =>
        lifetime === undefined
          ? redis.set(PREFIX + key, value)
          : redis.set(PREFIX + key, value, 'PX', Math.ceil(lifetime)),
      );
    },
    take: async (key) => (await ask((redis) => redis.getdel(PREFIX + key))) ?? undefined,
    async remove(key) {
      await ask((redis) => redis.del(PREFIX + key));
    },
    gather: (key, member, period) =>
      ask((redis) => redis.gather(PREFIX + key, member, Math.ceil(period))),
    async lastWord(key, word) {
      const args = word ? [String(word.at), word.text] : [];
      const [at, text] = await ask((redis) => redis.lastWord(PREFIX + key, ...args));
      return at === null || text === null ? undefined : { at: Number(at), text };
    },
    board: createRedisBoard({ ask, signature, cuts }),
    uses: createRedisUses({ ask, prefix: PREFIX }),
    bucket: createRedisBucket({ ask, signature, prefix: PREFIX }),
    isShared: true,
    ...connection,
  };
}
