import { begin } from '../../desk/call.ts';
import type { Call } from '../../desk/operation.ts';
import type { Message } from '../../slack/blocks.ts';
import { teamOnRecord } from '../../slack/place.ts';
import { WHO_MAY } from '../change/risk.ts';
import type { ChangeText } from '../change/words.ts';
import { CHANGE_WITHIN, type ChangeRequest, idsOf, onRecord } from '../form/card.ts';
import type { Refusal } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import { type Pending, WAITING_USES } from './pending.ts';
import * as view from './view.ts';

// What approving and denying have in common.

/** The agent's call, which now goes on. */
export function agentsCall(
  services: GuardServices,
  change: Pick<ChangeText, 'name' | 'risk'>,
  pending: Pending,
): Promise<Call> {
  const { agent, incident, used = WAITING_USES } = pending;
  const what = idsOf(change).form;
  const asker = { what, teamId: undefined, enterpriseId: undefined, ...agent };
  return begin(services, asker, {
    fresh: true,
    role: WHO_MAY[change.risk],
    incident,
    patience: CHANGE_WITHIN,
    used,
    quiet: true,
  });
}

/** Tells the approver alone why the request is not decided. */
export async function refuse(
  approver: Call,
  { card }: Pick<ChangeRequest, 'card'>,
  refusal: Refusal,
): Promise<void> {
  approver.progress.outcome = 'refused';
  await approver.audit.note('refusal', { target: card.userId, reason: refusal.rule });
  await approver.reply(view.notYours(refusal.toApprover ?? refusal.sentence));
}

/** The request is no longer there: its message loses its buttons. */
export const replaceWithOver = ({ reply }: Pick<Call, 'reply'>) =>
  reply(view.over(), { replace: true, visibility: 'in_channel' });

/** Shows the decision, which stands even if the channel's message cannot show it. */
export async function show(approver: Call, message: Message): Promise<void> {
  try {
    await approver.reply(message, { replace: true, visibility: 'in_channel' });
  } catch (error) {
    approver.log.error({ err: error }, 'a decision is not shown in the channel');
  }
}

/** The row is about the request, with the approver as its actor. */
export const decision = (approver: Call, request: ChangeRequest) => ({
  ...onRecord(request),
  actor: approver.userId,
  team: teamOnRecord(approver),
  channel: approver.channelId,
  approver: undefined,
});
