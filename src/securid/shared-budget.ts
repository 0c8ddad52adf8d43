import type { BucketAnswer } from '../store/bucket.ts';
import { createBucketClock } from './bucket-clock.ts';
import { createBucketTalk, type TalkOptions } from './bucket-talk.ts';
import type { Budget } from './budget.ts';
import { createFetchedTokens } from './fetched-tokens.ts';
import { createOwnShare } from './own-share.ts';

/**
 * How often an instance reports that it is alive, and how soon it
 * retries without an answer. In milliseconds.
 */
const HEARTBEAT = 1000;
const TRY_AGAIN = 500;

/**
 * One budget for all instances. Tokens are fetched as needed; while the bucket is unavailable, each
 * instance uses its own share.
 */
export function createSharedBudget(options: TalkOptions): Budget {
  const { clock, refill } = options;
  const time = createBucketClock(clock);
  const share = createOwnShare(clock, refill);
  const bucket = createBucketTalk(options);
  /** Stands in for the bucket while it is unavailable. */
  let alone: Budget | undefined;
  let wake = () => {};
  const tokens = createFetchedTokens({
    ...{ clock, now: time.now, ask },
    isAway: () => alone !== undefined,
    isPaused: () => time.pauseLeft() > 0,
    onMore: () => wake(),
  });

  /** Without an answer, the instance uses its own share. */
  async function ask(wanted: number, keep = 0, pause = 0): Promise<BucketAnswer | undefined> {
    const isNew = !share.isKnown();
    const answer = await bucket.ask({ wanted, keep, pause, now: time.now(), isNew });
    if (!answer) goAlone();
    else {
      time.adopt(answer);
      share.adopt(answer);
      if (answer.pausedFor > 0) tokens.drop();
      alone = undefined;
    }
    return answer;
  }

  function goAlone(): void {
    if (alone) return;
    alone = share.budget(time.now());
    if (time.pauseLeft() > 0) alone.pause(time.pauseLeft());
    tokens.drop();
  }

  async function beat(): Promise<void> {
    const wasAlone = alone !== undefined;
    await ask(0);
    if (wasAlone && !alone) wake();
    stop = clock.after(alone ? TRY_AGAIN : HEARTBEAT, () => void beat());
    if (closed) stop();
  }
  let closed = false;
  let stop = () => {};
  void beat();

  return {
    now: time.now,
    take(keep, wanted) {
      if (time.pauseLeft() > 0) return time.pauseLeft();
      if (!alone) return tokens.take(keep, wanted);
      const wait = alone.take(keep, wanted);
      if (wait <= 0) bucket.spend();
      return Math.max(wait, 0);
    },
    taken: bucket.taken,
    pause(ms) {
      time.pause(ms);
      tokens.drop();
      alone?.pause(ms);
      void ask(0, 0, ms);
    },
    pauseLeft: time.pauseLeft,
    sinceLastPause: time.sinceLastPause,
    whenMore(run) {
      wake = run;
    },
    close() {
      closed = true;
      stop();
    },
  };
}
