import { HOUR, type Limit } from '../../guard/limits/limit.ts';

/** Far more than calls take: what a tenant and its directory should not be asked more often. */
const MOST = 60;

/** Shared by all that lets RSA's records follow the directory. */
export const FOLLOWS_DIRECTORY: Limit = {
  rule: 'directory per agent and hour',
  meaning: 'the agent has asked the directory too often within an hour',
  per: 'agent',
  key: 'directory per agent',
  most: () => MOST,
  period: HOUR,
  sentence: (most, who) => `${who} asked the directory ${most} times within an hour.`,
};
