import { z } from 'zod';
import type { Posted } from '../../slack/channel.ts';
import type { GuardServices } from '../services.ts';
import { type Pending, PendingOfAnyVersion } from './pending.ts';

/** A request in the channel, with its buttons. */
export type Left = { id: string; posted: Posted; pending: Pending };

/** Waiting requests on disk: what a killed process leaves, the next one closes. */
export type LeftRequests = {
  /** Never throws: a request that is not on disk can still be decided. */
  keep(left: Left): Promise<void>;
  /** The request was decided or has ended. */
  forget(id: string): void;
  all(): Promise<Left[]>;
};

/**
 * Their key in the state: sealed requests by id, because they hold a
 * response URL; null for one that has ended.
 */
export const LEFT = 'approvals';
const Part = z.record(z.string(), z.string().nullable());

/** How many ended requests to remember, for a process that still has them in memory. */
const MOST_ENDED = 100;

/** Merges what two processes wrote to one state: ended in one is ended in both. */
export function mergeLeft(theirs: unknown, ours: unknown): unknown {
  const [one = {}, other = {}] = [theirs, ours].map((all) => Part.safeParse(all).data);
  const ended = [one, other].flatMap(endedOf);
  return { ...one, ...other, ...Object.fromEntries(ended.map((id) => [id, null])) };
}

const endedOf = (part: z.output<typeof Part>) =>
  Object.keys(part).filter((id) => part[id] === null);

const PURPOSE = 'approval on disk';

/** Long, so that a start removes the buttons even after a long downtime. */
const LIFETIME = 90 * 24 * 60 * 60_000;

const Sealed = z.object({
  posted: z.object({ channel: z.string(), ts: z.string() }),
  pending: PendingOfAnyVersion,
});

export function createLeftRequests({ state, log, slack: { seal } }: GuardServices): LeftRequests {
  const kept = () => Part.safeParse(state.get(LEFT)).data ?? {};

  return {
    async keep({ id, posted, pending }) {
      try {
        const sealed = await seal.close(PURPOSE, { posted, pending }, LIFETIME);
        await state.put(LEFT, { ...kept(), [id]: sealed });
      } catch (error) {
        log.warn(
          { err: error },
          'a request for approval will not be closed if the process is killed',
        );
      }
    },
    forget(id) {
      const { [id]: known, ...others } = kept();
      if (!known) return;
      for (const old of endedOf(others).slice(0, -MOST_ENDED)) delete others[old];
      // Written with the next switch or row. Until then the audit trail has the outcome.
      state.remember(LEFT, { ...others, [id]: null });
    },
    async all() {
      const found = await Promise.all(
        Object.entries(kept()).map(async ([id, sealed]) => {
          const { data } = Sealed.safeParse(sealed && (await seal.open(PURPOSE, sealed)));
          return data ? [{ id, ...data }] : [];
        }),
      );
      return found.flat();
    },
  };
}
