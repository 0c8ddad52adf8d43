import type { Risk } from '../change/risk.ts';

export type LimitSettings = {
  /** Of all changes that restore or grant access, together. */
  changesPerAgentHour: number;
  /** Of all changes that take access away. Beyond it an approver is asked. */
  protectionsPerAgentHour: number;
  codesPerAgentHour: number;
  codesPerUserDay: number;
};

/** A limit within a sliding window. */
export type Limit = {
  /** Its name in the audit trail and the metrics. */
  rule: string;
  /** How the audit channel explains it. */
  meaning: string;
  /** Whose changes it counts. */
  per: 'agent' | 'user';
  /**
   * The first part of its key in the store, followed by the id.
   * Renaming it forgets what was counted.
   */
  key: string;
  most(settings: LimitSettings): number;
  /** In milliseconds. */
  period: number;
  /** For the agent or the approver; the time at which the next change is possible follows. */
  sentence(most: number, who: 'You have' | 'The agent has'): string;
};

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The limit shared by all changes that restore or grant access. */
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

/** The parts of a change that determine its limits. */
export type Limited = { risk: Risk; limits: readonly Limit[] };

/** A change's own limits, then those that it shares. */
export const limitsOf = ({ risk, limits }: Limited): Limit[] => [
  ...limits,
  ...(COUNTED_TOGETHER.has(risk) ? [TOGETHER] : []),
];
