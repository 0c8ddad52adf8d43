import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { Change } from '../change/change.ts';
import { type ChangeRequest, idsOf } from '../form/card.ts';
import type { Untold } from '../gate/facts.ts';
import type { GuardServices } from '../services.ts';
import { createAsking } from './asking.ts';
import { createEnding, type Waiting } from './ending.ts';
import { createHandingOver } from './handing-over.ts';
import type { LeftRequests } from './left.ts';
import { decidedKeyOf, keyOf, Pending } from './pending.ts';

/** How long other instances can see that a request was decided. */
const REMEMBERED = 7 * 24 * 60 * 60_000;

/** What the buttons of a request carry, sealed. Earlier versions did not name the user. */
const Button = z.object({ id: z.string(), name: z.string().default('') });

/** Requests waiting for an approver. */
export type WaitingRequests = {
  /** Asks for approval, and tells the agent. `untold` are the rules that could not be checked. */
  ask(request: ChangeRequest, user: UserDetails, call: Call, untold: Untold[]): Promise<void>;
  /** The request that a button of this change belongs to, while it is waiting. */
  find(change: Change, value: string): Promise<{ id: string; pending: Pending } | undefined>;
  /** The name of the user on such a button, sealed inside; `undefined` if it is no such button. */
  sealedName(change: Change, value: string): Promise<string | undefined>;
  /** Resolves once the agent has been told that the request is waiting. */
  asked(id: string): Promise<void>;
  /** True for the first who decides, false for all others. */
  take(id: string): Promise<boolean>;
  /** Whether the request is waiting in this process. */
  isOurs(id: string): boolean;
  /** Takes up what other instances hand over when they stop. */
  start(): void;
  /** Hands waiting requests to another instance, or withdraws them where there is none to tell their agents. */
  stop(): Promise<void>;
};

/** Requests, until an approver decides them or they end. */
export function createWaitingRequests(
  services: GuardServices,
  left: LeftRequests,
): WaitingRequests {
  const { store, clock, stops } = services;
  const { seal } = services.slack;
  const waiting = new Map<string, Waiting>();
  const { follow, end } = createEnding(services, left, waiting);
  const askInChannel = createAsking(services, left, waiting, follow);
  const handingOver = createHandingOver(services, left, waiting, follow);
  /** Requests whose agent is being told that they are waiting. */
  const asking = new Map<string, Promise<void>>();

  async function ask(
    request: ChangeRequest,
    user: UserDetails,
    call: Call,
    untold: Untold[],
  ): Promise<void> {
    const id = randomUUID();
    const asked = askInChannel(id, request, { user, untold }, call);
    asking.set(id, asked);
    await asked.finally(() => {
      asking.delete(id);
      // A switch may have been set while the request was posted, before anything watched it.
      stops.look();
    });
  }

  const open = async (change: Change, value: string) =>
    Button.safeParse(await seal.open(idsOf(change).approve, value)).data;

  async function find(
    change: Change,
    value: string,
  ): Promise<{ id: string; pending: Pending } | undefined> {
    const { approval: purpose } = idsOf(change);
    const data = await open(change, value);
    const kept = data && (await store.get(keyOf(data.id)));
    const { data: pending } = Pending.safeParse(kept && (await seal.open(purpose, kept)));
    const isItsOwn = pending?.request.change === change.name && pending.until > clock.now();
    return data && isItsOwn ? { id: data.id, pending } : undefined;
  }

  async function take(id: string): Promise<boolean> {
    const mine = (await store.take(keyOf(id))) !== undefined;
    waiting.get(id)?.stop();
    waiting.delete(id);
    left.forget(id);
    // A process that finds it on disk must not say that nobody decided.
    if (mine && store.isShared) await store.set(decidedKeyOf(id), '', REMEMBERED).catch(() => {});
    return mine;
  }

  return {
    ask,
    find,
    sealedName: async (change, value) => (await open(change, value))?.name,
    asked: async (id) => asking.get(id)?.catch(() => {}),
    take,
    isOurs: (id) => waiting.has(id),
    start: handingOver.start,
    async stop() {
      handingOver.stop();
      await Promise.all(
        [...waiting.keys()].map(async (id) => {
          if (!(await handingOver.handOver(id))) await end(id, 'withdrawn');
        }),
      );
    },
  };
}
