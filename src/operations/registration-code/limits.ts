import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../../clock.ts';
import { dateTime } from '../../slack/mrkdwn.ts';
import type { Refusal } from './gate.ts';

export type CodeLimits = { perAgentHour: number; perTargetDay: number };

export type Limits = {
  /** Which limit a code would break. Counts nothing. */
  reached(agentId: string, userId: string): Promise<Refusal | undefined>;
  /** Counts a code that is about to be asked for, or refuses it and counts nothing. */
  take(agentId: string, userId: string): Promise<Refusal | undefined>;
  /** No code came of it. */
  giveBack(agentId: string, userId: string): Promise<void>;
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const codes = (count: number) => (count === 1 ? 'one code' : `${count} codes`);

type Limit = {
  limiter: RateLimiterMemory;
  keyOf: (agentId: string, userId: string) => string;
  rule: string;
  sentence: string;
};

/** How many codes an agent may issue and a user may get. A restart of the process forgets the count. */
export function createLimits({ perAgentHour, perTargetDay }: CodeLimits, clock: Clock): Limits {
  const counter = (points: number, duration: number) => new RateLimiterMemory({ points, duration });
  const limits: Limit[] = [
    {
      limiter: counter(perAgentHour, HOUR),
      keyOf: (agentId) => agentId,
      rule: 'codes per agent and hour',
      sentence: `You have issued ${codes(perAgentHour)} within an hour.`,
    },
    {
      limiter: counter(perTargetDay, DAY),
      keyOf: (_, userId) => userId,
      rule: 'codes per user and day',
      sentence: `This user has had ${codes(perTargetDay)} within a day.`,
    },
    {
      // RSA's codes live five minutes, and nobody is told when one is used.
      limiter: counter(1, 5 * MINUTE),
      keyOf: (_, userId) => userId,
      rule: 'one active code',
      sentence: 'There is a code for this user already, which may still be used.',
    },
  ];

  function refusal({ rule, sentence }: Limit, wait: number): Refusal {
    const next = dateTime(new Date(clock.now() + wait), 'moment');
    return { rule, sentence: `${sentence} The next is possible from ${next} on.` };
  }

  async function giveBack(agentId: string, userId: string, taken = limits): Promise<void> {
    await Promise.all(taken.map(({ limiter, keyOf }) => limiter.reward(keyOf(agentId, userId), 1)));
  }

  return {
    async reached(agentId, userId) {
      for (const limit of limits) {
        const count = await limit.limiter.get(limit.keyOf(agentId, userId));
        if (count && count.remainingPoints <= 0) return refusal(limit, count.msBeforeNext);
      }
      return undefined;
    },

    async take(agentId, userId) {
      const taken: Limit[] = [];
      for (const limit of limits) {
        try {
          await limit.limiter.consume(limit.keyOf(agentId, userId));
          taken.push(limit);
        } catch (full) {
          await giveBack(agentId, userId, taken);
          if (full instanceof RateLimiterRes) return refusal(limit, full.msBeforeNext);
          throw full;
        }
      }
      return undefined;
    },

    giveBack: (agentId, userId) => giveBack(agentId, userId),
  };
}
