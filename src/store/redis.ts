import { createRequire } from 'node:module';
import type { Redis, RedisOptions } from 'ioredis';
import type { Log } from '../log.ts';
import { MEMBER_LEASE } from './bucket.ts';
import { type BoardScripts, createRedisBoard } from './redis-board.ts';
import { BUCKET, GATHER, LAST_WORD, LOOK, REMOVE, USES, WRITE } from './scripts.ts';
import { createSignature } from './signature.ts';
import { type Store, StoreError } from './store.ts';
import type { Allowance, Full } from './uses.ts';
import { createWrites } from './writes.ts';

const PREFIX = 'securid-desk:';

/** All in one slot of a cluster. */
const usesOf = (key: string) => `${PREFIX}{uses}:${key}`;

/** An answer that takes longer is none: somebody waits for theirs in Slack. */
const TIMEOUT = 1000;

const OPTIONS: RedisOptions = {
  commandTimeout: TIMEOUT,
  connectTimeout: TIMEOUT,
  // A connection that has gone silent is given up, and made anew.
  socketTimeout: 5 * TIMEOUT,
  retryStrategy: (times) => Math.min(times * 100, 2 * TIMEOUT),
  // After a failover the old master takes no more writes.
  reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  // What was told to have failed must not be carried out later.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
};

/** What BUCKET answers; figures with a fraction are text. */
type Told = [
  tokens: number,
  wait: string,
  pausedFor: string,
  now: string,
  taken: string,
  left: string,
  members: number,
  version: number,
  note: string,
  mac: string,
];

type Scripts = {
  gather(key: string, member: string, period: number): Promise<string[]>;
  lastWord(key: string, ...word: string[]): Promise<[at: string | null, text: string | null]>;
  bucket(key: string, members: string, ...question: (string | number)[]): Promise<Told>;
  uses(count: number, ...keysAndMore: (string | number)[]): Promise<[key: number, wait: number]>;
};

/** Loaded only where there is a Redis: it takes a tenth of the start. */
const loadRedis = () => createRequire(import.meta.url)('ioredis') as typeof import('ioredis');

type Options = {
  url: string;
  /** Every instance has it, and Redis has not. */
  secret: string;
  log: Log;
};

/**
 * For several instances: Redis 6.2 or newer, which has GETDEL. Lifetimes go by Redis' own time. It is
 * connected to in the background, again and again; while it is away every method throws.
 */
export function createRedisStore({ url, secret, log }: Options): Store {
  const ioredis = loadRedis();
  const redis = new ioredis.Redis(url, {
    ...OPTIONS,
    scripts: {
      gather: { numberOfKeys: 1, lua: GATHER },
      lastWord: { numberOfKeys: 1, lua: LAST_WORD },
      bucket: { numberOfKeys: 2, lua: BUCKET },
      // How many keys there are is told with each call.
      uses: { lua: USES },
      look: { numberOfKeys: 2, lua: LOOK },
      write: { numberOfKeys: 1, lua: WRITE },
      remove: { numberOfKeys: 1, lua: REMOVE },
    },
  }) as Redis & Scripts & BoardScripts;
  const signature = createSignature(secret);
  const writes = createWrites(log);
  redis.on('error', writes.away);
  tellOutages(redis, log);
  const tried = firstTry(redis);
  /** How often Redis was away, or silent for longer than is waited. */
  let cuts = 0;
  redis.on('close', () => {
    cuts += 1;
  });

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    await tried;
    if (redis.status !== 'ready') throw new StoreError('Redis is away');
    try {
      return await question();
    } catch (error) {
      writes.failed(error);
      if (!(error instanceof Error && error.name === 'ReplyError')) cuts += 1;
      throw new StoreError(`Redis did not answer (${words(error)})`);
    }
  }

  async function isThere(): Promise<true | string> {
    try {
      await ask(() => redis.set(`${PREFIX}written`, '1', 'PX', TIMEOUT));
    } catch (error) {
      // What was refused ended the connection, which may not be there again.
      const whyNot = writes.whyNot();
      if (whyNot === undefined) throw error;
      return whyNot;
    }
    writes.taken();
    return true;
  }

  async function askUses<A extends Allowance>(
    id: string,
    allowances: A[],
  ): Promise<Full<A> | undefined> {
    const keys = allowances.map(({ key }) => usesOf(key));
    const bounds = allowances.flatMap(({ limit, period }) => [limit, Math.ceil(period)]);
    const [at, wait] = await ask(() => redis.uses(keys.length, ...keys, id, ...bounds));
    if (at === 0) return undefined;
    const allowance = allowances[at - 1];
    if (!allowance) throw new StoreError('Redis answered what nobody asked');
    return { allowance, wait };
  }

  return {
    async add(key, value, lifetime) {
      const set = () => redis.set(PREFIX + key, value, 'PX', Math.ceil(lifetime), 'NX');
      return (await ask(set)) === 'OK';
    },
    get: async (key) => (await ask(() => redis.get(PREFIX + key))) ?? undefined,
    async set(key, value, lifetime) {
      await ask(() =>
        lifetime === undefined
          ? redis.set(PREFIX + key, value)
          : redis.set(PREFIX + key, value, 'PX', Math.ceil(lifetime)),
      );
    },
    take: async (key) => (await ask(() => redis.getdel(PREFIX + key))) ?? undefined,
    async remove(key) {
      await ask(() => redis.del(PREFIX + key));
    },
    gather: (key, member, period) =>
      ask(() => redis.gather(PREFIX + key, member, Math.ceil(period))),
    async lastWord(key, word) {
      const args = word ? [String(word.at), word.text] : [];
      const [at, text] = await ask(() => redis.lastWord(PREFIX + key, ...args));
      return at === null || text === null ? undefined : { at: Number(at), text };
    },
    board: createRedisBoard({ redis, ask, signature, cuts: () => cuts }),
    isShared: true,
    whenBack(run) {
      // The first time it only comes.
      void tried.then(() => redis.on('ready', run));
    },
    uses: {
      full: (allowances) => askUses('', allowances),
      add: (id, allowances) => askUses(id, allowances),
      async remove(id, allowances) {
        await ask(() => Promise.all(allowances.map(({ key }) => redis.zrem(usesOf(key), id))));
      },
    },
    isThere,
    bucket: (name) => ({
      async ask({ member, wanted, keep, requestsPerSecond, burst, spent, pause, first, note }) {
        const about = `note ${name}`;
        const question = [
          member,
          MEMBER_LEASE,
          wanted,
          keep,
          requestsPerSecond,
          burst,
          spent,
          pause,
        ];
        const more = [
          first.tokens,
          first.taken,
          ...(note ? [note.text, note.version, signature.sign(about, note.text)] : []),
        ];
        // Both in one slot of a cluster.
        const key = `${PREFIX}{bucket:${name}}`;
        const told = await ask(() => redis.bucket(key, `${key}:members`, ...question, ...more));
        const [tokens, wait, pausedFor, now, taken, left, members, version, text, mac] = told;
        return {
          ...{ tokens, members, wait: Number(wait), pausedFor: Number(pausedFor) },
          ...{ now: Number(now), taken: Number(taken), left: Number(left) },
          note: { text: signature.isValid(about, text, mac) ? text : undefined, version },
        };
      },
    }),
    async close() {
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}

/** One line when Redis goes and one when it is back, however often it is tried in between. */
function tellOutages(redis: Redis, log: Log): void {
  let away = false;
  redis.on('error', (error) => {
    if (!away) log.error({ err: error }, 'Redis is away: no registration code will be issued');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is there again');
    away = false;
  });
}

/** What is asked at the very start waits until Redis is there, or known to be away. */
const firstTry = (redis: Redis) =>
  new Promise<void>((resolve) => {
    for (const event of ['ready', 'close'] as const) redis.once(event, () => resolve());
  });

/** Node's error for a host with several addresses has a code and no message. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.message || ('code' in error ? String(error.code) : error.name);
}
