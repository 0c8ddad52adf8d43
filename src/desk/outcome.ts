import { newIncident } from './failures.ts';
import type { Call, DeskServices } from './operation.ts';
import { type Arrival, newProgress } from './progress.ts';

type Ended = Pick<Call, 'log' | 'startedAt' | 'progress'>;
type Line = { level: 'info' | 'warn' | 'error'; words: string; err?: unknown };

/** Logs and counts each command, press and submission once. */
export function recordOutcome(
  { clock, metrics }: Pick<DeskServices, 'clock' | 'metrics'>,
  { log, startedAt, progress }: Ended,
  { level, words, err }: Line,
): void {
  const { operation, outcome, arrival, securidMs, continued } = progress;
  const ms = clock.elapsed() - startedAt;
  const ackMs = arrival && inTenths(arrival.acknowledgedAt - arrival.receivedAt);
  const timings = { ackMs, ms: inTenths(ms), securidMs: inTenths(securidMs) };
  log[level]({ ...(err !== undefined && { err }), outcome, ...timings, continued }, words);
  if (!continued) metrics.asked(operation, outcome, ms);
}

/** The clock reads to the nanosecond, which nobody reads in a log. */
const inTenths = (ms: number) => Math.round(ms * 10) / 10;

type Misunderstood = { operation: string; arrival?: Arrival | undefined; actor?: string };

/** The same for requests that never became a call. */
export function recordMisunderstood(
  services: Pick<DeskServices, 'clock' | 'metrics' | 'log'>,
  { operation, arrival, actor }: Misunderstood,
  line: Line,
): void {
  const incident = newIncident();
  const log = services.log.child({ incident, operation, ...(actor && { actor }) });
  const startedAt = arrival?.receivedAt ?? services.clock.elapsed();
  recordOutcome(
    services,
    { log, startedAt, progress: newProgress(operation, 'not understood', arrival) },
    line,
  );
}
