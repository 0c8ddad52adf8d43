import { useState } from 'react';
import type { Persona } from '../page-protocol.ts';
import type { SlackChannel, SlackPerson } from '../workspace/index.ts';
import { HOME } from './app-head.tsx';
import { Badge } from './badge.tsx';
import type { Theme } from './theme.ts';
import type { Unread, UnreadOf } from './unread.ts';
import { WhoIAm } from './who-i-am.tsx';

type Props = {
  personas: Persona[];
  people: SlackPerson[];
  me: string;
  onMe: (id: string) => void;
  /** Of everybody. */
  channels: SlackChannel[];
  unreadOf: UnreadOf;
  bot: string;
  place: string;
  onPlace: (id: string) => void;
  theme: Theme;
  onTheme: (theme: Theme) => void;
};

export function Sidebar(props: Props) {
  const { personas, people, me, onMe, channels, unreadOf, bot, place, onPlace } = props;
  const { theme, onTheme } = props;
  // On a small screen it is folded, and folds again after a choice.
  const [isOpen, setIsOpen] = useState(false);
  const chosen =
    <T,>(choose: (it: T) => void) =>
    (it: T) => {
      setIsOpen(false);
      choose(it);
    };
  const mine = channels.filter(({ members }) => members.includes(me));
  const rooms = mine.filter(({ kind }) => kind === 'channel');
  const messages = mine.filter(({ kind, members }) => kind === 'im' && !members.includes(bot));
  const withBot = mine.find(({ kind, members }) => kind === 'im' && members.includes(bot));
  const ofApp = withBot ? unreadOf(me, withBot) : NOTHING;
  const goTo = chosen(onPlace);
  const openApp = () => goTo(withBot && ofApp.any ? withBot.id : HOME);
  const here = personas.find(({ id }) => id === me)?.realName;
  const news = together(me, channels, unreadOf);

  const entry = (id: string, name: string, unread: Unread, here: boolean, open: () => void) => (
    <li key={id}>
      <button
        type="button"
        className="place"
        data-unread={unread.any || undefined}
        aria-current={here ? 'page' : undefined}
        onClick={open}
      >
        <span>{name}</span>
        <Badge unread={unread} />
      </button>
    </li>
  );
  const channelEntry = (channel: SlackChannel, name: string) =>
    entry(channel.id, name, unreadOf(me, channel), place === channel.id, () => goTo(channel.id));

  return (
    <nav className="sidebar" aria-label="Workspace" data-open={isOpen || undefined}>
      <h1>Acme</h1>
      <button
        type="button"
        className="fold"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span aria-hidden="true">☰</span> <span className="who">{here}</span>
        {!isOpen && <Badge unread={news} />}
      </button>
      <WhoIAm
        personas={personas}
        me={me}
        onMe={chosen(onMe)}
        unreadOf={(who) => together(who, channels, unreadOf)}
      />
      {rooms.length > 0 && <h2>Channels</h2>}
      <ul>{rooms.map((room) => channelEntry(room, `# ${room.name}`))}</ul>
      {messages.length > 0 && <h2>Direct messages</h2>}
      <ul>{messages.map((message) => channelEntry(message, directName(message, me, people)))}</ul>
      <h2>Apps</h2>
      <ul>
        {entry(HOME, 'SecurID Desk', ofApp, place === HOME || place === withBot?.id, openApp)}
      </ul>
      <button
        type="button"
        className="theme"
        onClick={() => onTheme(theme === 'dark' ? 'light' : 'dark')}
      >
        {theme === 'dark' ? 'Light' : 'Dark'} theme
      </button>
    </nav>
  );
}

const NOTHING: Unread = { any: false, forThem: 0 };

function together(who: string, channels: SlackChannel[], unreadOf: UnreadOf): Unread {
  const all = channels
    .filter(({ members }) => members.includes(who))
    .map((channel) => unreadOf(who, channel));
  return {
    any: all.some(({ any }) => any),
    forThem: all.reduce((sum, { forThem }) => sum + forThem, 0),
  };
}

/** A direct message is named after the other person. */
function directName({ name, members }: SlackChannel, me: string, people: SlackPerson[]): string {
  const other = members.find((id) => id !== me);
  return people.find(({ id }) => id === other)?.realName ?? name;
}
