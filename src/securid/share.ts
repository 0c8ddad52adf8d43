import type { Clock } from '../clock.ts';
import type { SecurIDError } from './errors.ts';
import type { Patience } from './pace.ts';

/** What the sender tells and reads while it works. */
export type InFlight = {
  patience: Patience;
  /** The failure for a caller who leaves now. */
  late: () => SecurIDError;
  /** Aborted when nobody waits any longer. */
  abandoned: AbortSignal;
};

type Flight = InFlight & { callers: number; answer: Promise<unknown>; abandon(): void };

export type Share = <T>(
  /** Calls with the same key that are under way at once are one call. Without a key: never shared. */
  key: string | undefined,
  until: number,
  start: (flight: InFlight) => Promise<T>,
) => Promise<T>;

/**
 * Lets identical calls in flight share one answer, and each caller leave when its own time is up.
 * The call itself goes on as long as one caller waits.
 */
export function createShare(clock: Clock, late: () => SecurIDError): Share {
  const flights = new Map<string, Flight>();

  function takeOff(until: number, start: (flight: InFlight) => Promise<unknown>): Flight {
    const abandonment = new AbortController();
    const flight: Flight = {
      patience: { until },
      late,
      abandoned: abandonment.signal,
      abandon: () => abandonment.abort(),
      callers: 0,
      answer: Promise.resolve(),
    };
    flight.answer = start(flight);
    return flight;
  }

  return async (key, until, start) => {
    const shared = key === undefined ? undefined : flights.get(key);
    const flight = shared ?? takeOff(until, start);
    flight.patience.until = Math.max(flight.patience.until, until);
    flight.callers += 1;
    const landed = () => {
      if (key !== undefined && flights.get(key) === flight) flights.delete(key);
    };
    if (key !== undefined && !shared) {
      flights.set(key, flight);
      flight.answer.then(landed, landed);
    }

    let stopWaiting = () => {};
    const timeIsUp = new Promise<never>((_, reject) => {
      stopWaiting = clock.after(until - clock.elapsed(), () => {
        flight.callers -= 1;
        reject(flight.late());
        if (flight.callers > 0) return;
        // Nobody waits any longer: what has not been sent by now must never be sent.
        flight.patience.until = 0;
        landed();
        flight.abandon();
      });
    });
    try {
      return (await Promise.race([flight.answer, timeIsUp])) as never;
    } finally {
      stopWaiting();
    }
  };
}
