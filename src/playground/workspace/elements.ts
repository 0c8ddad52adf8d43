import type { Block, Shown } from './types.ts';

export type Choice = { text: { type: string; text: string }; value: string };

export type Element = {
  type: string;
  action_id: string;
  text?: { text: string };
  value?: string;
  placeholder?: { text: string };
  confirm?: unknown;
  options?: Choice[];
  option_groups?: { options: Choice[] }[];
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  max_selected_items?: number;
  /** `initial_option`, `initial_date` and so on. */
  [initial: `initial_${string}`]: unknown;
};

/** An element as a person finds it: in a block, with a label. */
export type Placed = { block: Block; blockId: string; label: string; element: Element };

/** The blocks as Slack returns them: those without an id have got one. */
export function withIds(blocks: Block[], prefix = 'auto'): Block[] {
  return blocks.map((block, index) => {
    const block_id = block.block_id ?? `${prefix}-${index}`;
    const identify = (element: unknown, nth: number) =>
      interactive(element)
        ? { ...element, action_id: element.action_id ?? `${prefix}-${index}-${nth}` }
        : element;
    return {
      ...block,
      block_id,
      ...(block.element !== undefined && { element: identify(block.element, 0) }),
      ...(block.accessory !== undefined && { accessory: identify(block.accessory, 0) }),
      ...(block.type === 'actions' && { elements: (block.elements as unknown[]).map(identify) }),
      ...(block.type === 'card' &&
        block.actions !== undefined && { actions: (block.actions as unknown[]).map(identify) }),
      ...(block.child_blocks !== undefined && {
        child_blocks: withIds(block.child_blocks as Block[], `${prefix}-${index}`),
      }),
    };
  });
}

export function placedIn(blocks: Block[]): Placed[] {
  return withChildren(withIds(blocks)).flatMap((block) => {
    const elements = block.type === 'actions' ? block.elements : block.actions;
    const inside = (elements ?? []) as unknown[];
    const label = ((block.label ?? block.text) as { text?: string } | undefined)?.text ?? '';
    return [block.element, block.accessory, ...inside]
      .filter(interactive)
      .map((element) => ({ block, blockId: block.block_id ?? '', label, element }));
  });
}

/** The blocks, with those inside containers. */
export const withChildren = (blocks: Block[]): Block[] =>
  blocks.flatMap((block) => [block, ...((block.child_blocks as Block[]) ?? [])]);

/** How Slack's client names a menu behind `…`. */
export const MORE_ACTIONS = 'More actions';

/** Finds buttons by their text, everything else by its block's label or its placeholder. */
export function find(where: Shown, wanted: string, types: string[]): Placed[] {
  const placed = placedIn(blocksOf(where)).filter(({ element }) => types.includes(element.type));
  const reads = (one: Placed) =>
    one.element.type === 'button'
      ? [one.element.text?.text, one.element.action_id]
      : [one.label, labelIn(one.element), one.element.action_id];
  const found = placed.filter((one) => reads(one).includes(wanted));
  if (found.length > 0) return found;
  const there = placed.map((one) => `“${reads(one).find(Boolean)}”`).join(', ') || 'none';
  throw new Error(`No ${types.join(' or ')} “${wanted}” here; there are: ${there}`);
}

const labelIn = ({ type, placeholder }: Element) =>
  type === 'overflow' ? MORE_ACTIONS : placeholder?.text;

const blocksOf = (where: Shown): Block[] =>
  where.kind === 'message' ? where.blocks : where.view.blocks;

/** A select in an input block sends nothing unless the app sets `dispatch_action`. */
export const dispatches = ({ block }: Placed) =>
  block.type !== 'input' || block.dispatch_action === true;

export function offered({ options, option_groups }: Element): Choice[] {
  return options ?? (option_groups ?? []).flatMap((group) => group.options);
}

function interactive(element: unknown): element is Element {
  return element !== undefined && (element as Element).type !== 'image';
}
