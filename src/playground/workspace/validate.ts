import type { z } from 'zod';
import { anyBlock } from './block-kit/blocks.ts';
import { anyView } from './block-kit/views.ts';
import type { Block } from './types.ts';

export type Surface = 'message' | 'modal' | 'home';

const MOST_BLOCKS = { message: 50, modal: 100, home: 100 };

/** https://docs.slack.dev/reference/views */
const LARGEST_VIEW = 250_000;

/** https://docs.slack.dev/reference/block-kit/blocks/markdown-block */
const MOST_MARKDOWN = 12_000;

const MESSAGES_ONLY = ['table', 'data_visualization', 'markdown'];

/** What Slack would complain about; nothing if it would show these blocks. */
export function validate(blocks: unknown, surface: Surface): string[] {
  if (!Array.isArray(blocks)) return ['blocks: must be an array'];
  const shapes = blocks.flatMap((block, index) => complaints(anyBlock, block, `blocks/${index}`));
  if (shapes.length > 0) return shapes;
  return [...counts(blocks, surface), ...names(blocks), ...choices(blocks)];
}

export function validateView(view: unknown): string[] {
  const shape = complaints(anyView, view, 'view');
  if (shape.length > 0) return shape;
  const { type, blocks, submit } = view as { type: 'modal' | 'home'; blocks: []; submit?: unknown };
  const found = validate(blocks, type).map((complaint) => `view/${complaint}`);
  const asks = blocks.some((block: Block) => block.type === 'input');
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
  const found: string[] = [];
  const of = (type: string) => blocks.filter((block) => block.type === type);
  const most = MOST_BLOCKS[surface];

  if (blocks.length > most) found.push(`blocks: no more than ${most} in a ${surface}`);
  if (surface !== 'message') {
    for (const type of MESSAGES_ONLY) {
      if (of(type).length > 0) found.push(`blocks: ${type} is not allowed in a ${surface}`);
    }
  }
  if (of('table').length > 1) found.push('blocks: only_one_table_allowed');
  if (of('data_visualization').length > 2) found.push('blocks: no more than 2 charts a message');
  if (of('markdown').map(textOf).join('').length > MOST_MARKDOWN) {
    found.push(`blocks: no more than ${MOST_MARKDOWN} characters of markdown`);
  }
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

/** What is chosen from the start has to be one of the options, letter by letter. */
function choices(blocks: Block[]): string[] {
  return blocks.flatMap((block, index) => {
    const elements = [block.element, block.accessory, ...((block.elements as unknown[]) ?? [])];
    return elements.flatMap((element) => {
      const { options, option_groups, initial_option, initial_options } = (element ?? {}) as Choice;
      const offered = (options ?? (option_groups ?? []).flatMap((group) => group.options)).map(
        same,
      );
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

const textOf = (block: Block) => String(block.text);

function repeated(ids: (string | undefined)[]): string[] {
  const known = ids.filter((id) => id !== undefined);
  return [...new Set(known.filter((id, index) => known.indexOf(id) !== index))];
}
