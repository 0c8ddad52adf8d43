import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { withIncident } from '../../desk/failures.ts';
import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import { MUST_ARRIVE, type Posted } from '../../slack/channel.ts';
import { isTooBusy } from '../../slack/delivery.ts';
import type { Change } from '../change/change.ts';
import {
  APPROVAL_LIFETIME,
  type ChangeRequest,
  idsOf,
  kept as keptRequest,
  onRecord,
} from '../form/card.ts';
import type { Untold } from '../gate/facts.ts';
import { refusalOfStop } from '../gate/rules.ts';
import type { GuardServices } from '../services.ts';
import type { LeftRequests } from './left.ts';
import { decidedKeyOf, keyOf, Pending, requestOf, WAITING_USES } from './pending.ts';
import * as view from './view.ts';

/** Whoever's timer lapses a request still has to find it. */
const MARGIN = 60_000;

/** How long other instances can tell that a request was decided. */
const REMEMBERED = 7 * 24 * 60 * 60_000;

/** How soon a request is ended where the store was away. */
const END_AGAIN = 1000;

type Waiting = {
  posted: Posted;
  pending: Pending;
  call: Call;
  stop: () => void;
  wasTried?: boolean;
};

/** Requests that wait for a second person. */
export type WaitingRequests = {
  /** Asks a second person, who reads what cannot be told; the agent reads that it waits. */
  ask(request: ChangeRequest, user: UserDetails, call: Call, untold: Untold[]): Promise<void>;
  /** The request of a button of this change, while it waits. */
  find(change: Change, value: string): Promise<{ id: string; pending: Pending } | undefined>;
  /** Resolves when the agent has been told that it waits. */
  asked(id: string): Promise<void>;
  /** Of several who decide, one gets the request. */
  take(id: string): Promise<boolean>;
  /** Whether it waits in this process. */
  isOurs(id: string): boolean;
  /** Takes back what still waits: nobody would be left to tell the agent. */
  stop(): Promise<void>;
};

/** Requests from the moment they are asked until somebody decides them, or they end. */
export function createWaitingRequests(
  services: GuardServices,
  left: LeftRequests,
): WaitingRequests {
  const { store, clock, stops, approval, usedCards, changes, log } = services;
  const { seal, channels } = services.slack;
  const waiting = new Map<string, Waiting>();
  /** Requests of which the agent is being told. */
  const asking = new Map<string, Promise<void>>();

  async function ask(
    request: ChangeRequest,
    user: UserDetails,
    call: Call,
    untold: Untold[],
  ): Promise<void> {
    const id = randomUUID();
    const asked = askAs(id, request, { user, untold }, call);
    asking.set(id, asked);
    await asked.finally(() => asking.delete(id));
  }

  async function askAs(
    id: string,
    request: ChangeRequest,
    about: { user: UserDetails; untold: Untold[] },
    call: Call,
  ): Promise<void> {
    const { change, card } = request;
    const ids = idsOf(change);
    const { userId, teamId, enterpriseId, channelId, responseUrl, incident, audit, reply } = call;
    const channel = approval.channel ?? '';
    const until = clock.now() + APPROVAL_LIFETIME;
    const agent = {
      userId,
      channelId,
      responseUrl,
      ...(teamId && { teamId }),
      ...(enterpriseId && { enterpriseId }),
    };
    // From here on the channel's message shows that it goes on, and no use more is taken.
    call.silence.end();
    const used = WAITING_USES + (call.silence.hasSpoken() ? 1 : 0);
    const pending: Pending = { request: keptRequest(request), agent, incident, until, used };
    const details = { ...onRecord(request), card: card.id };
    const rows = audit.of(change.name);
    try {
      await rows.write('approval asked', details);
      const kept = await seal.close(ids.approval, pending, APPROVAL_LIFETIME + MARGIN);
      await store.set(keyOf(id), kept, APPROVAL_LIFETIME + MARGIN);
      const decide = await seal.close(ids.approve, { id }, APPROVAL_LIFETIME + MARGIN);
      const content = { ...requestOf(changes, pending), ...about, approvers: approval.approvers };
      const patience = Math.max(call.securid.until - clock.elapsed(), 0);
      const posted = await channels.post(channel, view.request(change, { ...content, decide }), {
        patience,
      });
      waiting.set(id, { posted, pending, call, stop: follow(id, change, card.userId) });
      await left.keep({ id, posted, pending });
    } catch (error) {
      await Promise.all([store.remove(keyOf(id)), usedCards.giveBack(card.id)]);
      call.progress.outcome = 'failed';
      call.log.error({ err: error }, 'approval not asked for: is the bot in its channel?');
      await rows.note('lapsed', { target: card.userId, reason: 'it could not be asked for' });
      return reply(
        withIncident(isTooBusy(error) ? view.tooBusy(change) : view.notAsked(change), incident),
      );
    }
    const message = view.waiting(change, card.name, channel, new Date(until));
    await reply(message, { replace: true, attempts: WAITING_USES });
  }

  /** It ends when its time is up, or when a switch stops it. */
  function follow(id: string, change: Change, userId: string): () => void {
    const stopTimer = clock.after(APPROVAL_LIFETIME, () => void end(id, 'lapsed'));
    const stopWatching = stops.watch({
      userId,
      stopped(why) {
        if (refusalOfStop(change, why)) void end(id, why);
      },
    });
    return () => {
      stopTimer();
      stopWatching();
    };
  }

  /** Nobody decided; tells the channel and the agent. */
  async function end(id: string, why: view.End): Promise<void> {
    const one = waiting.get(id);
    waiting.delete(id);
    one?.stop();
    if (!one) return;
    const { posted, pending, call } = one;
    const mine = await takeBack(id, one).catch((error) => endLater(id, one, why, error));
    if (mine === 'later') return;
    left.forget(id);
    if (!mine) return;
    try {
      const rows = call.audit.of(pending.request.change);
      await rows.note('lapsed', { target: pending.request.card.userId, reason: why });
      await Promise.all([
        // At the stop there is no time.
        channels.update(
          posted,
          view.ended(requestOf(changes, pending), why),
          why === 'withdrawn' ? undefined : MUST_ARRIVE.patience,
        ),
        call.reply(
          view.endedForAgent(
            changes.textOf(pending.request.change),
            pending.request.card.name,
            why,
          ),
          { replace: true },
        ),
      ]);
    } catch (error) {
      log.error(
        { err: error, incident: pending.incident },
        `approval ${why}, and not everybody told`,
      );
    }
  }

  /** Whether nobody else has decided it. */
  async function takeBack(id: string, { wasTried }: Waiting): Promise<boolean> {
    if ((await store.take(keyOf(id))) !== undefined) return true;
    // An earlier try may have taken it, though the store did not say so in time.
    return wasTried === true && (await store.get(decidedKeyOf(id))) === undefined;
  }

  /** While the store is away nobody can decide it, nor tell that nobody has. The next start tries as well. */
  function endLater(id: string, one: Waiting, why: view.End, error: unknown): 'later' {
    const { incident, until } = one.pending;
    log.warn({ err: error, incident }, `approval ${why}, but the store does not know yet`);
    if (why !== 'withdrawn' && clock.now() < until + MARGIN) {
      const stop = clock.after(END_AGAIN, () => void end(id, why));
      waiting.set(id, { ...one, stop, wasTried: true });
    }
    return 'later';
  }

  async function find(
    change: Change,
    value: string,
  ): Promise<{ id: string; pending: Pending } | undefined> {
    const { approve, approval: purpose } = idsOf(change);
    const { data } = z.object({ id: z.string() }).safeParse(await seal.open(approve, value));
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
    // Whoever finds it left on disk must not say that nobody decided.
    if (mine && store.isShared) await store.set(decidedKeyOf(id), '', REMEMBERED).catch(() => {});
    return mine;
  }

  return {
    ask,
    find,
    asked: async (id) => asking.get(id)?.catch(() => {}),
    take,
    isOurs: (id) => waiting.has(id),
    async stop() {
      await Promise.all([...waiting.keys()].map((id) => end(id, 'withdrawn')));
    },
  };
}
