import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Ask } from './ask.ts';
import { BOARD_LEASE, BOARD_LIMITS, type Board, type Entry } from './board.ts';
import type { Signature } from './signature.ts';

/** Two hashes in one slot of a cluster. */
const KEYS = ['securid-desk:{orders}', 'securid-desk:{orders}:members'] as const;

/** How many to remove at once: Lua takes only some thousand values. */
const AT_ONCE = 1000;

/** Prefix of an epoch before which somebody was cut off. */
const CUT_OFF = 'cut-off-';

/** What LOOK returns: names and values alternate. */
type Seen = [epoch: string, version: string, members: string[], entries: string[] | null];

export type BoardScripts = {
  look(...keysAndMore: (string | number)[]): Promise<Seen>;
  write(...keysAndMore: string[]): Promise<string>;
  remove(...keysAndMore: string[]): Promise<unknown>;
};

type Wiring = {
  ask: Ask<Redis & BoardScripts>;
  signature: Signature;
  /** How often this instance was cut off from Redis. */
  cuts: () => number;
};

/** A board in Redis. Entries not signed with this app's secret have no text. */
export function createRedisBoard({ ask, signature, cuts }: Wiring): Board {
  /** The epoch may have changed, so tell everything again. */
  let cutsTold = 0;
  let hasAnswer = true;

  function read(name: string, raw: string): Entry {
    const [, text = '', mac = ''] = /^(.*) ([\w-]+)$/s.exec(raw) ?? [];
    return { raw, text: signature.isValid(`order ${name}`, text, mac) ? text : undefined };
  }

  return {
    async look({ member, joined, seen }) {
      const cutsNow = cuts();
      const renew = !hasAnswer || cutsNow > cutsTold;
      const { entries, name, text, members } = BOARD_LIMITS;
      const question = [member, joined, seen, randomUUID(), renew ? CUT_OFF : ''];
      const limits = [BOARD_LEASE, entries, name, text, members];
      // No answer counts as being cut off, until one arrives.
      hasAnswer = false;
      const answer = await ask((redis) => redis.look(...KEYS, ...question, ...limits));
      hasAnswer = true;
      // Being cut off meanwhile is reported with the next look.
      cutsTold = cutsNow;
      const [epoch, version, there, words] = answer;
      return {
        epoch,
        // What Redis held when it lost its data was known before.
        wasCutOff: renew || epoch.startsWith(CUT_OFF),
        version,
        entries: words
          ? new Map(pairs(words).map(([key, raw]) => [key, read(key, raw)]))
          : undefined,
        members: new Map(pairs(there)),
      };
    },
    async write(name, expected, text) {
      const raw = `${text} ${signature.sign(`order ${name}`, text)}`;
      return read(name, await ask((redis) => redis.write(KEYS[0], name, expected ?? '', raw)));
    },
    async remove(old) {
      const all = [...old];
      for (let from = 0; from < all.length; from += AT_ONCE) {
        const some = all.slice(from, from + AT_ONCE).flat();
        await ask((redis) => redis.remove(KEYS[0], ...some));
      }
    },
    async leave(member) {
      await ask((redis) => redis.hdel(KEYS[1], member));
    },
  };
}

const pairs = (flat: string[]): [string, string][] =>
  Array.from({ length: flat.length / 2 }, (_, number) => [
    String(flat[2 * number]),
    String(flat[2 * number + 1]),
  ]);
