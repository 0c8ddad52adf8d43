import type { types } from '@slack/bolt';
import { tryAgain } from '../../desk/follow-up.ts';
import type { GuardServices } from '../services.ts';
import { type ChangeRequest, METHOD } from './card.ts';

/**
 * *Try again*, if certainly nothing was changed: leads to a new card
 * whose form keeps what was filled in.
 */
export async function askAgain(
  { slack: { seal } }: Pick<GuardServices, 'slack'>,
  { change, card, input, verification, verified, who = card.key }: ChangeRequest,
): Promise<types.Button[]> {
  const operation = change.name;
  const asked = { who, input };
  // A verification of an earlier change must not count as one of now.
  const typed = { ...verification, ...(verified && { [METHOD]: undefined }) };
  const whole = { operation, input: { ...asked, typed } };
  const buttons = await tryAgain(seal, whole);
  // In some scripts a long reason does not fit into a button.
  return buttons.length > 0 ? buttons : tryAgain(seal, { operation, input: asked });
}
