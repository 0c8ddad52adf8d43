import type { Store } from '../../../store/index.ts';
import type { Turn } from './scheduled-post.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** After how long what failed, or what another instance had begun, is looked at again. */
export const PAUSE = 10 * MINUTE;
/** For how long one instance tries by itself: another may at the next look. */
const LEASE = PAUSE - MINUTE / 2;
/** Longer than anything is made up. */
const REMEMBERED = 7 * DAY;

/**
 * Who may post, among all instances. Two keys see to that; whoever adds a key first has it. `turn` is who
 * tries now; it runs out, so that another takes over from an instance that died. `said` is taken in the
 * moment before the message is sent and given back only when Slack certainly refused it, so that a process
 * that ends in between leaves at worst a message that did not go out, and never a second one.
 */
export function createClaims(store: Store, key: string, { due, incident }: Turn) {
  const turnKey = `${key} ${due} turn`;
  const saidKey = `${key} ${due} said`;

  /** An answer of the store's may have been lost after it took the value. */
  async function claim(key: string, lifetime: number): Promise<boolean> {
    if (await store.add(key, incident, lifetime)) return true;
    return (await store.get(key)) === incident;
  }

  return {
    takeTurn: () => claim(turnKey, LEASE),
    takeSaid: () => claim(saidKey, REMEMBERED),
    /** Whether another instance has said it, or may have. */
    async isSaidElsewhere(): Promise<boolean> {
      const said = await store.get(saidKey);
      return said !== undefined && said !== incident;
    },
    /** Somebody may try again. The store itself says when it is away. */
    giveBack: () => store.remove(saidKey).catch(() => {}),
    /** A Redis that lost its data hears again that it is said. */
    async repeatSaid(): Promise<void> {
      await store.add(saidKey, incident, REMEMBERED).catch(() => {});
    },
  };
}

export type Claims = ReturnType<typeof createClaims>;
