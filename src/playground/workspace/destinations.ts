import type { Floor } from './floor.ts';
import type { SlackChannel } from './types.ts';

export function createDestinations({
  bot,
  people,
  channels,
}: Pick<Floor, 'bot' | 'people' | 'channels'>) {
  const direct = (user: string): SlackChannel => {
    const id = `D${user}`;
    const known = channels.find((one) => one.id === id);
    if (known) return known;
    const opened: SlackChannel = { id, name: id, kind: 'im', members: [bot.userId, user] };
    channels.push(opened);
    return opened;
  };

  return {
    direct,
    /** Where the bot may write. Other people's conversations do not exist for it. */
    channelOf(wanted: unknown): SlackChannel | string {
      const person = people.find(({ id }) => id === wanted);
      if (person) return direct(person.id);
      const found = channels.find(({ id }) => id === wanted);
      if (!found) return 'channel_not_found';
      if (found.members.includes(bot.userId)) return found.isArchived ? 'is_archived' : found;
      return found.kind === 'im' ? 'channel_not_found' : 'not_in_channel';
    },
  };
}
