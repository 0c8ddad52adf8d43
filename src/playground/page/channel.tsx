import { type ReactNode, useEffect, useRef } from 'react';
import type { SlackChannel } from '../workspace/index.ts';
import type { Act } from './act.ts';
import { Composer } from './composer.tsx';
import type { World } from './connection.ts';
import { MessageRow } from './message-row.tsx';
import type { Theme } from './theme.ts';
import { sees } from './unread.ts';

type Props = {
  head: ReactNode;
  world: World;
  channel: SlackChannel;
  me: string;
  act: Act;
  theme: Theme;
};

export function Channel({ head, world, channel, me, act, theme }: Props) {
  const seen = world.messages.filter((message) => sees(me, channel, message));
  const list = useRef<HTMLOListElement>(null);
  const count = seen.length;
  const latest = seen.toSorted((a, b) => a.arrived - b.arrived).at(-1);
  const { ts, arrived } = latest ?? {};
  const isLast = ts === seen.at(-1)?.ts;
  // Shows the latest arrival, even if it replaced an older message.
  useEffect(() => {
    if (arrived === undefined) return;
    if (isLast) list.current?.scrollTo({ top: list.current.scrollHeight });
    else list.current?.querySelector(`[data-ts="${ts}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [ts, arrived, isLast]);

  return (
    <>
      {head}
      <ol className="messages" aria-label="Messages" aria-live="polite" ref={list}>
        {count === 0 && <Empty />}
        {seen.map((message) => (
          <MessageRow key={message.ts} message={message} world={world} act={act} theme={theme} />
        ))}
      </ol>
      {channel.kind === 'im' && channel.members.includes(world.welcome.bot) ? (
        // What Slack shows for `messages_tab_read_only_enabled`.
        <p className="read-only">Sending messages to this app has been turned off.</p>
      ) : (
        <Composer
          commands={world.welcome.commands}
          place={channel.kind === 'im' ? 'this conversation' : `#${channel.name}`}
          send={(text) => act({ does: 'types', text, channel: channel.id })}
        />
      )}
    </>
  );
}

const Empty = () => (
  <li className="empty">
    <p>Nothing here yet. Five things to try:</p>
    <ul>
      <li>
        <code>/securid authenticators grace@acme.test</code>
      </li>
      <li>
        <code>/securid code alan@acme.test ios</code>
      </li>
      <li>
        <code>/securid unlock noor@acme.test</code>
      </li>
      <li>
        <code>/securid code edda@acme.test ios</code>, which Mira Novak has to approve
      </li>
      <li>
        as Mira Novak, <code>/securid license</code>
      </li>
    </ul>
  </li>
);
