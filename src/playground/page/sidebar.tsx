import type { Persona } from '../page-protocol.ts';
import type { SlackChannel } from '../workspace/index.ts';
import { HOME, type Theme } from './page.tsx';

type Props = {
  personas: Persona[];
  me: string;
  onMe: (id: string) => void;
  channels: SlackChannel[];
  place: string;
  onPlace: (id: string) => void;
  theme: Theme;
  onTheme: (theme: Theme) => void;
};

export function Sidebar({ personas, me, onMe, channels, place, onPlace, theme, onTheme }: Props) {
  const rooms = channels.filter(({ kind }) => kind === 'channel');
  const messages = channels.filter(({ kind }) => kind === 'im');
  const entry = (id: string, name: string) => (
    <li key={id}>
      <button
        type="button"
        className="place"
        aria-current={place === id ? 'page' : undefined}
        onClick={() => onPlace(id)}
      >
        {name}
      </button>
    </li>
  );

  return (
    <nav className="sidebar" aria-label="Workspace">
      <h1>Acme</h1>
      <label className="persona">
        Who I am
        <select value={me} onChange={({ target }) => onMe(target.value)}>
          {personas.map(({ id, realName, role }) => (
            <option key={id} value={id}>
              {realName}, {role}
            </option>
          ))}
        </select>
      </label>
      <h2>Channels</h2>
      <ul>{rooms.map(({ id, name }) => entry(id, `# ${name}`))}</ul>
      {messages.length > 0 && <h2>Direct messages</h2>}
      <ul>
        {messages.map(({ id, name, members }) =>
          entry(id, directName(name, members, me, personas)),
        )}
      </ul>
      <h2>Apps</h2>
      <ul>{entry(HOME, 'SecurID Desk')}</ul>
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

/** A direct message is called after the other one. */
function directName(name: string, members: string[], me: string, personas: Persona[]): string {
  const other = members.find((id) => id !== me);
  return personas.find(({ id }) => id === other)?.realName ?? name;
}
