import type { types } from '@slack/bolt';
import { withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { Change } from '../change/change.ts';
import type { Refusal } from '../gate/refusal.ts';
import type { Card } from './card.ts';
import * as view from './view.ts';

/** Replaces the card with the rule's refusal, and records it. */
export async function refuse(
  { log, audit, reply, progress }: Call,
  { change, card }: { change: Change; card: Card },
  { rule, sentence }: Refusal,
  buttons: types.Button[] = [],
): Promise<void> {
  const { id, userId: target } = card;
  progress.outcome = 'refused';
  log.warn({ target, refusal: rule }, 'refused');
  await audit.note('refusal', { target, card: id, reason: rule });
  await reply(withButtons(view.refused(change, sentence), buttons), { replace: true });
}
