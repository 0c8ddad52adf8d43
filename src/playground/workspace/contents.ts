import { withChildren } from './elements.ts';
import type { Content } from './messages.ts';
import type { Block, BlocksRefusal } from './types.ts';
import { validate } from './validate.ts';

/** https://docs.slack.dev/reference/methods/chat.postMessage */
const LONGEST_TEXT = 40_000;

type Refused = { error: string; messages?: string[] };

/** What a message may contain. Slack rolls out new block types workspace by workspace. */
export function createContents() {
  const unknown = new Map<string, BlocksRefusal>();

  const unknownIn = (block: Block | undefined) =>
    withChildren(block ? [block] : []).find(({ type }) => unknown.has(type))?.type;

  function refusalOf(blocks: unknown): Refused | undefined {
    if (!isListOfObjects(blocks)) return { error: 'invalid_blocks_format' };
    const complaints = validate(blocks, 'message');
    if (complaints.length > 0) return { error: 'invalid_blocks', messages: complaints };
    const index = blocks.findIndex((block) => unknownIn(block) !== undefined);
    const type = unknownIn(blocks[index]);
    if (type === undefined) return undefined;
    if (unknown.get(type) === 'invalid_blocks_format') return { error: 'invalid_blocks_format' };
    return { error: 'invalid_blocks', messages: [`blocks/${index}: unsupported type: ${type}`] };
  }

  return {
    refuse(type: string, refused: boolean | BlocksRefusal = true): void {
      if (refused) unknown.set(type, refused === true ? 'invalid_blocks' : refused);
      else unknown.delete(type);
    },

    /** A message's text and blocks, or Slack's error about them. */
    read(wanted: Record<string, unknown>, longest = LONGEST_TEXT): Content | Refused {
      const { text = '', blocks = [] } = wanted as Partial<Content>;
      if (typeof text !== 'string') return { error: 'no_text' };
      if (text.length > longest) return { error: 'msg_too_long' };
      const refusal = refusalOf(blocks);
      if (refusal) return refusal;
      if (text === '' && blocks.length === 0) return { error: 'no_text' };
      return { text, blocks };
    },
  };
}

const isListOfObjects = (blocks: unknown): blocks is Content['blocks'] =>
  Array.isArray(blocks) &&
  blocks.every((block) => block instanceof Object && !Array.isArray(block));

export type Contents = ReturnType<typeof createContents>;
