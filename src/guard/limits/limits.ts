import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { dateTime } from '../../slack/mrkdwn.ts';
import type { Allowance, Full, MemoryUses, Uses } from '../../store/index.ts';
import type { Refusal } from '../gate/refusal.ts';

export type CodeLimits = { perAgentHour: number; perTargetDay: number };

/** One code, by the incident number of whoever asks for it. */
export type CodeUse = { incident: string; agentId: string; userId: string };

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
  take(use: CodeUse): Promise<Refusal | undefined>;
  /** No code came of it. Where that cannot be told to the store, the code counts. Never throws. */
  giveBack(use: CodeUse): Promise<void>;
  /** Counts a code that an earlier process asked for at that time, in milliseconds since 1970. */
  recall(use: CodeUse, at: number): void;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const codes = (count: number) => (count === 1 ? 'one code' : `${count} codes`);

/** What the audit channel reads of each limit, by its name in the audit trail. */
export const LIMIT_LINES = [
  ['codes per agent and hour', 'the agent has reached the hourly limit'],
  ['codes per user and day', 'the user has reached the daily limit'],
  ['one active code', 'the user has a code that is still valid'],
] as const;

type LimitName = (typeof LIMIT_LINES)[number][0];

type Limit = Allowance & { rule: LimitName; sentence: string; toApprover?: string };

type Wiring = {
  /** What this instance counts, whatever becomes of the store. */
  own: MemoryUses;
  /** What all instances count, where there are several. A code has to be within the limits of both. */
  shared: Uses | undefined;
  clock: Clock;
  log: Log;
};

/** How many codes an agent may issue and a user may get, within windows that slide. */
export function createLimits(
  { perAgentHour, perTargetDay }: CodeLimits,
  { own, shared, clock, log }: Wiring,
): Limits {
  const counters: Uses[] = shared ? [own, shared] : [own];
  const limitsOf = (agentId: string, userId: string): Limit[] => [
    {
      key: `codes per agent ${agentId}`,
      limit: perAgentHour,
      period: HOUR,
      rule: 'codes per agent and hour',
      sentence: `You have issued ${codes(perAgentHour)} within an hour.`,
      toApprover: `The agent has issued ${codes(perAgentHour)} within an hour.`,
    },
    {
      key: `codes per user ${userId}`,
      limit: perTargetDay,
      period: DAY,
      rule: 'codes per user and day',
      sentence: `This user has had ${codes(perTargetDay)} within a day.`,
    },
    {
      // RSA's codes live five minutes, and nobody is told when one is used.
      key: `active code ${userId}`,
      limit: 1,
      period: 5 * MINUTE,
      rule: 'one active code',
      sentence: 'There is a code for this user already, which may still be used.',
    },
  ];

  function refusal({ allowance, wait }: Full<Limit>): Refusal {
    const next = dateTime(new Date(clock.now() + wait), 'moment');
    const possible = `The next is possible from ${next} on.`;
    return {
      rule: allowance.rule,
      sentence: `${allowance.sentence} ${possible}`,
      ...(allowance.toApprover && { toApprover: `${allowance.toApprover} ${possible}` }),
    };
  }

  async function giveBack({ incident, agentId, userId }: CodeUse, from = counters): Promise<void> {
    const limits = limitsOf(agentId, userId);
    const removed = await Promise.allSettled(
      from.map((counter) => counter.remove(incident, limits)),
    );
    for (const one of removed) {
      if (one.status === 'fulfilled') continue;
      const words = 'a code that was not issued still counts towards the limits';
      log.warn({ err: one.reason, target: userId }, words);
    }
  }

  return {
    async reached(agentId, userId) {
      for (const counter of counters) {
        const full = await counter.full(limitsOf(agentId, userId));
        if (full) return refusal(full);
      }
      return undefined;
    },

    async take(use) {
      const asked: Uses[] = [];
      try {
        for (const counter of counters) {
          asked.push(counter);
          const full = await counter.add(use.incident, limitsOf(use.agentId, use.userId));
          if (!full) continue;
          await giveBack(use, asked.slice(0, -1));
          return refusal(full);
        }
        return undefined;
      } catch (error) {
        // The last one that was asked may have counted it.
        await giveBack(use, asked);
        throw error;
      }
    },

    giveBack: (use) => giveBack(use),

    recall(use, at) {
      own.recall(use.incident, limitsOf(use.agentId, use.userId), at);
    },
  };
}
