import { useEffect, useState } from 'react';
import type { SlackChannel } from '../workspace/index.ts';
import type { Arrived, World } from './connection.ts';

/** What a person has not read, and how much of it is meant for them. */
export type Unread = { any: boolean; forThem: number };

export type UnreadOf = (who: string, channel: SlackChannel) => Unread;

/** Remembers what each person has read, for this page only. What is on the screen counts as read. */
export function useUnread(world: World, me: string, place: string): UnreadOf {
  const { messages, arrivals, welcome } = world;
  const [read, setRead] = useState<Record<string, number>>({});
  useEffect(() => {
    setRead((before) => ({ ...before, [`${me} ${place}`]: arrivals }));
  }, [me, place, arrivals]);

  return (who, channel) => {
    if (who === me && channel.id === place) return { any: false, forThem: 0 };
    const since = read[`${who} ${channel.id}`] ?? 0;
    const unread = messages.filter(
      (message) => message.arrived > since && sees(who, channel, message),
    );
    const groups = welcome.groups.filter(({ users }) => users.includes(who)).map(({ id }) => id);
    const forThem = unread.filter(
      (message) => channel.kind === 'im' || message.to === who || calls(message, groups),
    );
    return { any: unread.length > 0, forThem: forThem.length };
  };
}

/** Whether a person sees this message in that channel. */
export const sees = (who: string, channel: SlackChannel, message: Arrived): boolean =>
  message.channel === channel.id && !message.deleted && (!message.to || message.to === who);

/**
 * A call to act: it names one of these groups, or names none and has a button that asks for confirmation. A
 * person's own name is no call, since the audit channel names people for what they did.
 */
function calls({ blocks }: Arrived, groups: string[]): boolean {
  const text = JSON.stringify(blocks);
  if (text.includes('<!subteam^')) return groups.some((id) => text.includes(`<!subteam^${id}>`));
  const elements = blocks.flatMap((block) => (block.elements ?? []) as { confirm?: object }[]);
  return elements.some(({ confirm }) => confirm !== undefined);
}
