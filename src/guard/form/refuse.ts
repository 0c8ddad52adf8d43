import type { types } from '@slack/bolt';
import { withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import { withPlace } from '../../desk/place-of.ts';
import type { Message } from '../../slack/blocks.ts';
import type { Change } from '../change/change.ts';
import type { Refusal } from '../gate/refusal.ts';
import type { Card } from './card.ts';
import * as view from './view.ts';

type About = { change: Change; card: Pick<Card, 'id' | 'userId'> };

/** Records a rule's refusal, and says it. */
export async function refusalOf(
  { log, audit, progress }: Call,
  { change, card }: About,
  { rule, sentence, symptom }: Refusal,
  buttons: types.Button[] = [],
): Promise<Message> {
  const { id, userId: target } = card;
  progress.outcome = 'refused';
  log.warn({ target, refusal: rule }, 'refused');
  await audit.note('refusal', { target, card: id, reason: rule });
  return withButtons(withPlace(view.refused(change, sentence), symptom), buttons);
}

/** Replaces the card with the rule's refusal, and records it. */
export async function refuse(
  call: Call,
  about: About,
  refusal: Refusal,
  buttons?: types.Button[],
): Promise<void> {
  await call.reply(await refusalOf(call, about, refusal, buttons), { replace: true });
}
