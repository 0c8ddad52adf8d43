import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { dateTime } from '../../slack/mrkdwn.ts';
import { type Store, StoreError } from '../../store/index.ts';
import type { Refusal } from './gate.ts';
import type { RuleName } from './rules.ts';

export type CodeLimits = { perAgentHour: number; perTargetDay: number };

export type Limits = {
  /**
   * Which limit a code would break. Counts nothing.
   * @throws StoreError when it cannot be told
   */
  reached(agentId: string, userId: string): Promise<Refusal | undefined>;
  /**
   * Counts a code that is about to be asked for, or refuses it and counts nothing.
   * @throws StoreError when it cannot be told
   */
  take(agentId: string, userId: string): Promise<Refusal | undefined>;
  /** No code came of it. Where that cannot be told to the store, the code counts. Never throws. */
  giveBack(agentId: string, userId: string): Promise<void>;
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const codes = (count: number) => (count === 1 ? 'one code' : `${count} codes`);

type Limit = {
  limiter: RateLimiterAbstract;
  keyOf: (agentId: string, userId: string) => string;
  rule: RuleName;
  sentence: string;
};

type Wiring = { store: Store; clock: Clock; log: Log };

/** How many codes an agent may issue and a user may get, counted for all instances that share a store. */
export function createLimits(
  { perAgentHour, perTargetDay }: CodeLimits,
  { store, clock, log }: Wiring,
): Limits {
  const limits: Limit[] = [
    {
      limiter: store.limiter('codes per agent', perAgentHour, HOUR),
      keyOf: (agentId) => agentId,
      rule: 'codes per agent and hour',
      sentence: `You have issued ${codes(perAgentHour)} within an hour.`,
    },
    {
      limiter: store.limiter('codes per user', perTargetDay, DAY),
      keyOf: (_, userId) => userId,
      rule: 'codes per user and day',
      sentence: `This user has had ${codes(perTargetDay)} within a day.`,
    },
    {
      // RSA's codes live five minutes, and nobody is told when one is used.
      limiter: store.limiter('active code', 1, 5 * MINUTE),
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
    try {
      await Promise.all(
        taken.map(({ limiter, keyOf }) => limiter.reward(keyOf(agentId, userId), 1)),
      );
    } catch (error) {
      log.warn({ err: error, target: userId }, 'a code that did not come about still counts');
    }
  }

  return {
    async reached(agentId, userId) {
      for (const limit of limits) {
        const count = await asked(limit.limiter.get(limit.keyOf(agentId, userId)));
        if (count && count.remainingPoints <= 0) return refusal(limit, count.msBeforeNext);
      }
      return undefined;
    },

    async take(agentId, userId) {
      const taken: Limit[] = [];
      for (const limit of limits) {
        try {
          await asked(limit.limiter.consume(limit.keyOf(agentId, userId)));
          taken.push(limit);
        } catch (full) {
          if (!(full instanceof RateLimiterRes)) {
            await giveBack(agentId, userId, taken);
            throw full;
          }
          // A limiter counts what it refuses, too.
          await giveBack(agentId, userId, [...taken, limit]);
          return refusal(limit, full.msBeforeNext);
        }
      }
      return undefined;
    },

    giveBack: (agentId, userId) => giveBack(agentId, userId),
  };
}

/** A limiter says with RateLimiterRes that it is full; anything else means that it cannot tell. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RateLimiterRes || error instanceof StoreError) throw error;
    throw new StoreError(
      `the limits cannot be told (${error instanceof Error ? error.message : error})`,
    );
  }
}
