import type { types } from '@slack/bolt';
import { actions, button, type Message } from '../slack/blocks.ts';
import { type Seal, sealForButton } from '../slack/seal.ts';
import type { Operation, Task } from './operation.ts';
import { taskFor } from './typed.ts';

/** The `action_id` of a button that leads to another operation: this and the operation's name. */
export const FOLLOW_UP = 'follow-up:';

const PURPOSE = 'follow-up';
/** A card may be on a screen for a working day. */
export const LIFETIME = 12 * 60 * 60_000;

type FollowUp = { operation: string; input: Record<string, unknown>; replace?: boolean };
/** What one would type after the operation's name. */
type Retyped = { operation: string; words: string[]; replace?: boolean };

/**
 * A button that runs another operation, with its input sealed inside; `undefined` if that does not fit into a
 * button.
 */
export async function followUp(
  seal: Seal,
  label: string,
  next: FollowUp | Retyped,
): Promise<types.Button | undefined> {
  const value = await sealForButton(seal, PURPOSE, [next], LIFETIME);
  return value === undefined
    ? undefined
    : button(label, { action: `${FOLLOW_UP}${next.operation}`, value });
}

/**
 * Buttons of one block that may lead to the same operation. Slack wants their `action_id`s to differ:
 * https://docs.slack.dev/reference/block-kit/block-elements/button-element
 */
export function numbered(buttons: readonly types.Button[]): types.Button[] {
  const seen = new Map<string, number>();
  return buttons.map((one) => {
    const { action_id = '' } = one;
    const count = (seen.get(action_id) ?? 0) + 1;
    seen.set(action_id, count);
    return count === 1 ? one : { ...one, action_id: `${action_id}#${count}` };
  });
}

/** An `action_id` without the number that `numbered` gave it. */
export const unnumbered = (actionId: string): string => actionId.replace(/#\d+$/, '');

/** Opens a button's value; `undefined` if it is not ours or has expired. */
export async function openFollowUp(
  seal: Seal,
  value: string,
): Promise<FollowUp | Retyped | undefined> {
  return (await seal.open(PURPOSE, value)) as FollowUp | Retyped | undefined;
}

/** The button's task; `undefined` if it is not this operation's. */
export const taskOf = (operation: Operation, next: FollowUp | Retyped): Task | undefined =>
  'words' in next ? taskFor(operation, next.words) : operation.pressed(next.input);

/** *Try again*, in place of the failure message, if there is something to repeat. */
export async function tryAgain(seal: Seal, asked: FollowUp | undefined): Promise<types.Button[]> {
  const again = asked && (await followUp(seal, 'Try again', { ...asked, replace: true }));
  return again ? [again] : [];
}

/** A row of those buttons that there are. */
export function rowOf(...buttons: (types.Button | undefined)[]): types.ActionsBlock[] {
  const some = buttons.filter((one) => one !== undefined);
  return some.length > 0 ? [actions(...numbered(some))] : [];
}

/** A message with a row of buttons under it. */
export const withButtons = (message: Message, buttons: (types.Button | undefined)[]): Message => ({
  ...message,
  blocks: [...message.blocks, ...rowOf(...buttons)],
});
