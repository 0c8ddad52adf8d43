import { randomUUID } from 'node:crypto';
import type { Found } from '../../desk/find-user.ts';
import { tryAgain } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { Message } from '../../slack/blocks.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Seal } from '../../slack/seal.ts';
import { CARD_LIFETIME, type Card, idsOf } from '../form/card.ts';
import type { KeptVerification, NotKept } from '../form/kept-verification.ts';
import * as view from '../form/view.ts';
import { isRefusal } from '../gate/gate.ts';
import { nothingToDo, UNTOLD } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import type { Change, Input } from './change.ts';

type Asked = { input: Input; typed: Card['typed'] };

/** Shows the user on a card and asks for confirmation. Nothing is changed yet. */
export const createShowCard =
  (services: GuardServices) =>
  async (
    change: Change,
    { user, key }: Found,
    { input, typed }: Asked,
    call: Call,
  ): Promise<Message> => {
    const { seal } = services.slack;
    const { userId: agent, access, securid } = call;
    const { until, lane } = securid;
    const [verdict, own, earlier] = await Promise.all([
      services.gate.forCard(change, { agentId: agent, access, user, until, lane }),
      change.card(services, { user, key, input }, call),
      services.keptVerifications.find({ agentId: agent, userId: user.id }, change),
    ]);
    const unable = change.unable(user, input) ?? own.unable;
    const rule = isRefusal(verdict) ? verdict : undefined;
    const refusal = rule ?? (unable === undefined ? undefined : nothingToDo(unable));
    if (refusal) {
      call.progress.outcome = 'refused';
      void call.audit.note('refusal', { target: user.id, reason: refusal.rule });
    }
    const needsApproval = verdict !== 'may' && !refusal;
    const about = { key, userId: user.id, name: view.nameOf(user), agent, input };
    const card: Card = {
      ...about,
      id: randomUUID(),
      typed,
      needsApproval,
      verified: shownOf(earlier),
    };
    return view.card(change, {
      user,
      own,
      refusal: refusal?.sentence,
      needsApproval,
      sealed: await sealed(seal, change, card),
      again: refusal?.rule === UNTOLD ? await tryAgain(seal, call.progress.again) : [],
    });
  };

/** What the form says of it. */
function shownOf(earlier: KeptVerification | NotKept): Card['verified'] {
  if ('ended' in earlier) return undefined;
  const { method, ticket, at, until } = earlier;
  return { method, ticket, at, until };
}

/** Leaves out what was filled in or verified before if it is too long for a button. */
async function sealed(seal: Seal, change: Change, card: Card): Promise<string> {
  const { typed, ...rest } = card;
  const { verified, ...least } = rest;
  const close = (one: Card) => seal.close(idsOf(change).card, one, CARD_LIFETIME);
  for (const one of [card, rest]) {
    const value = await close(one);
    if (value.length <= LIMITS.buttonValue) return value;
  }
  return close(least);
}
