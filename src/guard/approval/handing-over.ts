import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Seal } from '../../slack/seal.ts';
import type { GuardServices } from '../services.ts';
import { agentsCall } from './deciding.ts';
import type { createEnding, Waiting } from './ending.ts';
import type { LeftRequests } from './left.ts';
import { Pending } from './pending.ts';

/** How often to look for requests of an instance that has stopped, in milliseconds. */
const LOOK = 5000;

/** How many to take up at each look: somebody who can write to the store could add any number. */
const AT_ONCE = 100;

/** How long they are kept while all instances are stopped, in milliseconds. */
const LIFETIME = 24 * 60 * 60_000;

/**
 * Keys in the store: of all that was handed over, and of each. A request that goes through several instances has another
 * id each time, since those who came too late know the one before.
 */
const ALL = 'handed requests';
const keyOf = (handed: string) => `handed request ${handed}`;

/** Looking adds a member to the set, too: this one. */
const NO_ID = '';

const PURPOSE = 'handed request';
const Handed = z.object({
  id: z.string(),
  posted: z.object({ channel: z.string(), ts: z.string() }),
  pending: Pending,
});
type Handed = z.output<typeof Handed>;

/** Hands waiting requests to another instance at the stop, and takes up those of others. */
export function createHandingOver(
  services: GuardServices,
  left: LeftRequests,
  waiting: Map<string, Waiting>,
  follow: ReturnType<typeof createEnding>['follow'],
) {
  const { store, clock, changes, areOthersThere, log } = services;
  const { seal } = services.slack;
  /** What some instance has taken up. */
  const known = new Set<string>();
  let stopTimer: (() => void) | undefined;
  let isOver = false;

  async function takeUp(handed: string): Promise<void> {
    const there = await read(seal, await store.get(keyOf(handed)));
    if (there && isForOthers(there, services)) return;
    const data = await read(seal, await store.take(keyOf(handed)));
    known.add(handed);
    if (!data) return;
    const { id, posted, pending } = data;
    const change = changes.textOf(pending.request.change);
    const call = await agentsCall(services, change, pending);
    const rest = Math.max(pending.until - clock.now(), 0);
    const stop = follow(id, change, pending.request.card.userId, rest);
    // The store may have forgotten one that is over.
    waiting.set(id, { posted, pending, call, stop, wasTried: rest === 0 });
    await left.keep({ id, posted, pending });
    log.info({ incident: pending.incident }, 'this instance took over a request for approval');
  }

  async function look(): Promise<void> {
    try {
      const all = await store.gather(ALL, NO_ID, LIFETIME);
      const unknown = all.filter((handed) => handed !== NO_ID && !known.has(handed));
      for (const handed of unknown.slice(0, AT_ONCE)) await takeUp(handed);
    } catch {
      // The store logs its own outages.
    }
    if (!isOver) stopTimer = clock.after(LOOK, () => void look());
  }

  return {
    /** Looks for what others have handed over, from now on. */
    start(): void {
      if (store.isShared && !stopTimer) stopTimer = clock.after(0, () => void look());
    },
    stop(): void {
      isOver = true;
      stopTimer?.();
    },
    /** @returns whether another instance will end it. Never throws */
    async handOver(id: string): Promise<boolean> {
      const one = waiting.get(id);
      if (!one || !store.isShared || !areOthersThere()) return false;
      const { posted, pending } = one;
      const handed = randomUUID();
      try {
        const sealed = await seal.close(PURPOSE, { id, posted, pending }, LIFETIME);
        await store.set(keyOf(handed), sealed, LIFETIME);
        await store.gather(ALL, handed, LIFETIME);
      } catch (error) {
        log.warn(
          { err: error, incident: pending.incident },
          'a request for approval was not handed over',
        );
        return false;
      }
      one.stop();
      waiting.delete(id);
      left.forget(id);
      return true;
    },
  };
}

const read = async (seal: Seal, sealed: string | undefined) =>
  Handed.safeParse(sealed && (await seal.open(PURPOSE, sealed))).data;

/** An instance where the change is switched on should take it up. If there is none, it expires in any other. */
const isForOthers = (
  { pending: { request, until } }: Handed,
  { changes, clock }: Pick<GuardServices, 'changes' | 'clock'>,
) => until > clock.now() && !changes.on.some(({ name }) => name === request.change);
