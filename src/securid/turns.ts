import type { Clock } from '../clock.ts';
import type { Budget } from './budget.ts';
import { SecurIDError } from './errors.ts';
import { createLanes } from './lanes.ts';
import type { Patience } from './pacing.ts';
import type { Queue } from './queue.ts';

/** Who waits, what for, and whether the tenant refused it before. */
export type Place = {
  lane: string | undefined;
  order: number;
  patience: Patience;
  refused: boolean;
};

type Options = {
  clock: Clock;
  budget: Budget;
  queue: Queue;
  /** Whether only one may be under way just now. */
  isProbing: () => boolean;
  /** How many tokens a lane with a line leaves to the others. */
  reserve: () => number;
  /** Somebody could go, had they a token. */
  onShort: () => void;
};

/** Says that the request is over, whatever came of it. */
type Over = () => void;

/**
 * Says who goes next, and when. Each request is one job of the queue. A job that has a place lets the one go
 * whose turn it is, as soon as the budget has a token, and ends when that one is over.
 */
export function createTurns(options: Options) {
  const { clock, budget, queue, isProbing, reserve, onShort } = options;
  const lanes = createLanes<Over>(budget.now);
  /** The ends of the jobs that have a place, and wait for a token. */
  const open: Over[] = [];
  let isStopped = false;
  let stopTimer: (() => void) | undefined;

  const underWay = () => queue.running() - open.length;
  const canGo = () => lanes.waiting() > 0 && open.length > 0 && !(isProbing() && underWay() > 0);

  function refusal(): SecurIDError {
    if (isStopped) return new SecurIDError('UNAVAILABLE', 'the app stops', { sent: false });
    return new SecurIDError('RATE_LIMITED', 'no turn in time', {
      sent: false,
      retryAfter: budget.pauseLeft() || undefined,
    });
  }

  /** Lets one go, or answers with the milliseconds after which to try again. */
  function serveOne(): number {
    let wait = Number.POSITIVE_INFINITY;
    const wanted = isProbing() ? 1 : Math.min(lanes.waiting(), open.length);
    for (const entry of lanes.next()) {
      const left = budget.take(lanes.crowds(entry) ? reserve() : 0, wanted);
      wait = Math.min(wait, left);
      if (left > 0) continue;
      const over = open.shift();
      if (over === undefined) break;
      lanes.remove(entry);
      entry.go(over);
      break;
    }
    return wait;
  }

  function serve(): void {
    stopTimer?.();
    stopTimer = undefined;
    const soonest = clock.elapsed() + budget.pauseLeft();
    for (const { refuse } of lanes.drop(({ patience }) => soonest >= patience.until)) {
      refuse(refusal());
    }

    let wait = 0;
    while (wait === 0 && canGo()) wait = serveOne();
    // What is left of those who left the line.
    while (open.length > lanes.waiting()) open.pop()?.();
    if (lanes.waiting() === 0) return;
    if (!canGo()) wait = Number.POSITIVE_INFINITY;
    else if (Number.isFinite(wait) && budget.pauseLeft() === 0) onShort();

    const next = Math.min(wait, lanes.soonestEnd() - clock.elapsed());
    stopTimer = clock.after(Math.ceil(next), serve);
  }

  /** A job of the queue: has its place until whoever went through it is over. */
  const place = () =>
    new Promise<void>((over) => {
      open.push(over);
      serve();
    });

  /** As many jobs as there are requests that wait: whoever comes takes over the job of one who left. */
  function fillQueue(): void {
    if (queue.waiting() + open.length >= lanes.waiting()) return;
    queue.schedule(place).then(serve, () => {
      lanes.dropLast()?.refuse(refusal());
      serve();
    });
  }

  budget.whenMore(serve);

  return {
    refusal,
    counts: () => ({ queued: lanes.waiting(), running: underWay() }),
    /** Resolves when it may be sent. */
    turn: ({ refused, ...place }: Place) =>
      new Promise<Over>((go, refuse) => {
        lanes.add({ ...place, go, refuse }, refused);
        serve();
        fillQueue();
      }),
    /** Refuses whoever waits or comes. Resolves when all that is under way is over. */
    async stop(): Promise<void> {
      isStopped = true;
      for (const { refuse } of lanes.drop(() => true)) refuse(refusal());
      serve();
      await queue.stop();
    },
  };
}
