import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { dateTime } from '../../slack/mrkdwn.ts';
import type { Allowance, Full, MemoryUses, Uses } from '../../store/index.ts';
import type { Refusal } from '../gate/refusal.ts';
import { HOUR, type Limit, type Limited, type LimitSettings, limitsOf, TOGETHER } from './limit.ts';

/** A change, identified by its name and the incident number of its request. */
export type Use = { change: string; incident: string; agentId: string; userId: string };

export type Limits = {
  /**
   * The limit that a change would exceed. Counts nothing.
   * @throws StoreError if it is unknown
   */
  reached(use: Omit<Use, 'incident'>): Promise<Refusal | undefined>;
  /**
   * Whether the agent has taken away so much access within an
   * hour that an approver has to allow more.
   * @throws StoreError if it is unknown
   */
  isBeyondBudget(use: Omit<Use, 'incident'>): Promise<boolean>;
  /**
   * The same, and counts the change if it is within the budget, so that no other takes its place.
   * @throws StoreError if it is unknown
   */
  takeBudget(use: Use): Promise<boolean>;
  /**
   * Counts a change that is about to be made, or refuses it and counts nothing.
   * @throws StoreError if it is unknown
   */
  take(use: Use): Promise<Refusal | undefined>;
  /**
   * Counts a change no longer, because it was not made. It still counts if the store is
   * unavailable. Never throws.
   */
  giveBack(use: Use): Promise<void>;
  /** Counts a change that an earlier process made at that time, in milliseconds since 1970. */
  recall(use: Use, at: number): void;
};

type Counted = Allowance & Pick<Limit, 'rule' | 'sentence'>;

type Wiring = {
  changes: readonly (Limited & { name: string })[];
  /** What this instance counts, even without the store. */
  own: MemoryUses;
  /**
   * What all instances count, if there are several. A change has to be within the limits of both.
   */
  shared: Uses | undefined;
  clock: Clock;
  log: Log;
};

/** How many changes an agent may make and a user may get, within sliding windows. */
export function createLimits(
  settings: LimitSettings,
  { changes, own, shared, clock, log }: Wiring,
): Limits {
  const counters: Uses[] = shared ? [own, shared] : [own];
  const { countedFor, budgetFor } = createAllowances(settings, changes);
  const allOf = (use: Use) => [...countedFor(use), ...budgetFor(use)];
  const { addTo, giveBack, trying } = createCounting(counters, allOf, log);

  function refusal({ allowance, wait }: Full<Counted>): Refusal {
    const { limit, rule } = allowance;
    const next = dateTime(new Date(clock.now() + wait), 'moment');
    const [sentence = '', toApprover] = (['You have', 'The agent has'] as const).map(
      (who) => `${allowance.sentence(limit, who)} The next one is possible after ${next}.`,
    );
    return { rule, sentence, ...(toApprover !== sentence && { toApprover }) };
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

    takeBudget: async (use) => (await addTo(use, budgetFor(use))) !== undefined,

    async take(use) {
      const full = await addTo(use, countedFor(use));
      if (full) return refusal(full);
      const budget = budgetFor(use);
      if (budget.length > 0) {
        await trying(use, () =>
          Promise.all(counters.map((counter) => counter.add(idOf(use), budget))),
        );
      }
      return undefined;
    },

    giveBack: (use) => giveBack(use),

    recall(use, at) {
      own.recall(idOf(use), allOf(use), at);
    },
  };
}

/** One request may make two changes, and both count. */
const idOf = ({ incident, change }: Use) => `${incident} ${change}`;

/** Counts uses in several counters alike. */
function createCounting(counters: Uses[], allOf: (use: Use) => Allowance[], log: Log) {
  async function giveBack(use: Use, from = counters): Promise<void> {
    const counted = allOf(use);
    const removed = await Promise.allSettled(
      from.map((counter) => counter.remove(idOf(use), counted)),
    );
    for (const one of removed) {
      if (one.status === 'fulfilled') continue;
      const words = 'a change that was not made still counts towards the limits';
      log.warn({ err: one.reason, change: use.change, target: use.userId }, words);
    }
  }

  /** The store may have counted it although its answer was lost. */
  async function trying<T>(use: Use, count: () => Promise<T>, asked = counters): Promise<T> {
    try {
      return await count();
    } catch (error) {
      await giveBack(use, asked);
      throw error;
    }
  }

  /** Counts a use everywhere, or nowhere if an allowance is exhausted. */
  async function addTo<A extends Allowance>(use: Use, allowances: A[]) {
    for (const [index, counter] of counters.entries()) {
      const asked = counters.slice(0, index + 1);
      const full = await trying(use, () => counter.add(idOf(use), allowances), asked);
      if (!full) continue;
      await giveBack(use, asked.slice(0, -1));
      return full;
    }
    return undefined;
  }

  return { addTo, giveBack, trying };
}

/** What a change counts toward. */
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

  /** Counted, but refuses nothing. */
  const budgetFor = ({ change, agentId }: Omit<Use, 'incident'>): Allowance[] =>
    protects.has(change)
      ? [
          {
            key: `protections per agent ${agentId}`,
            limit: settings.protectionsPerAgentHour,
            period: HOUR,
          },
        ]
      : [];

  return { countedFor, budgetFor };
}
