import type { Clock } from '../clock.ts';
import type { SecurIDError } from './errors.ts';

/** The callers waiting for one call, as its sender sees them. */
export type Callers = {
  /** When the last of them leaves, by `clock.elapsed()`; 0 once all have left. */
  until(): number;
  /** Aborted once all have left. */
  gone: AbortSignal;
};

/** A call under way, as its callers see it. */
type Flight<T> = {
  answer: Promise<T>;
  /** The error for a caller who leaves now. */
  late(): SecurIDError;
};

export type Share = <T>(
  /** Calls under way with the same key are one call. Without a key: never shared. */
  key: string | undefined,
  until: number,
  start: (callers: Callers) => Flight<T>,
) => Promise<T>;

/**
 * Lets identical calls under way share one answer, and lets each caller leave at its own deadline.
 * The call goes on as long as one caller waits.
 */
export function createShare(clock: Clock): Share {
  const shared = new Map<string, ReturnType<typeof takeOff>>();

  return async (key, until, start) => {
    const known = key === undefined ? undefined : shared.get(key);
    known?.callers.join(until);
    const call = known ?? takeOff(until, start);
    const { callers, flight } = call;
    const landed = () => {
      if (key !== undefined && shared.get(key) === call) shared.delete(key);
    };
    if (key !== undefined && !known) {
      shared.set(key, call);
      flight.answer.then(landed, landed);
    }

    let stopWaiting = () => {};
    const timeIsUp = new Promise<never>((_, reject) => {
      stopWaiting = clock.after(until - clock.elapsed(), () => {
        reject(flight.late());
        if (callers.leave()) landed();
      });
    });
    try {
      return (await Promise.race([flight.answer, timeIsUp])) as never;
    } finally {
      stopWaiting();
    }
  };
}

function takeOff(until: number, start: (callers: Callers) => Flight<unknown>) {
  const callers = createCallers(until);
  return { callers, flight: start(callers) };
}

/** Counts the callers of one call, beginning with the first. */
function createCallers(first: number) {
  const abandonment = new AbortController();
  let waiting = 1;
  let latest = first;

  return {
    until: () => latest,
    gone: abandonment.signal,
    join(until: number): void {
      waiting += 1;
      latest = Math.max(latest, until);
    },
    /** Returns whether all have left. What has not been sent by then must never be sent. */
    leave(): boolean {
      waiting -= 1;
      if (waiting > 0) return false;
      latest = 0;
      abandonment.abort();
      return true;
    },
  };
}
