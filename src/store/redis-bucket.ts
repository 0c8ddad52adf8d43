import type { Redis } from 'ioredis';
import type { Ask } from './ask.ts';
import { type Bucket, MEMBER_LEASE } from './bucket.ts';
import type { Signature } from './signature.ts';

/** What BUCKET returns; fractions are text. */
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

export type BucketScript = {
  bucket(key: string, members: string, ...question: (string | number)[]): Promise<Told>;
};

type Wiring = {
  ask: Ask<Redis & BucketScript>;
  signature: Signature;
  prefix: string;
};

/** A bucket in Redis. A note not signed with this app's secret is ignored. */
export const createRedisBucket =
  ({ ask, signature, prefix }: Wiring) =>
  (name: string): Bucket => {
    const about = `note ${name}`;
    // Both keys are in one slot of a cluster.
    const key = `${prefix}{bucket:${name}}`;
    return {
      async ask({ member, wanted, keep, requestsPerSecond, burst, spent, pause, first, note }) {
        const question = [
          ...[member, MEMBER_LEASE, wanted, keep, requestsPerSecond, burst, spent, pause],
          ...[first.tokens, first.taken],
          ...(note ? [note.text, note.version, signature.sign(about, note.text)] : []),
        ];
        const told = await ask((redis) => redis.bucket(key, `${key}:members`, ...question));
        const [tokens, wait, pausedFor, now, taken, left, members, version, text, mac] = told;
        return {
          ...{ tokens, members, wait: Number(wait), pausedFor: Number(pausedFor) },
          ...{ now: Number(now), taken: Number(taken), left: Number(left) },
          note: { text: signature.isValid(about, text, mac) ? text : undefined, version },
        };
      },
    };
  };
