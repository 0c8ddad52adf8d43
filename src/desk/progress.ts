import type { Arrival } from '../slack/arrival.ts';

export type { Arrival };

/** How a request ended. */
export const OUTCOMES = [
  'answered',
  /** The asker may not do it, or a rule forbids it. */
  'refused',
  /** What was typed or filled in makes no task. */
  'not understood',
  /** The asker was told that it failed. */
  'failed',
  /** Slack accepted no answer. */
  'not delivered',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How a call is going. The outcome is "answered" unless set otherwise. */
export type Progress = {
  operation: string;
  outcome: Outcome;
  arrival: Arrival | undefined;
  /** What was asked, if it changes nothing and so may be repeated after a failure. */
  again?: { operation: string; input: Record<string, unknown> };
  /** Time spent waiting for SecurID, in milliseconds. */
  securidMs: number;
  /** Continues an earlier request that was already counted, such as an approved code. */
  continued?: boolean;
};

export const newProgress = (
  operation: string,
  outcome: Outcome,
  arrival: Arrival | undefined,
): Progress => ({ operation, outcome, arrival, securidMs: 0 });
