import type { Clock } from '../clock.ts';
import type { Bucket, BucketAnswer } from '../store/bucket.ts';
import type { Refill } from './budget.ts';

/** What instances learn from each other. */
export type Notes = { read(): string | undefined; heed(text: string): void };

export type TalkOptions = {
  bucket: Bucket;
  clock: Clock;
  member: string;
  refill: (now: number) => Refill;
  notes: Notes;
};

/**
 * `wanted`, `keep` and `pause` are passed to the bucket. `now` is the bucket's time; `isNew` is set
 * before its first answer.
 */
type Question = { wanted: number; keep: number; pause: number; now: number; isNew: boolean };

/** A later answer is ignored, because a caller is waiting. In milliseconds. */
const TIMEOUT = 300;

/** Reports to the bucket and takes tokens from it. */
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
    /** A token was used without the bucket, which hears of it with the next question. */
    spend(): void {
      spent += 1;
      taken += 1;
    },
    /** `undefined` while the bucket is unavailable. */
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
            // After a bucket loses its data, nobody knows what it has just handed out.
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

/** The longest wait that is believed, in milliseconds. */
const LONGEST = 2 * 60 * 60_000;

/** More tokens than an instance can have or owe. */
const MANY = 100_000;

/** Bad data in the store must not stop look-ups. */
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
