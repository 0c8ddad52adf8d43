import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Place } from '../slack/place.ts';
import type { Seal } from '../slack/seal.ts';
import type { Store } from '../store/index.ts';

type Somewhere = Place & { userId: string; channelId: string };

/**
 * In which workspace somebody is. If the app is installed in a whole organization, Slack names it with a
 * command, but not with a button: then it is where that person last typed a command in the same channel.
 */
export type Whereabouts = {
  /** A command was typed. Never throws. */
  typed(it: Somewhere): Promise<void>;
  /** The workspace, if Slack or an earlier command of theirs names it. Never throws. */
  teamOf(it: Somewhere): Promise<string | undefined>;
};

/** For when every workspace may use the app: it does not matter where somebody is. */
export const anywhere: Whereabouts = {
  typed: async () => {},
  teamOf: async ({ teamId }) => teamId,
};

/** How long somebody's last command in a channel counts, in milliseconds. Alerts live as long. */
const LIFETIME = 90 * 24 * 60 * 60_000;

const PURPOSE = 'whereabouts';

const Kept = z.object({ userId: z.string(), channelId: z.string(), teamId: z.string() });

type Wiring = { store: Pick<Store, 'get' | 'set'>; seal: Seal; log: Log };

export function createWhereabouts({ store, seal, log }: Wiring): Whereabouts {
  const keyOf = ({ userId, channelId }: Pick<Somewhere, 'userId' | 'channelId'>) =>
    `workspace of ${userId} in ${channelId}`;

  async function recall(it: Somewhere): Promise<string | undefined> {
    const sealed = await store.get(keyOf(it));
    const { data } = Kept.safeParse(sealed && (await seal.open(PURPOSE, sealed)));
    // Whoever can write to the store could copy the value of another key.
    return data && keyOf(data) === keyOf(it) ? data.teamId : undefined;
  }

  return {
    async typed({ userId, channelId, teamId }) {
      if (teamId === undefined) return;
      try {
        const sealed = await seal.close(PURPOSE, { userId, channelId, teamId }, LIFETIME);
        await store.set(keyOf({ userId, channelId }), sealed, LIFETIME);
      } catch (error) {
        log.warn(
          { err: error, actor: userId },
          'could not remember in which workspace somebody typed',
        );
      }
    },
    async teamOf(it) {
      try {
        return it.teamId ?? (await recall(it));
      } catch (error) {
        log.warn(
          { err: error, actor: it.userId },
          'could not find out in which workspace somebody is',
        );
        return undefined;
      }
    },
  };
}
