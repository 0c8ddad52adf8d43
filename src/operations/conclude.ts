import { newIncident } from './failures.ts';
import type { Call, Services } from './operation.ts';

/** How something that was asked for ended. */
export const OUTCOMES = [
  'answered',
  /** Who asked may not, or a rule forbids it. */
  'refused',
  /** What was typed or filled in makes no task. */
  'not understood',
  /** The answer said that it failed. */
  'failed',
  /** Slack took no answer. */
  'not delivered',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** When Slack's request came, and when it was acknowledged, by `clock.elapsed()`. */
export type Arrival = { receivedAt: number; acknowledgedAt: number };

/** How a call goes; whoever knows better than "answered" says so. */
export type Course = {
  operation: string;
  outcome: Outcome;
  arrival: Arrival | undefined;
  /** What was asked, where it changes nothing: it can be asked again after a failure. */
  again?: { operation: string; input: Record<string, unknown> };
  /** How long SecurID was waited for, in milliseconds. */
  securidMs: number;
  /** It goes on with what was asked and counted before, such as a code that was approved. */
  continued?: boolean;
};

type Concluded = Pick<Call, 'log' | 'startedAt' | 'course'>;
type Line = { level: 'info' | 'warn' | 'error'; words: string; err?: unknown };

/** The one line, and the one count, of each command, press and submission. */
export function conclude(
  { clock, metrics }: Pick<Services, 'clock' | 'metrics'>,
  { log, startedAt, course }: Concluded,
  { level, words, err }: Line,
): void {
  const { operation, outcome, arrival, securidMs, continued } = course;
  const ms = clock.elapsed() - startedAt;
  const ackMs = arrival && arrival.acknowledgedAt - arrival.receivedAt;
  const timings = { ackMs, ms, securidMs };
  log[level]({ ...(err !== undefined && { err }), outcome, ...timings, continued }, words);
  if (!continued) metrics.asked(operation, outcome, ms);
}

type Misunderstood = { operation: string; arrival?: Arrival | undefined; actor?: string };

/** The same for what never became a call. */
export function concludeMisunderstood(
  services: Pick<Services, 'clock' | 'metrics' | 'log'>,
  { operation, arrival, actor }: Misunderstood,
  line: Line,
): void {
  const incident = newIncident();
  const log = services.log.child({ incident, operation, ...(actor && { actor }) });
  const startedAt = arrival?.receivedAt ?? services.clock.elapsed();
  conclude(
    services,
    { log, startedAt, course: course(operation, 'not understood', arrival) },
    line,
  );
}

export const course = (
  operation: string,
  outcome: Outcome,
  arrival: Arrival | undefined,
): Course => ({ operation, outcome, arrival, securidMs: 0 });
