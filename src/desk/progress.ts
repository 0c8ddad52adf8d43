import type { Arrival } from '../slack/arrival.ts';

export type { Arrival };

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

/** How a call goes; whoever knows better than "answered" says so. */
export type Progress = {
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

export const newProgress = (
  operation: string,
  outcome: Outcome,
  arrival: Arrival | undefined,
): Progress => ({ operation, outcome, arrival, securidMs: 0 });
