import type { Risk } from '../change/risk.ts';

/** How many changes there may be, as configured. */
export type LimitSettings = {
  /** Of all that restore or grant something, together. */
  changesPerAgentHour: number;
  codesPerAgentHour: number;
  codesPerUserDay: number;
};

/** A limit within a window that slides. */
export type Limit = {
  /** Its name in the audit trail and the metrics. */
  rule: string;
  /** What the audit channel says of it. */
  meaning: string;
  /** Whose changes it counts. */
  per: 'agent' | 'user';
  /** What it is kept under, before the id. Another name forgets what was counted. */
  key: string;
  most(settings: LimitSettings): number;
  /** In milliseconds. */
  period: number;
  /** What the agent or the approver reads, before the time from which on the next is possible. */
  sentence(most: number, who: 'You have' | 'The agent has'): string;
};

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What all changes of an agent that restore or grant something have in common. */
export const TOGETHER: Limit = {
  rule: 'changes per agent and hour',
  meaning: 'the agent has reached the hourly limit of all changes',
  per: 'agent',
  key: 'changes per agent',
  most: ({ changesPerAgentHour }) => changesPerAgentHour,
  period: HOUR,
  sentence: (most, who) =>
    `${who} made ${most === 1 ? 'one change' : `${most} changes`} within an hour.`,
};

const COUNTED_TOGETHER: ReadonlySet<Risk> = new Set<Risk>(['restores', 'grants']);

/** What the limits of a change go by. */
export type Limited = { risk: Risk; limits: readonly Limit[] };

/** A change's own limits first, then those that it shares. */
export const limitsOf = ({ risk, limits }: Limited): Limit[] => [
  ...limits,
  ...(COUNTED_TOGETHER.has(risk) ? [TOGETHER] : []),
];
