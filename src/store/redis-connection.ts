import type { Redis, RedisOptions } from 'ioredis';
import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';
import type { Ask } from './ask.ts';
import type { BoardScripts } from './redis-board.ts';
import type { BucketScript } from './redis-bucket.ts';
import type { UsesScript } from './redis-uses.ts';
import { BUCKET, GATHER, LAST_WORD, LOOK, REMOVE, USES, WRITE } from './scripts.ts';
import { type NoWrites, StoreError } from './store.ts';
import { createWrites, isReplica } from './writes.ts';

/** Begins each key. */
export const PREFIX = 'securid-desk:';

/** Timeout of an answer, in milliseconds: somebody in Slack is waiting. */
const TIMEOUT = 1000;

const OPTIONS: RedisOptions = {
  commandTimeout: TIMEOUT,
  connectTimeout: TIMEOUT,
  // A silent connection is replaced.
  socketTimeout: 5 * TIMEOUT,
  retryStrategy: (times) => Math.min(times * 100, 2 * TIMEOUT),
  // After a failover the old master refuses writes.
  reconnectOnError: isReplica,
  // A command reported as failed must not be carried out later.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  scripts: {
    gather: { numberOfKeys: 1, lua: GATHER },
    lastWord: { numberOfKeys: 1, lua: LAST_WORD },
    bucket: { numberOfKeys: 2, lua: BUCKET },
    // The number of keys is passed with each call.
    uses: { lua: USES },
    look: { numberOfKeys: 2, lua: LOOK },
    write: { numberOfKeys: 1, lua: WRITE },
    remove: { numberOfKeys: 1, lua: REMOVE },
  },
};

type Scripts = BoardScripts &
  BucketScript &
  UsesScript & {
    gather(key: string, member: string, period: number): Promise<string[]>;
    lastWord(key: string, ...word: string[]): Promise<[at: string | null, text: string | null]>;
  };

/** Connects in the background and reconnects. */
export function createRedisConnection(url: string, log: Log) {
  const writes = createWrites(log);
  let cuts = 0;
  const connecting = connect();
  const tried = connecting.then(firstTry);

  async function connect(): Promise<Redis & Scripts> {
    const { Redis } = await import('./ioredis.ts');
    const redis = new Redis(url, OPTIONS) as Redis & Scripts;
    redis.on('error', writes.away);
    redis.on('ready', writes.connected);
    tellOutages(redis, log);
    endTimeouts(redis);
    redis.on('close', () => {
      cuts += 1;
    });
    return redis;
  }

  const ask: Ask<Redis & Scripts> = async (question) => {
    const redis = await tried;
    if (redis.status !== 'ready') throw new StoreError('Redis is away');
    try {
      return await question(redis);
    } catch (error) {
      writes.failed(error);
      if (!(error instanceof Error && error.name === 'ReplyError')) cuts += 1;
      throw new StoreError(`Redis did not answer (${words(error)})`);
    }
  };

  return {
    ask,
    /** How often Redis was away or timed out. */
    cuts: () => cuts,
    /** Whether Redis accepts writes; if not, why not. Throws when it is away. */
    async isThere(): Promise<true | NoWrites> {
      try {
        await ask((redis) => redis.set(`${PREFIX}written`, '1', 'PX', TIMEOUT));
        writes.taken();
      } catch (error) {
        // The refusal closed the connection, which may not be back yet.
        if (writes.whyNot() === undefined) throw error;
      }
      const whyNot = writes.whyNot();
      if (whyNot === undefined) return true;
      return { says: whyNot, see: see('redis-does-not-accept-writes') };
    },
    /** Runs each time Redis is back, except the first time it connects. */
    whenBack(run: () => void): void {
      void tried.then((redis) => redis.on('ready', run));
    },
    async close(): Promise<void> {
      const redis = await connecting;
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}

/** Logs once when Redis goes and once when it is back. */
function tellOutages(redis: Redis, log: Log): void {
  let away = false;
  redis.on('error', (error) => {
    if (!away) {
      log.error({ err: error, see: see('redis-is-away') }, 'Redis is away: no change will be made');
    }
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is there again');
    away = false;
  });
}

/** Where ioredis keeps the timer of `socketTimeout`, though its types do not say so. */
type Timed = { socketTimeoutTimer?: NodeJS.Timeout | undefined };

/**
 * ioredis 5 lets the timeout of a lost connection run on, and would cut the next one with it.
 * @see https://github.com/redis/ioredis/issues/2147
 */
function endTimeouts(redis: Redis): void {
  const timed = redis as unknown as Timed;
  redis.on('close', () => {
    clearTimeout(timed.socketTimeoutTimer);
    timed.socketTimeoutTimer = undefined;
  });
}

/** Questions at the start wait until Redis is connected or known to be away. */
const firstTry = <R extends Redis>(redis: R) =>
  new Promise<R>((resolve) => {
    for (const event of ['ready', 'close'] as const) redis.once(event, () => resolve(redis));
  });

/** Node's error for a host with several addresses has a code and no message. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.message || ('code' in error ? String(error.code) : error.name);
}
