import { explanation, withIncident } from '../../desk/failures.ts';
import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { Message } from '../../slack/blocks.ts';
import { isTooBusy } from '../../slack/delivery.ts';
import { placeIn } from '../../slack/place.ts';
import { StoreError } from '../../store/index.ts';
import { seeFor, symptomOf } from '../../troubleshooting.ts';
import type { Change } from '../change/change.ts';
import {
  APPROVAL_LIFETIME,
  type ChangeRequest,
  idsOf,
  kept as keptRequest,
  onRecord,
} from '../form/card.ts';
import { keepVerification } from '../form/verified-before.ts';
import type { Untold } from '../gate/facts.ts';
import type { GuardServices } from '../services.ts';
import { readAuthenticators } from './about-user.ts';
import * as agentView from './agent-view.ts';
import type { Waiting } from './ending.ts';
import type { LeftRequests } from './left.ts';
import { keyOf, MARGIN, type Pending, requestOf, WAITING_USES } from './pending.ts';
import * as view from './view.ts';

/** Asks the approvers in their channel, and tells the agent that the request is waiting. */
export function createAsking(
  services: GuardServices,
  left: LeftRequests,
  waiting: Map<string, Waiting>,
  follow: (id: string, change: Change, userId: string) => () => void,
) {
  const { store, clock, approval, usedCards, changes } = services;
  const { seal, channels } = services.slack;

  return async (
    id: string,
    request: ChangeRequest,
    about: { user: UserDetails; untold: Untold[] },
    call: Call,
  ): Promise<void> => {
    const { change, card } = request;
    const ids = idsOf(change);
    const { userId, channelId, responseUrl, incident, audit, reply } = call;
    const channel = approval.channel ?? '';
    const until = clock.now() + APPROVAL_LIFETIME;
    const agent = { ...placeIn(call), userId, channelId, responseUrl };
    // From here on the channel's message shows progress, so progress
    // uses up no more of the response URL.
    call.silence.end();
    const used = WAITING_USES + (call.silence.hasSpoken() ? 1 : 0);
    const pending: Pending = { request: keptRequest(request), agent, incident, until, used };
    const details = { ...onRecord(request), card: card.id };
    const rows = audit.of(change.name);
    const reading = readAuthenticators(services, card.userId, call);
    try {
      await rows.write('approval asked', details);
      const kept = await seal.close(ids.approval, pending, APPROVAL_LIFETIME + MARGIN);
      await store.set(keyOf(id), kept, APPROVAL_LIFETIME + MARGIN);
      const decide = await seal.close(
        ids.approve,
        { id, name: card.name },
        APPROVAL_LIFETIME + MARGIN,
      );
      const content = {
        ...requestOf(changes, pending),
        ...about,
        registered: await reading,
        approvers: approval.approvers,
      };
      const patience = Math.max(call.securid.until - clock.elapsed(), 0);
      const posted = await channels.post(channel, view.request(change, { ...content, decide }), {
        patience,
      });
      waiting.set(id, { posted, pending, call, stop: follow(id, change, card.userId) });
      await Promise.all([
        left.keep({ id, posted, pending }),
        keepVerification(services, request, call),
      ]);
    } catch (error) {
      // If the store is away, the request expires there, and nobody has a button for it.
      await Promise.allSettled([store.remove(keyOf(id)), usedCards.giveBack(card.id)]);
      call.progress.outcome = 'failed';
      const isStoreAway = error instanceof StoreError;
      call.log.error(
        { err: error, ...(!isStoreAway && { see: seeFor(error, NO_MESSAGE) }) },
        isStoreAway
          ? 'could not ask for approval: the store is away'
          : 'could not ask for approval: is the bot in the channel?',
      );
      await rows.note('lapsed', { target: card.userId, reason: 'it could not be asked for' });
      return reply(notAsked(error, change, incident));
    }
    const message = agentView.waiting(change, card.name, channel, new Date(until));
    await reply(message, { replace: true, attempts: WAITING_USES });
  };
}

const NO_MESSAGE = 'a-channel-does-not-accept-messages';

/** What the agent reads if approval could not be asked for. */
function notAsked(error: unknown, change: Change, incident: string): Message {
  if (error instanceof StoreError) return explanation(error, incident, change.words.none);
  if (isTooBusy(error)) return withIncident(agentView.tooBusy(change), incident);
  return withIncident(agentView.notAsked(change), incident, symptomOf(error) ?? NO_MESSAGE);
}
