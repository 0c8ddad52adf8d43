import { isTooLongToPost } from './block-kit/letters.ts';
import { createChannelLimits } from './channel-limits.ts';
import { createDestinations } from './destinations.ts';
import type { Floor, Method, Params } from './floor.ts';
import type { Message } from './types.ts';

/** https://docs.slack.dev/reference/methods/chat.update */
const LONGEST_UPDATE = 4000;

/** chat.* and conversations.open: https://docs.slack.dev/reference/methods/chat.postMessage */
export function chatMethods(floor: Floor): Record<string, Method> {
  const { bot, people, messages, contents, clock } = floor;
  const { direct, channelOf } = createDestinations(floor);

  const limits = createChannelLimits(clock);

  const contentOf = (params: Params, longest?: number) => {
    const content = contents.read(params, longest);
    if (!('error' in content)) return content;
    return { error: content.error, response_metadata: { messages: content.messages ?? [] } };
  };

  const wire = ({ ts, text, blocks }: Message) => ({
    type: 'message',
    user: bot.userId,
    bot_id: bot.botId,
    ts,
    text,
    blocks,
  });

  return {
    'chat.postMessage': (params) => {
      const channel = channelOf(params.channel);
      if (typeof channel === 'string') return { error: channel };
      const retryAfter = limits.tooMany(channel.id);
      if (retryAfter) return { error: 'ratelimited', retryAfter };
      const content = contentOf(params);
      if ('error' in content) return content;
      if (isTooLongToPost(content.blocks)) return { error: 'msg_blocks_too_long' };
      const message = messages.post({ channel: channel.id, ...content });
      return { channel: channel.id, ts: message.ts, message: wire(message) };
    },

    'chat.postEphemeral': (params) => {
      const channel = channelOf(params.channel);
      if (typeof channel === 'string') return { error: channel };
      const to = String(params.user);
      if (!channel.members.includes(to)) return { error: 'user_not_in_channel' };
      const content = contentOf(params);
      if ('error' in content) return content;
      return { message_ts: messages.post({ channel: channel.id, to, ...content }).ts };
    },

    'chat.update': (params) => {
      const message = messages.find(params.channel, params.ts);
      if (!message) return { error: 'message_not_found' };
      const content = contentOf(params, LONGEST_UPDATE);
      if ('error' in content) return content;
      messages.replace(message, content);
      const { channel, ts, text } = message;
      return { channel, ts, text, message: wire(message) };
    },

    'chat.delete': ({ channel, ts }) => {
      const message = messages.find(channel, ts);
      if (!message) return { error: 'message_not_found' };
      messages.remove(message);
      return { channel, ts };
    },

    'conversations.open': ({ users }) => {
      const [user = '', ...others] = String(users ?? '').split(',');
      if (others.length > 0) return { error: 'too_many_users' };
      if (!people.some(({ id }) => id === user)) return { error: 'user_not_found' };
      return { channel: { id: direct(user).id } };
    },
  };
}
