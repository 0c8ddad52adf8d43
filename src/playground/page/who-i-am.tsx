import type { Persona } from '../page-protocol.ts';
import { Badge } from './badge.tsx';
import type { Unread } from './unread.ts';

type Props = {
  personas: Persona[];
  me: string;
  onMe: (id: string) => void;
  unreadOf: (who: string) => Unread;
};

/** The people whose place one can take, and who of them has unread messages. */
export function WhoIAm({ personas, me, onMe, unreadOf }: Props) {
  return (
    <fieldset className="personas">
      <legend>Who I am</legend>
      {personas.map(({ id, realName, role }) => (
        <label key={id} className="persona">
          <input type="radio" name="persona" checked={id === me} onChange={() => onMe(id)} />
          <span className="who">
            <strong>{realName}</strong> <small>{role}</small>
          </span>
          <Badge unread={unreadOf(id)} />
        </label>
      ))}
    </fieldset>
  );
}
