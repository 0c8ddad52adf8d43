import type { types } from '@slack/bolt';
import { button } from '../slack/blocks.ts';
import type { Seal } from '../slack/seal.ts';
import { FOLLOW_UP } from './names.ts';

const PURPOSE = 'follow-up';
/** A card may stay on somebody's screen for a working day. */
const LIFETIME = 12 * 60 * 60_000;

type FollowUp = { operation: string; input: Record<string, unknown>; replace?: boolean };

/** A button that runs another operation, with what that operation needs to know sealed inside. */
export async function followUp(seal: Seal, label: string, next: FollowUp): Promise<types.Button> {
  const value = await seal.close(PURPOSE, next, LIFETIME);
  return button(label, { action: `${FOLLOW_UP}${next.operation}`, value });
}

/** What a follow-up button carries; `undefined` if it is not ours or too old. */
export async function openFollowUp(seal: Seal, value: string): Promise<FollowUp | undefined> {
  return (await seal.open(PURPOSE, value)) as FollowUp | undefined;
}
