import type { Clock } from '../clock.ts';
import type { Bucket, BucketAnswer } from '../store/bucket.ts';
import type { Refill } from './budget.ts';

/** What instances teach each other. */
export type Notes = { read(): string | undefined; heed(text: string): void };

export type TalkOptions = {
  bucket: Bucket;
  clock: Clock;
  member: string;
  refill: (now: number) => Refill;
  notes: Notes;
};

/** `wanted`, `keep` and `pause` are the bucket's; `now` is its time, and `isNew` who never heard of it. */
type Question = { wanted: number; keep: number; pause: number; now: number; isNew: boolean };

/** An answer that takes longer is none: somebody waits. */
const TIMEOUT = 300;

/** Tells the bucket what there is to tell, and asks it for tokens. */
export function createBucketTalk({ bucket, clock, member, refill, notes }: TalkOptions) {
  let spent = 0;
  let taken = 0;
  let note: BucketAnswer['note'] = { text: undefined, version: 0 };

  function heed(answer: BucketAnswer): void {
    taken = answer.taken;
    const { text, version } = answer.note;
    if (text !== undefined && version !== note.version) notes.heed(text);
    note = answer.note;
  }

  return {
    taken: () => taken,
    /** One was taken without the bucket, which is told of it later. */
    spend(): void {
      spent += 1;
      taken += 1;
    },
    /** Nothing comes back while the bucket is away. */
    async ask(question: Question): Promise<BucketAnswer | undefined> {
      const { now, isNew, ...asked } = question;
      const used = spent;
      spent = 0;
      const text = notes.read();
      const { requestsPerSecond, burst } = refill(now);
      try {
        const answer = await within(
          clock,
          bucket.ask({
            ...{ member, ...asked, requestsPerSecond, burst },
            spent: used,
            // Nobody knows what a bucket that lost its memory gave out just before.
            first: { tokens: isNew ? burst : 1, taken },
            note: text === undefined || text === note.text ? undefined : { ...note, text },
          }),
        );
        if (!isSane(answer, asked.wanted)) throw new Error('the bucket holds nonsense');
        heed(answer);
        return answer;
      } catch {
        spent += used;
        return undefined;
      }
    },
  };
}

async function within<T>(clock: Clock, answer: Promise<T>): Promise<T> {
  let stopWaiting = () => {};
  const late = new Promise<never>((_, reject) => {
    stopWaiting = clock.after(TIMEOUT, () => reject(new Error('no answer in time')));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    stopWaiting();
  }
}

/** No tenant is asked for so long to wait, in milliseconds. */
const LONGEST = 2 * 60 * 60_000;

/** More tokens than anybody has, or owes. */
const MANY = 100_000;

/** Whoever else writes to the store must not stop the look-ups. */
function isSane(answer: BucketAnswer, wanted: number): boolean {
  const { tokens, wait, pausedFor, now, taken, left, members } = answer;
  const between = (value: number, from: number, to: number) => value >= from && value <= to;
  return (
    Number.isInteger(tokens) &&
    between(tokens, 0, Math.max(wanted, 1)) &&
    between(wait, 0, LONGEST) &&
    between(pausedFor, 0, LONGEST) &&
    between(now, 0, 8.64e15) &&
    between(taken, 0, Number.MAX_SAFE_INTEGER) &&
    between(left, -MANY, MANY) &&
    between(members, 1, 10_000)
  );
}
