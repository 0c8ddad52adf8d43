import { actionsWithMenu, type Block, option } from '../slack/blocks.ts';
import { LIMITS } from '../slack/limits.ts';
import { lengthened, type Seal, shortened } from '../slack/seal.ts';
import { followUp, LIFETIME, numbered, rowOf } from './follow-up.ts';

/** What a card leads to: an operation, with its input. */
export type Lead = { label: string; operation: string; input: Record<string, unknown> };

/** The `action_id` of a card's menu. */
export const MENU = 'menu';

const PURPOSE = 'menu';

/** More than these buttons nobody reads in a row. */
const MOST_BUTTONS = 5;
/** Older descriptions of Slack's menu ask for two options. */
const FEWEST_OPTIONS = 2;

/**
 * At most five buttons, and the rest in a menu. The menu's options have room for a name alone, so their
 * input, which must be the same for all of them, is sealed in the block's id. What does not fit becomes a
 * second row of buttons. An input that is too long for any button leads nowhere.
 * @param all the most wanted first
 */
export async function leads(seal: Seal, all: readonly Lead[]): Promise<Block[]> {
  if (all.length === 0) return [];
  const inRow =
    all.length <= MOST_BUTTONS ? all.length : Math.min(MOST_BUTTONS, all.length - FEWEST_OPTIONS);
  const [first, rest] = [all.slice(0, inRow), all.slice(inRow)];
  const buttonsFor = (some: readonly Lead[]) =>
    Promise.all(some.map(({ label, ...next }) => followUp(seal, label, next)));

  const [buttons, menu] = await Promise.all([buttonsFor(first), menuOf(seal, rest)]);
  if (menu) return [actionsWithMenu(numbered(buttons.filter((one) => one !== undefined)), menu)];
  return [...rowOf(...buttons), ...rowOf(...(await buttonsFor(rest)))];
}

/**
 * Seals ahead, while it is still looked up which of these a card leads to.
 * @returns a seal that closes each of them at once
 */
export function sealAhead(seal: Seal, all: readonly Lead[]): Seal {
  const closed = new Map<string, Promise<string>>();
  const ahead: Seal = {
    ...seal,
    close(purpose, data, lifetime) {
      const key = JSON.stringify([purpose, data, lifetime]);
      const value = closed.get(key) ?? seal.close(purpose, data, lifetime);
      closed.set(key, value);
      return value;
    },
  };
  for (const { label, ...next } of all) {
    // If it fails, it does so again when it is asked for.
    followUp(ahead, label, next).catch(() => {});
    ahead.close(PURPOSE, next.input, LIFETIME).catch(() => {});
  }
  return ahead;
}

/** `undefined` if Slack would not take it. */
async function menuOf(seal: Seal, [first, ...others]: readonly Lead[]) {
  if (!first || others.length >= LIMITS.overflowOptions) return undefined;
  const isSame = ({ input }: Lead) => JSON.stringify(input) === JSON.stringify(first.input);
  if (!others.every(isSame)) return undefined;
  const blockId = shortened(await seal.close(PURPOSE, first.input, LIFETIME));
  if (blockId.length > LIMITS.blockId) return undefined;
  const options = [first, ...others].map(({ label, operation }) => option(label, operation));
  return { action: MENU, blockId, options };
}

/**
 * What was chosen from a menu. Its input is one that this app sealed. Its operation may be any, so it leads
 * to no more than the same words typed.
 */
export async function openMenu(
  seal: Seal,
  { blockId, value }: { blockId: string; value: string },
): Promise<Omit<Lead, 'label'> | undefined> {
  const input = await seal.open(PURPOSE, lengthened(blockId));
  return input && { operation: value, input };
}
