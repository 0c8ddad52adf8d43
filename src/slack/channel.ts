import type { webApi } from '@slack/bolt';
import type { Message } from './blocks.ts';

/** Posts to a channel that the bot is in. Slack's failures are thrown as they come. */
export type PostToChannel = (channelId: string, message: Message) => Promise<void>;

export const createPostToChannel =
  (client: webApi.WebClient): PostToChannel =>
  async (channelId, { text, blocks }) => {
    await client.chat.postMessage({ channel: channelId, text, blocks, unfurl_links: false });
  };
