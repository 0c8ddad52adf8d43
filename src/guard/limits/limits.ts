import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { dateTime } from '../../slack/mrkdwn.ts';
import type { Allowance, Full, MemoryUses, Uses } from '../../store/index.ts';
import type { Refusal } from '../gate/refusal.ts';
import { HOUR, type Limit, type Limited, type LimitSettings, limitsOf, TOGETHER } from './limit.ts';

/** A change, by the incident number of whoever asks for it. */
export type Use = { change: string; incident: string; agentId: string; userId: string };

export type Limits = {
  /**
   * Which limit a change would break. Counts nothing.
   * @throws StoreError when it cannot be told
   */
  reached(use: Omit<Use, 'incident'>): Promise<Refusal | undefined>;
  /**
   * Whether the agent has taken so much access away within an hour that a second person has to approve more.
   * @throws StoreError when it cannot be told
   */
  isBeyondBudget(use: Omit<Use, 'incident'>): Promise<boolean>;
  /**
   * Counts a change that is about to be asked for, or refuses it and counts nothing.
   * @throws StoreError when it cannot be told
   */
  take(use: Use): Promise<Refusal | undefined>;
  /** Nothing came of it. Where that cannot be told to the store, it counts. Never throws. */
  giveBack(use: Use): Promise<void>;
  /** Counts a change that an earlier process asked for at that time, in milliseconds since 1970. */
  recall(use: Use, at: number): void;
};

type Counted = Allowance & Pick<Limit, 'rule' | 'sentence'>;

/** How often an agent may take access away, `protects`, within an hour before a second person is asked. */
const PROTECTIONS = 10;

type Wiring = {
  changes: readonly (Limited & { name: string })[];
  /** What this instance counts, whatever becomes of the store. */
  own: MemoryUses;
  /** What all instances count, where there are several. A change has to be within the limits of both. */
  shared: Uses | undefined;
  clock: Clock;
  log: Log;
};

/** How many changes an agent may make and a user may get, within windows that slide. */
export function createLimits(
  settings: LimitSettings,
  { changes, own, shared, clock, log }: Wiring,
): Limits {
  const counters: Uses[] = shared ? [own, shared] : [own];
  const { countedFor, budgetFor } = createAllowances(settings, changes);

  function refusal({ allowance, wait }: Full<Counted>): Refusal {
    const { limit, rule } = allowance;
    const next = dateTime(new Date(clock.now() + wait), 'moment');
    const [sentence = '', toApprover] = (['You have', 'The agent has'] as const).map(
      (who) => `${allowance.sentence(limit, who)} The next one is possible after ${next}.`,
    );
    return { rule, sentence, ...(toApprover !== sentence && { toApprover }) };
  }

  async function giveBack(use: Use, from = counters): Promise<void> {
    const counted = [...countedFor(use), ...budgetFor(use)];
    const removed = await Promise.allSettled(
      from.map((counter) => counter.remove(use.incident, counted)),
    );
    for (const one of removed) {
      if (one.status === 'fulfilled') continue;
      const words = 'a change that was not made still counts towards the limits';
      log.warn({ err: one.reason, change: use.change, target: use.userId }, words);
    }
  }

  return {
    async reached(use) {
      for (const counter of counters) {
        const full = await counter.full(countedFor(use));
        if (full) return refusal(full);
      }
      return undefined;
    },

    async isBeyondBudget(use) {
      const full = await Promise.all(counters.map((counter) => counter.full(budgetFor(use))));
      return full.some((one) => one !== undefined);
    },

    async take(use) {
      const asked: Uses[] = [];
      try {
        for (const counter of counters) {
          asked.push(counter);
          const full = await counter.add(use.incident, countedFor(use));
          if (!full) continue;
          await giveBack(use, asked.slice(0, -1));
          return refusal(full);
        }
        const budget = budgetFor(use);
        if (budget.length > 0) {
          await Promise.all(counters.map((counter) => counter.add(use.incident, budget)));
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
      own.recall(use.incident, [...countedFor(use), ...budgetFor(use)], at);
    },
  };
}

/** For what a change counts. */
function createAllowances(settings: LimitSettings, changes: Wiring['changes']) {
  const declared = new Map(changes.map((change) => [change.name, limitsOf(change)]));

  const countedFor = ({ change, agentId, userId }: Omit<Use, 'incident'>): Counted[] =>
    (declared.get(change) ?? [TOGETHER]).map(({ key, per, most, period, rule, sentence }) => ({
      key: `${key} ${per === 'agent' ? agentId : userId}`,
      limit: most(settings),
      period,
      rule,
      sentence,
    }));

  const protects = new Set(
    changes.flatMap(({ name, risk }) => (risk === 'protects' ? [name] : [])),
  );

  /** What is counted, and refuses nothing. */
  const budgetFor = ({ change, agentId }: Omit<Use, 'incident'>): Allowance[] =>
    protects.has(change)
      ? [{ key: `protections per agent ${agentId}`, limit: PROTECTIONS, period: HOUR }]
      : [];

  return { countedFor, budgetFor };
}
