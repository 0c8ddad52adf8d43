import { z } from 'zod';
import type { Posted } from '../../slack/channel.ts';
import type { GuardServices } from '../services.ts';
import { type Pending, PendingOfAnyVersion } from './pending.ts';

/** A request that stands in the channel, with its buttons. */
export type Left = { id: string; posted: Posted; pending: Pending };

/** Requests that wait, on disk: what a killed process leaves, the next one closes. */
export type LeftRequests = {
  /** Never throws: a request that is not on disk is decided all the same. */
  keep(left: Left): Promise<void>;
  /** It was decided, or has ended. */
  forget(id: string): void;
  all(): Promise<Left[]>;
};

/** Their part of the state: sealed requests by id, since they hold a response URL; null for one that has ended. */
export const LEFT = 'approvals';
const Part = z.record(z.string(), z.string().nullable());

/** So many that have ended are remembered, for another process that has them still. */
const MOST_ENDED = 100;

/** Of what two processes put into one state: what has ended for one of them has ended. */
export function mergeLeft(theirs: unknown, ours: unknown): unknown {
  const [one = {}, other = {}] = [theirs, ours].map((all) => Part.safeParse(all).data);
  const ended = [one, other].flatMap(endedOf);
  return { ...one, ...other, ...Object.fromEntries(ended.map((id) => [id, null])) };
}

const endedOf = (part: z.output<typeof Part>) =>
  Object.keys(part).filter((id) => part[id] === null);

const PURPOSE = 'approval on disk';

/** However long the process was away, the buttons go. */
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
      // It reaches the disk with the next order or row; until then the audit trail tells how it ended.
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
