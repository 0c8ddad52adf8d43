import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';

/** It takes the writes of some keys, and none of others. */
export const ONE_OF_SHARDS = 'it is one of several shards of a cluster';

/**
 * Redis that answers and takes no write, by a word in what it says, which scripts hand on.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const NO_WRITES: Record<string, string> = {
  MOVED: ONE_OF_SHARDS,
  READONLY: 'it is a read-only replica',
  OOM: 'its memory is full',
  MISCONF: 'it cannot save to its disk',
  NOREPLICAS: 'it has too few replicas',
  NOPERM: 'this user may not write',
};
const WORD = new RegExp(`(?:^|[ -])(${Object.keys(NO_WRITES).join('|')}) `);

const wordOf = (error: unknown) =>
  WORD.exec(error instanceof Error ? error.message : '')?.[1] ?? '';

/** Why Redis does not accept writes, if that is what it said. */
export const whyNoWrites = (error: unknown): string | undefined => NO_WRITES[wordOf(error)];

/** Whether it is, or has become, a replica. Redis 6.2 says it of a script in the middle of a sentence. */
export const isReplica = (error: unknown): boolean => wordOf(error) === 'READONLY';

/** Why Redis does not accept writes, as far as it said. One line when that begins and one when it is over. */
export function createWrites(log: Log) {
  let why: string | undefined;
  let isShard = false;

  return {
    /** To what may be another Redis. */
    connected(): void {
      isShard = false;
    },
    /** Whatever failed; most failures say nothing of writes. */
    failed(error: unknown): void {
      const found = whyNoWrites(error);
      if (found === undefined) return;
      isShard = found === ONE_OF_SHARDS;
      if (found === why) return;
      why = found;
      log.error(
        { see: see('redis-does-not-accept-writes') },
        `Redis does not accept writes: ${why}; no change will be made`,
      );
    },
    taken(): void {
      if (isShard) return;
      if (why !== undefined) log.info('Redis accepts writes again');
      why = undefined;
    },
    /** Nobody knows what it would say now. */
    away(): void {
      why = undefined;
    },
    whyNot: () => why && `it does not accept writes: ${why}`,
  };
}
