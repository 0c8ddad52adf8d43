import type { Floor, Method } from './floor.ts';
import type { SlackChannel } from './types.ts';

/** What can be read about channels: https://docs.slack.dev/reference/methods/conversations.info */
export function channelMethods(floor: Floor): Record<string, Method> {
  const { bot, channels, messages, scopes } = floor;

  const isIn = ({ members }: SlackChannel) => members.includes(bot.userId);
  /** Private ones that the bot is not in do not exist for it. */
  const seen = (id: unknown) =>
    channels.find((one) => one.id === id && (isIn(one) || !(one.isPrivate || one.kind === 'im')));

  return {
    'conversations.info': ({ channel: id }) => {
      const channel = seen(id);
      const needed = channel?.isPrivate ? 'groups:read' : 'channels:read';
      if (!channel) return { error: 'channel_not_found' };
      if (!scopes.includes(needed)) return { error: 'missing_scope', needed };
      return {
        channel: {
          id: channel.id,
          name: channel.name,
          is_channel: channel.kind === 'channel',
          is_private: channel.isPrivate ?? false,
          is_archived: channel.isArchived ?? false,
          is_member: isIn(channel),
          is_shared: Boolean(channel.isExtShared || channel.isOrgShared),
          is_ext_shared: channel.isExtShared ?? false,
          is_pending_ext_shared: channel.isPendingExtShared ?? false,
          is_org_shared: channel.isOrgShared ?? false,
        },
      };
    },

    'chat.getPermalink': ({ channel: id, message_ts }) => {
      const channel = seen(id);
      if (!channel) return { error: 'channel_not_found' };
      const message = messages.find(id, message_ts);
      return message
        ? {
            channel: channel.id,
            permalink: `https://${floor.team.domain}.slack.com/archives/${id}`,
          }
        : { error: 'message_not_found' };
    },
  };
}
