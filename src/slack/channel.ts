import type { types, webApi } from '@slack/bolt';
import type { Block, Message } from './blocks.ts';
import { isPlatformError } from './people.ts';
import { sendPlainer } from './plainer.ts';

/** Where a message of the bot stands. */
export type Posted = { channel: string; ts: string };

export type ChannelOptions = {
  /** Hears that Slack took plainer blocks than the message's own. */
  onPlainer?: (() => void) | undefined;
};

/** Messages of the bot itself. Slack's failures are thrown as they come. */
export type Channels = {
  /**
   * @param channelId a channel that the bot is in, or a user id: then it is a direct message
   * @see https://docs.slack.dev/reference/methods/chat.postMessage
   */
  post(channelId: string, message: Message, options?: ChannelOptions): Promise<Posted>;
  update(posted: Posted, message: Message): Promise<void>;
  /** Puts a text file into a channel or conversation that the bot is in. */
  upload(channelId: string, file: { name: string; title: string; text: string }): Promise<void>;
};

/** @param client one that sends nothing twice: a message that timed out may have arrived */
export const createChannels = (client: webApi.WebClient): Channels => ({
  async post(channelId, message, { onPlainer } = {}) {
    let posted: Posted = { channel: channelId, ts: '' };
    const { asItIs } = await sendPlainer(message, async (blocks) => {
      const { text } = message;
      const content = { channel: channelId, text, blocks: known(blocks), unfurl_links: false };
      try {
        const { channel = channelId, ts = '' } = await client.chat.postMessage(content);
        posted = { channel, ts };
        return 'ok';
      } catch (error) {
        const isLast = blocks === plainest(message);
        if (!isLast && isPlatformError(error, 'invalid_blocks')) return 'invalid_blocks';
        throw error;
      }
    });
    if (!asItIs) onPlainer?.();
    return posted;
  },
  async update({ channel, ts }, { text, blocks }) {
    await client.chat.update({ channel, ts, text, blocks: known(blocks) });
  },
  async upload(channel_id, { name, title, text }) {
    await client.filesUploadV2({ channel_id, filename: name, title, content: text });
  },
});

/** Slack knows more blocks than its types do. */
const known = (blocks: Block[]) => blocks as types.KnownBlock[];

function plainest({ blocks, fallback }: Pick<Message, 'blocks' | 'fallback'>): Block[] {
  return fallback ? plainest(fallback) : blocks;
}
