import type { Call } from '../../desk/operation.ts';
import { MUST_ARRIVE, type Posted } from '../../slack/channel.ts';
import type { ChangeText } from '../change/words.ts';
import { APPROVAL_LIFETIME } from '../form/card.ts';
import { refusalOfStop } from '../gate/rules.ts';
import type { GuardServices } from '../services.ts';
import * as agentView from './agent-view.ts';
import type { LeftRequests } from './left.ts';
import { decidedKeyOf, keyOf, MARGIN, type Pending, requestOf } from './pending.ts';
import * as view from './view.ts';

/** How soon to retry after the store was unavailable, in milliseconds; doubles each time. */
const END_AGAIN = 1000;
const LONGEST_PAUSE = 30_000;

/** A request waiting in this process. */
export type Waiting = {
  posted: Posted;
  pending: Pending;
  call: Call;
  stop: () => void;
  wasTried?: boolean;
  /** Before the next try to end it, in milliseconds. */
  pause?: number;
};

/** Ends requests that nobody decided. */
export function createEnding(
  services: GuardServices,
  left: LeftRequests,
  waiting: Map<string, Waiting>,
) {
  const { clock, stops, log } = services;

  /**
   * Ends a request when its time is up or a switch stops it.
   * @param rest in milliseconds
   */
  function follow(
    id: string,
    change: Pick<ChangeText, 'risk' | 'words'>,
    userId: string,
    rest = APPROVAL_LIFETIME,
  ): () => void {
    const stopTimer = clock.after(rest, () => void end(id, 'lapsed'));
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

  /** Tells the channel and the agent that nobody decided. */
  async function end(id: string, why: view.End): Promise<void> {
    const one = waiting.get(id);
    waiting.delete(id);
    one?.stop();
    if (!one) return;
    const mine = await takeBack(id, one, services).catch((error) => endLater(id, one, why, error));
    if (mine === 'later') return;
    left.forget(id);
    if (!mine) return;
    await tell(services, one, why);
  }

  /**
   * Nobody can decide or end a request while the store is unavailable, however long that is. If the process
   * stops meanwhile, the next start tries again.
   */
  function endLater(id: string, one: Waiting, why: view.End, error: unknown): 'later' {
    const { pause = END_AGAIN } = one;
    if (one.pause === undefined) {
      const { incident } = one.pending;
      log.warn({ err: error, incident }, `approval ${why}, but the store does not know yet`);
    }
    if (why !== 'withdrawn') {
      const stop = clock.after(pause, () => void end(id, why));
      const next = Math.min(2 * pause, LONGEST_PAUSE);
      waiting.set(id, { ...one, stop, wasTried: true, pause: next });
    }
    return 'later';
  }

  return { follow, end };
}

async function tell(
  { slack, changes, log }: GuardServices,
  { posted, pending, call }: Waiting,
  why: view.End,
): Promise<void> {
  const { request, incident } = pending;
  const text = changes.textOf(request.change);
  try {
    await call.audit
      .of(request.change)
      .note('lapsed', { target: request.card.userId, reason: why });
    // No retries for `withdrawn`, because the process is stopping.
    const patience = why === 'withdrawn' ? undefined : MUST_ARRIVE.patience;
    await Promise.all([
      slack.channels.update(posted, view.ended(requestOf(changes, pending), why), patience),
      call.reply(agentView.endedForAgent(text, request.card.name, why), { replace: true }),
    ]);
  } catch (error) {
    log.error({ err: error, incident }, `approval ${why}, but not everybody was notified`);
  }
}

/** Takes the request back. False if somebody else has decided it. */
async function takeBack(
  id: string,
  { wasTried, pending }: Waiting,
  { store, clock }: GuardServices,
): Promise<boolean> {
  if ((await store.take(keyOf(id))) !== undefined) return true;
  // An earlier try may have succeeded although the store's answer was lost; and the store forgets one that this
  // process, which was suspended, ends too late.
  const isUnclear = wasTried === true || clock.now() >= pending.until + MARGIN;
  return isUnclear && (await store.get(decidedKeyOf(id))) === undefined;
}
