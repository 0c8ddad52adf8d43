import type { Store } from '../../../store/index.ts';
import type { Turn } from './scheduled-post.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The time between attempts, after a failure or if another instance is trying. */
export const PAUSE = 10 * MINUTE;
/**
 * How long an instance has the turn. It ends before the next attempt, so that another may try then.
 */
const LEASE = PAUSE - MINUTE / 2;
/** Longer than any post can be made up for. */
const REMEMBERED = 7 * DAY;

/**
 * Decides which instance may post, by two keys. Whoever adds a key first has it. `turn` says who is
 * trying; it expires, so that another takes over from an instance that died. `said` is added right
 * before the message is sent, and removed only if Slack certainly refused it. A process that dies
 * in between may leave a message unsent, but never causes a second one.
 */
export function createClaims(store: Store, key: string, { due, incident }: Turn) {
  const turnKey = `${key} ${due} turn`;
  const saidKey = `${key} ${due} said`;

  /** The store may have added the key although its answer was lost. */
  async function claim(key: string, lifetime: number): Promise<boolean> {
    if (await store.add(key, incident, lifetime)) return true;
    return (await store.get(key)) === incident;
  }

  return {
    takeTurn: () => claim(turnKey, LEASE),
    takeSaid: () => claim(saidKey, REMEMBERED),
    /** Whether another instance has posted it, or may have. */
    async isSaidElsewhere(): Promise<boolean> {
      const said = await store.get(saidKey);
      return said !== undefined && said !== incident;
    },
    /** Lets others try again. The store logs its own outages. */
    giveBack: () => store.remove(saidKey).catch(() => {}),
    /** Restores the key in a Redis that lost its data. */
    async repeatSaid(): Promise<void> {
      await store.add(saidKey, incident, REMEMBERED).catch(() => {});
    },
  };
}

export type Claims = ReturnType<typeof createClaims>;
