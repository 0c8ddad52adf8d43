import type { Clock } from '../clock.ts';
import type { Budget } from './budget.ts';
import { SecurIDError } from './errors.ts';
import { createLanes } from './lanes.ts';
import type { Patience } from './pacing.ts';

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
  /** How many may be under way at once. */
  concurrency: () => number;
  queue: number;
  /** How many tokens a lane with a line leaves to the others. */
  reserve: () => number;
  /** Somebody could go, had they a token. */
  onShort: () => void;
};

export type Turns = ReturnType<typeof createTurns>;

/** Gives each request its turn, when the budget and the requests under way allow one. */
export function createTurns(options: Options) {
  const { clock, budget, concurrency, queue, reserve, onShort } = options;
  const lanes = createLanes(budget.now);
  let running = 0;
  let stopTimer: (() => void) | undefined;

  function refusal(): SecurIDError {
    return new SecurIDError('RATE_LIMITED', 'no turn in time', {
      sent: false,
      retryAfter: budget.pauseLeft() || undefined,
    });
  }

  /** Lets one go, or answers with the milliseconds after which to try again. */
  function serveOne(): number {
    let wait = Number.POSITIVE_INFINITY;
    const wanted = Math.min(lanes.waiting(), concurrency() - running);
    for (const entry of lanes.next()) {
      const left = budget.take(lanes.crowds(entry) ? reserve() : 0, wanted);
      wait = Math.min(wait, left);
      if (left > 0) continue;
      lanes.remove(entry);
      running += 1;
      entry.go();
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
    while (wait === 0 && lanes.waiting() > 0 && running < concurrency()) wait = serveOne();
    if (lanes.waiting() === 0) return;
    if (running >= concurrency()) wait = Number.POSITIVE_INFINITY;
    else if (Number.isFinite(wait) && budget.pauseLeft() === 0) onShort();

    const next = Math.min(wait, lanes.soonestEnd() - clock.elapsed());
    stopTimer = clock.after(Math.ceil(next), serve);
  }

  budget.whenMore(serve);

  return {
    refusal,
    counts: () => ({ queued: lanes.waiting(), running }),
    /** Resolves when it may be sent; `over` has to follow. */
    turn: ({ refused, ...place }: Place) =>
      new Promise<void>((go, refuse) => {
        if (!refused && lanes.waiting() >= queue) {
          refuse(refusal());
          return;
        }
        lanes.add({ ...place, go, refuse }, refused);
        serve();
      }),
    over(): void {
      running -= 1;
      serve();
    },
  };
}
