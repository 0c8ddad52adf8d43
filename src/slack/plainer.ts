import type { Block, Message } from './blocks.ts';

/**
 * Sends a message as it is; where Slack answers `invalid_blocks`, with the plainer blocks that it
 * brings, one after the other.
 * @param send answers what Slack said
 * @returns what Slack said last, and whether the blocks it took were those of the message
 */
export async function sendPlainer(
  { blocks, fallback }: Pick<Message, 'blocks' | 'fallback'>,
  send: (blocks: Block[]) => Promise<string>,
): Promise<{ said: string; asItIs: boolean }> {
  let said = await send(blocks);
  let next = fallback;
  for (; next && said.includes('invalid_blocks'); next = next.fallback) {
    said = await send(next.blocks);
  }
  return { said, asItIs: next === fallback };
}
