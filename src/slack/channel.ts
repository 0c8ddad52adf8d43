import type { webApi } from '@slack/bolt';
import type { Message } from './blocks.ts';

/** Where a message of the bot stands. */
export type Posted = { channel: string; ts: string };

/** Messages of the bot itself. Slack's failures are thrown as they come. */
export type Channels = {
  /**
   * @param channelId a channel that the bot is in, or a user id: then it is a direct message
   * @see https://docs.slack.dev/reference/methods/chat.postMessage
   */
  post(channelId: string, message: Message): Promise<Posted>;
  update(posted: Posted, message: Message): Promise<void>;
};

/** @param client one that sends nothing twice: a message that timed out may have arrived */
export const createChannels = (client: webApi.WebClient): Channels => ({
  async post(channel, { text, blocks }) {
    const answer = await client.chat.postMessage({ channel, text, blocks, unfurl_links: false });
    return { channel: answer.channel ?? channel, ts: answer.ts ?? '' };
  },
  async update({ channel, ts }, { text, blocks }) {
    await client.chat.update({ channel, ts, text, blocks });
  },
});
