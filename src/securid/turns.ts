import type { Clock } from '../clock.ts';
import type { Budget } from './budget.ts';
import { SecurIDError } from './errors.ts';
import { createLanes } from './lanes.ts';
import { createPlaces, type Over } from './places.ts';
import type { Queue } from './queue.ts';

/** Who is waiting, until when, and whether the request was sent before. */
export type Place = {
  lane: string | undefined;
  order: number;
  /** Deadline, by `clock.elapsed()`. */
  until: () => number;
  isRetry: boolean;
};

type Options = {
  clock: Clock;
  budget: Budget;
  queue: Queue;
  /** Whether only one request may be under way. */
  isProbing: () => boolean;
  /** How many tokens a lane with a queue leaves to the others. */
  reserve: () => number;
  /** Called when a request lacks nothing but a token. */
  onShort: () => void;
};

/**
 * Decides which request goes next, and when. Each request is a job in the queue; a job that has a
 * place lets the request go whose turn it is, as soon as the budget has a token.
 */
export function createTurns(options: Options) {
  const { clock, budget, isProbing, reserve, onShort } = options;
  const lanes = createLanes<Over>(budget.now);
  const places = createPlaces(options.queue, { onPlace: serve, onRefused: turnLastAway });
  let isStopped = false;
  let stopTimer: (() => void) | undefined;

  const isAlone = () => isProbing() && places.underWay() > 0;
  const canGo = () => lanes.waiting() > 0 && places.open() > 0 && !isAlone();

  function refusal(): SecurIDError {
    if (isStopped) return new SecurIDError('UNAVAILABLE', 'the app stops', { sent: false });
    return new SecurIDError('RATE_LIMITED', 'no turn in time', {
      sent: false,
      retryAfter: budget.pauseLeft() || undefined,
    });
  }

  /** Lets one request go, or returns the milliseconds after which to try again. */
  function serveOne(): number {
    let wait = Number.POSITIVE_INFINITY;
    const wanted = isProbing() ? 1 : Math.min(lanes.waiting(), places.open());
    for (const entry of lanes.next()) {
      const left = budget.take(lanes.crowds(entry) ? reserve() : 0, wanted);
      wait = Math.min(wait, left);
      if (left > 0) continue;
      const over = places.take();
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
    for (const { refuse } of lanes.drop(({ until }) => soonest >= until())) {
      refuse(refusal());
    }

    let wait = 0;
    while (wait === 0 && canGo()) wait = serveOne();
    places.keep(lanes.waiting());
    if (lanes.waiting() === 0) return;
    if (!canGo()) wait = Number.POSITIVE_INFINITY;
    else if (Number.isFinite(wait) && budget.pauseLeft() === 0) onShort();

    const next = Math.min(wait, lanes.soonestEnd() - clock.elapsed());
    stopTimer = clock.after(Math.ceil(next), serve);
  }

  function turnLastAway(): void {
    lanes.dropLast()?.refuse(refusal());
    serve();
  }

  budget.whenMore(serve);

  return {
    refusal,
    counts: () => ({ queued: lanes.waiting(), running: places.underWay() }),
    /** Resolves when the request may be sent. */
    turn: ({ isRetry, ...place }: Place) =>
      new Promise<Over>((go, refuse) => {
        lanes.add({ ...place, go, refuse }, isRetry);
        serve();
        places.ask(lanes.waiting());
      }),
    /** Refuses waiting and new requests. Resolves when none is under way. */
    async stop(): Promise<void> {
      isStopped = true;
      for (const { refuse } of lanes.drop(() => true)) refuse(refusal());
      serve();
      await places.stop();
    },
  };
}
