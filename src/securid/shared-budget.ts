import type { Clock } from '../clock.ts';
import { type Bucket, type BucketAnswer, MEMBER_LEASE } from '../store/bucket.ts';
import { type Budget, createBudget, type Refill } from './budget.ts';

/** What instances teach each other. */
export type Notes = { read(): string | undefined; heed(text: string): void };

type Wiring = {
  bucket: Bucket;
  clock: Clock;
  member: string;
  refill: (now: number) => Refill;
  notes: Notes;
};

/** An answer that takes longer is none: somebody waits. */
const BUCKET_TIMEOUT = 300;

/** How often an instance says that it is there, and how soon it tries again when nobody hears it. */
const HEARTBEAT = 1000;
const TRY_AGAIN = 500;

/** While the bucket is away: a part of the last known one, and little where nobody knows how many there are. */
const TOGETHER = 0.85;
const UNKNOWN = 0.1;

type Ask = { due: number };

/**
 * One budget over all instances. Tokens are fetched as they are needed; while the bucket is away each
 * instance goes on with its share.
 */
export function createSharedBudget({ bucket, clock, member, refill, notes }: Wiring): Budget {
  /** By how much the bucket's clock is ahead. */
  let ahead = 0;
  const now = () => clock.elapsed() + ahead;

  let ready = 0;
  let taken = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let known: { members: number; at: number; left: number } | undefined;
  /** In place of the bucket, while that is away. */
  let alone: Budget | undefined;
  let spent = 0;
  let note: { text: string | undefined; version: number } = { text: undefined, version: 0 };
  let wake = () => {};
  const asks = new Map<'few' | 'many', Ask>();

  const share = () => (known ? TOGETHER / known.members : UNKNOWN);

  function goAlone(): void {
    if (alone) return;
    const part = share();
    const ours = (time: number) => {
      const { requestsPerSecond, burst } = refill(time);
      return { requestsPerSecond: requestsPerSecond * part, burst: Math.max(burst * part, 1) };
    };
    const left = known ? known.left : refill(now()).burst;
    alone = createBudget(clock, ours, Math.max(left, 0) * part);
    if (pauseLeft() > 0) alone.pause(pauseLeft());
    ready = 0;
  }

  function adopt(answer: BucketAnswer): void {
    const aheadBefore = ahead;
    ahead = answer.now - clock.elapsed();
    // A pause lasts as long as it did, whatever the bucket's clock says now.
    pausedUntil += ahead - aheadBefore;
    taken = answer.taken;
    // One who was there a moment ago may only not have come back yet.
    const { members, left } = answer;
    const fewer = known && members < known.members && answer.now - known.at < MEMBER_LEASE;
    known = fewer && known ? { ...known, left } : { members, left, at: answer.now };
    if (answer.pausedFor > 0) {
      pausedUntil = Math.max(pausedUntil, answer.now + answer.pausedFor);
      ready = 0;
    }
    const { text } = answer.note;
    if (text !== undefined && answer.note.version !== note.version) notes.heed(text);
    note = answer.note;
    alone = undefined;
  }

  /** Tells what there is to tell and asks for tokens. Without an answer the instance is alone. */
  async function talk(wanted: number, keep = 0, pause = 0): Promise<BucketAnswer | undefined> {
    const used = spent;
    spent = 0;
    const text = notes.read();
    const { requestsPerSecond, burst } = refill(now());
    try {
      const answer = await within(
        BUCKET_TIMEOUT,
        bucket.ask({
          ...{ member, wanted, keep, requestsPerSecond, burst, pause },
          spent: used,
          // Nobody knows what a bucket that lost its memory gave out just before.
          first: { tokens: known ? 1 : burst, taken },
          note: text === undefined || text === note.text ? undefined : { ...note, text },
        }),
      );
      if (!isSane(answer, wanted)) throw new Error('the bucket holds nonsense');
      adopt(answer);
      return answer;
    } catch {
      spent += used;
      goAlone();
      return undefined;
    }
  }

  async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
    let stopWaiting = () => {};
    const late = new Promise<never>((_, reject) => {
      stopWaiting = clock.after(ms, () => reject(new Error('no answer in time')));
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      stopWaiting();
    }
  }

  /** Those who leave tokens to others and those who do not wait for different tokens. */
  async function obtain(kind: 'few' | 'many', wanted: number, keep: number): Promise<void> {
    const ask: Ask = { due: Number.POSITIVE_INFINITY };
    asks.set(kind, ask);
    const answer = await talk(wanted, keep);
    if (answer && answer.wait > 0) {
      ask.due = now() + answer.wait;
      wake();
      await new Promise<void>((resolve) => void clock.after(Math.ceil(answer.wait), resolve));
      // A pause may have begun elsewhere, and then the token is none.
      if (answer.tokens > 0 && !alone) await talk(0);
    }
    asks.delete(kind);
    if (answer && !alone && pauseLeft() === 0) ready += answer.tokens;
    wake();
  }

  const pauseLeft = () => Math.max(pausedUntil - now(), 0);

  async function beat(): Promise<void> {
    const wasAlone = alone !== undefined;
    await talk(0);
    if (wasAlone && !alone) wake();
    stop = clock.after(alone ? TRY_AGAIN : HEARTBEAT, () => void beat());
    if (closed) stop();
  }
  let closed = false;
  let stop = () => {};
  void beat();

  return {
    now,
    take(keep, wanted) {
      if (pauseLeft() > 0) return pauseLeft();
      if (alone) {
        const wait = alone.take(keep, wanted);
        if (wait > 0) return wait;
        spent += 1;
        taken += 1;
        return 0;
      }
      if (ready > 0) {
        ready -= 1;
        return 0;
      }
      const kind = keep > 0 ? 'many' : 'few';
      const asked = asks.get(kind);
      if (asked) return Math.max(asked.due - now(), 1);
      void obtain(kind, wanted, keep);
      return Number.POSITIVE_INFINITY;
    },
    taken: () => taken,
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms);
      ready = 0;
      alone?.pause(ms);
      void talk(0, 0, ms);
    },
    pauseLeft,
    sinceLastPause: (time) => time >= pausedUntil,
    whenMore(run) {
      wake = run;
    },
    close() {
      closed = true;
      stop();
    },
  };
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
