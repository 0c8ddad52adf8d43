import { z } from 'zod';
import type { Seal } from '../../slack/seal.ts';
import type { Store } from '../../store/index.ts';

/** Who verified whom: the agent's Slack user id and the user's SecurID user id. */
export type Caller = { agentId: string; userId: string };

/** When a verification was recorded, by the clock and by the switches. */
const Moment = z.object({
  /** In milliseconds since 1970. */
  at: z.number(),
  /** The numbers that the lockdown and the user's block had then. */
  lockdown: z.number().optional(),
  hold: z.number().optional(),
});
export type Moment = z.output<typeof Moment>;

const Taken = Moment.extend({
  /** Of the change that it was recorded for. */
  risk: z.enum(['restores', 'grants']),
  method: z.string(),
  ticket: z.string(),
  incident: z.string(),
});
export type Taken = z.output<typeof Taken>;

const Kept = z.object({ agentId: z.string(), userId: z.string(), taken: z.array(Taken) });

const PURPOSE = 'kept verification';

const keyOf = ({ agentId, userId }: Caller) => `verification ${agentId} ${userId}`;

/** The users whom an agent verified. */
const listOf = (agentId: string) => `verified by ${agentId}`;

/**
 * What the store holds of an agent's verifications of a user, sealed. It names both, so that it
 * counts for nobody to whom it is copied. Every method throws StoreError when the store is away.
 * @param lifetime in milliseconds
 */
export function createKeptInStore(store: Store, seal: Seal, lifetime: number) {
  /** Agents whose verifications the store has yet to remove. */
  const left = new Set<string>();

  async function removeAll(agentId: string): Promise<void> {
    left.add(agentId);
    const users = await store.gather(listOf(agentId), '', lifetime);
    const keys = users.filter(Boolean).map((userId) => keyOf({ agentId, userId }));
    await Promise.all(keys.map((key) => store.remove(key)));
    left.delete(agentId);
  }

  return {
    /** Empty if there is nothing that this app wrote. */
    async read({ agentId, userId }: Caller): Promise<Taken[]> {
      if (left.has(agentId)) await removeAll(agentId);
      const value = await store.get(keyOf({ agentId, userId }));
      const { data } = Kept.safeParse(value && (await seal.open(PURPOSE, value)));
      return data?.agentId === agentId && data.userId === userId ? data.taken : [];
    },

    async write(caller: Caller, taken: Taken[]): Promise<void> {
      const sealed = await seal.close(PURPOSE, { ...caller, taken }, lifetime);
      await store.gather(listOf(caller.agentId), caller.userId, lifetime);
      await store.set(keyOf(caller), sealed, lifetime);
    },

    /** Removes all of an agent's. If it fails, the next read here tries again first. */
    removeAll,
  };
}
