import type { Redis } from 'ioredis';
import { PREFIX } from './redis-connection.ts';
import { ONE_OF_SHARDS, whyNoWrites } from './writes.ts';

/** What a Redis says of itself. `undefined` where it does not say. */
export type RedisFacts = {
  version: string | undefined;
  /** What it does when its memory is full. */
  policy: string | undefined;
  /** Whether it keeps its data on disk. */
  isPersistent: boolean | undefined;
  /** Why it does not accept writes; `undefined` if it took one. */
  whyNoWrites: string | undefined;
  /** How long a write took, in milliseconds. */
  took: number;
};

/** Why a Redis could not be asked. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
}

const TIMEOUT = 3000;

/** As the app writes: by a script. The key expires after a millisecond. */
const WRITE = `return redis.call('SET', KEYS[1], '1', 'PX', 1)`;

/**
 * Asks a Redis about itself over a connection of its own, and writes one key that is gone again at once.
 * @param elapsed monotonic milliseconds
 * @throws RedisAway whose message says why in a word or two, without the URL
 */
export async function examineRedis(url: string, elapsed: () => number): Promise<RedisFacts> {
  const { Redis } = await import('./ioredis.ts');
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT,
    commandTimeout: TIMEOUT,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    // Would ask for INFO, and complain on the terminal if it may not.
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
  });
  let broken: unknown;
  redis.on('error', (error) => {
    broken ??= error;
  });
  try {
    await redis.connect();
    const info = factsIn(await infoOf(redis));
    const begun = elapsed();
    const refused = await redis.eval(WRITE, 1, `${PREFIX}doctor`).then(
      () => undefined,
      (error) => {
        const why = whyNoWrites(error);
        if (why === undefined) throw error;
        return why;
      },
    );
    const took = elapsed() - begun;
    const isShard = info.cluster_enabled === '1' && (await isOneOfShards(redis));
    const saves = await redis.config('GET', 'save').catch(() => undefined);
    return {
      version: info.redis_version,
      policy: info.maxmemory_policy,
      isPersistent: persists(info, saves),
      whyNoWrites: isShard ? ONE_OF_SHARDS : refused,
      took,
    };
  } catch (error) {
    throw new RedisAway(wordsFor(broken ?? error));
  } finally {
    redis.disconnect();
  }
}

/** Nothing if the user may not ask; the app itself need not. */
const infoOf = (redis: Redis): Promise<string> =>
  redis.info().catch((error) => {
    if (whyNoWrites(error) === undefined) throw error;
    return '';
  });

/** A cluster of a single shard holds every key. */
async function isOneOfShards(redis: Redis): Promise<boolean> {
  const told = await redis.cluster('INFO').catch(() => '');
  return Number(factsIn(String(told)).cluster_size) > 1;
}

const factsIn = (info: string): Record<string, string | undefined> =>
  Object.fromEntries(
    [...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name, value]) => [name, value]),
  );

function persists(info: Record<string, string | undefined>, saves: unknown): boolean | undefined {
  if (info.aof_enabled === '1') return true;
  const rules = Array.isArray(saves) ? saves[1] : undefined;
  return typeof rules === 'string' ? rules !== '' : undefined;
}

/** Redis' own errors begin with a word; the rest of them may quote what was sent. */
function wordsFor(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  if (/WRONGPASS|invalid username-password|invalid password/i.test(said)) return 'WRONGPASS';
  if (/timed out/.test(said)) return 'TIMEOUT';
  const [word] = /^(?:NOAUTH|NOPERM|LOADING|DENIED|ERR)\b/.exec(said) ?? [];
  return word ?? (error instanceof Error && 'code' in error ? String(error.code) : 'CLOSED');
}
