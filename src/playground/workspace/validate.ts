import type { z } from 'zod';
import { anyBlock } from './block-kit/blocks.ts';
import { tooManyLetters } from './block-kit/letters.ts';
import { anyView } from './block-kit/views.ts';
import { withChildren } from './elements.ts';
import type { Block, Surface } from './types.ts';

const MOST_BLOCKS = { message: 50, modal: 100, home: 100 };

/** https://docs.slack.dev/reference/views */
const LARGEST_VIEW = 250_000;

const MESSAGES: Surface[] = ['message'];
const NO_MODALS: Surface[] = ['message', 'home'];

/** Block types that are not allowed everywhere, and where they are. */
const ALLOWED: Record<string, Surface[]> = {
  table: MESSAGES,
  data_table: MESSAGES,
  data_visualization: MESSAGES,
  markdown: MESSAGES,
  context_actions: MESSAGES,
  task_card: MESSAGES,
  plan: MESSAGES,
  card: NO_MODALS,
  carousel: NO_MODALS,
  container: NO_MODALS,
  alert: ['modal'],
};

/** What Slack would complain about; empty if it would show these blocks. */
export function validate(blocks: unknown, surface: Surface): string[] {
  if (!Array.isArray(blocks)) return ['blocks: must be an array'];
  const shapes = blocks.flatMap((block, index) => complaints(anyBlock, block, `blocks/${index}`));
  if (shapes.length > 0) return shapes;
  const all = withChildren(blocks);
  return [
    ...(blocks.length > MOST_BLOCKS[surface]
      ? [`blocks: no more than ${MOST_BLOCKS[surface]} in a ${surface}`]
      : []),
    ...counts(all, surface),
    ...tooManyLetters(all),
    ...names(all),
    ...choices(all),
  ];
}

export function validateView(view: unknown): string[] {
  const shape = complaints(anyView, view, 'view');
  if (shape.length > 0) return shape;
  const { type, blocks, submit } = view as { type: 'modal' | 'home'; blocks: []; submit?: unknown };
  const found = validate(blocks, type).map((complaint) => `view/${complaint}`);
  const asks = withChildren(blocks).some((block) => block.type === 'input');
  if (focused(blocks) > 1) found.push('view/blocks: focus_on_load: only one element can have it');
  if (type === 'modal' && asks && !submit) found.push('view/submit: required with input blocks');
  if (Buffer.byteLength(JSON.stringify(view)) > LARGEST_VIEW) found.push('view: view_too_large');
  return found;
}

function complaints(shape: z.ZodType, value: unknown, at: string): string[] {
  const { error } = shape.safeParse(value);
  if (!error) return [];
  return error.issues.map(({ path, message }) => `${[at, ...path].join('/')}: ${message}`);
}

function counts(blocks: Block[], surface: Surface): string[] {
  const types = blocks.map(({ type }) => type);
  const times = (...wanted: string[]) => types.filter((type) => wanted.includes(type)).length;
  const found = [...new Set(types)]
    .filter((type) => ALLOWED[type]?.includes(surface) === false)
    .map((type) => `blocks: ${type} is not allowed in a ${surface}`);
  if (times('table', 'data_table') > 1) found.push('blocks: only_one_table_allowed');
  if (times('data_visualization') > 2) found.push('blocks: no more than 2 charts a message');
  return found;
}

function names(blocks: Block[]): string[] {
  const found = repeated(blocks.map((block) => block.block_id)).map(
    (id) => `blocks: block_id ${id} appears twice`,
  );
  for (const [index, block] of blocks.entries()) {
    if (block.type !== 'actions') continue;
    const elements = block.elements as { action_id?: string }[];
    for (const id of repeated(elements.map((element) => element.action_id))) {
      found.push(`blocks/${index}/elements: action_id ${id} appears twice`);
    }
  }
  return found;
}

const elementsIn = (block: Block) => [
  block.element,
  block.accessory,
  ...((block.elements as unknown[]) ?? []),
];

/** How many elements ask for the cursor. */
const focused = (blocks: Block[]) =>
  withChildren(blocks)
    .flatMap(elementsIn)
    .filter((element) => (element as { focus_on_load?: boolean } | undefined)?.focus_on_load)
    .length;

/** An initial choice must equal one of the options exactly. */
function choices(blocks: Block[]): string[] {
  return blocks.flatMap((block, index) => {
    return elementsIn(block).flatMap((element) => {
      const { options, option_groups, initial_option, initial_options } = (element ?? {}) as Choice;
      const offered = (options ?? (option_groups ?? []).flatMap((group) => group.options)).map(
        same,
      );
      // An external select asks the app for its options.
      if (!options && !option_groups) return [];
      const initial = [...(initial_options ?? []), ...(initial_option ? [initial_option] : [])];
      return initial
        .filter((option) => !offered.includes(same(option)))
        .map(({ value }) => `blocks/${index}: initial option ${value} is not among the options`);
    });
  });
}

type Option = { value: string; text: { text: string } };
type Choice = {
  options?: Option[];
  option_groups?: { options: Option[] }[];
  initial_option?: Option;
  initial_options?: Option[];
};

const same = ({ value, text }: Option) => JSON.stringify([value, text.text]);

function repeated(ids: (string | undefined)[]): string[] {
  const known = ids.filter((id) => id !== undefined);
  return [...new Set(known.filter((id, index) => known.indexOf(id) !== index))];
}
