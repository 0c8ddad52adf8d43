import type { Block, Message } from './blocks.ts';

/**
 * Slack's errors for blocks that it does not show. Which of the first two it is varies; the last comes only
 * from chat.postMessage.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
export const BLOCKS_REFUSED = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'];

/**
 * Sends a message; if Slack refuses its blocks, tries its fallbacks one after the other.
 * @param send returns what Slack said
 * @returns what Slack said last, and whether the blocks it took were those of the message
 */
export async function sendWithFallback(
  { blocks, fallback }: Pick<Message, 'blocks' | 'fallback'>,
  send: (blocks: Block[]) => Promise<string>,
): Promise<{ said: string; asItIs: boolean }> {
  let said = await send(blocks);
  let next = fallback;
  const isRefused = () => BLOCKS_REFUSED.some((code) => said.includes(code));
  for (; next && isRefused(); next = next.fallback) {
    said = await send(next.blocks);
  }
  return { said, asItIs: next === fallback };
}
