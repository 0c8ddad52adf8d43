import type { PageMessage } from '../page-protocol.ts';
import type { Act } from './act.ts';
import { Blocks } from './blocks.tsx';
import type { World } from './connection.ts';
import { Files } from './files.tsx';
import { useFilled } from './filled.ts';
import type { Theme } from './theme.ts';

type Props = { message: PageMessage; world: World; act: Act; theme: Theme };

export function MessageRow({ message, world, act, theme }: Props) {
  const [filled, fill] = useFilled(message.blocks);
  const where = message.ts;
  return (
    <li
      className="message"
      data-ts={where}
      data-ephemeral={message.to ? true : undefined}
      tabIndex={-1}
    >
      <span className="avatar" aria-hidden="true">
        S
      </span>
      <div className="message-body">
        {message.to && <p className="only-you">Only visible to you</p>}
        <p className="author">
          <strong>SecurID Desk</strong> <span className="app">APP</span>{' '}
          <time>{clockTime(message.ts)}</time>
        </p>
        {message.files && <Files files={message.files} />}
        {message.blocks.length === 0 ? (
          <p>{message.text}</p>
        ) : (
          <Blocks
            blocks={message.blocks}
            inputs={message.inputs}
            filled={filled}
            errors={{}}
            world={world}
            theme={theme}
            on={{
              fill,
              press: (action) => act({ does: 'presses', where, action, filled }),
              choose: (action, option) => act({ does: 'chooses', where, action, option, filled }),
            }}
          />
        )}
      </div>
    </li>
  );
}

const clockTime = (ts: string) =>
  new Date(Number(ts) * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
