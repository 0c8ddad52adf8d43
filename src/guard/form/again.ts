import type { types } from '@slack/bolt';
import { tryAgain } from '../../desk/follow-up.ts';
import type { GuardServices } from '../services.ts';
import type { CodeRequest } from './card.ts';

/** *Try again*, where no code was issued for certain: a new card, whose form holds what was filled in. */
export async function askAgain(
  { seal }: Pick<GuardServices, 'seal'>,
  { card, verification }: CodeRequest,
): Promise<types.Button[]> {
  const { method, ticket, reason, platform } = verification;
  const input = { who: card.key, platform };
  const whole = { operation: 'code', input: { ...input, typed: { method, ticket, reason } } };
  const buttons = await tryAgain(seal, whole);
  // In some scripts a long reason is more than a button carries.
  return buttons.length > 0 ? buttons : tryAgain(seal, { operation: 'code', input });
}
