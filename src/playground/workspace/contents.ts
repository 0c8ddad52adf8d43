import type { Content } from './messages.ts';
import { validate } from './validate.ts';

/** https://docs.slack.dev/reference/methods/chat.postMessage */
const LONGEST_TEXT = 40_000;

/** What a message may hold. New types of blocks reach workspaces one after the other. */
export function createContents() {
  const unknown = new Set<string>();

  function complaintsOf(blocks: unknown): string[] {
    const complaints = validate(blocks, 'message');
    if (complaints.length > 0) return complaints;
    return (blocks as Content['blocks']).flatMap(({ type }, index) =>
      unknown.has(type) ? [`blocks/${index}: unsupported type: ${type}`] : [],
    );
  }

  return {
    refuse(type: string, refused = true): void {
      if (refused) unknown.add(type);
      else unknown.delete(type);
    },

    /** The text and blocks of a message, or why Slack would not show them. */
    read(wanted: Record<string, unknown>): Content | { error: string; messages?: string[] } {
      const { text = '', blocks = [] } = wanted as Partial<Content>;
      if (typeof text !== 'string') return { error: 'no_text' };
      if (text.length > LONGEST_TEXT) return { error: 'msg_too_long' };
      const complaints = complaintsOf(blocks);
      if (complaints.length > 0) return { error: 'invalid_blocks', messages: complaints };
      if (text === '' && blocks.length === 0) return { error: 'no_text' };
      return { text, blocks };
    },
  };
}

export type Contents = ReturnType<typeof createContents>;
