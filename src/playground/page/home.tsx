import type { ReactNode } from 'react';
import type { PageView } from '../page-protocol.ts';
import type { Act } from './act.ts';
import { Blocks } from './blocks.tsx';
import type { World } from './connection.ts';
import type { Theme } from './theme.ts';

type Props = {
  head: ReactNode;
  world: World;
  view: PageView | undefined;
  act: Act;
  theme: Theme;
};

/** The app's Home tab, if it has published one yet. */
export function Home({ head, world, view, act, theme }: Props) {
  return (
    <>
      {head}
      <div className="messages">
        {view ? (
          <Blocks
            blocks={view.view.blocks}
            inputs={view.inputs}
            filled={{}}
            errors={{}}
            world={world}
            theme={theme}
            on={{
              fill: () => {},
              press: (action) => act({ does: 'presses', where: view.id, action, filled: {} }),
              choose: (action, option) =>
                act({ does: 'chooses', where: view.id, action, option, filled: {} }),
            }}
          />
        ) : (
          <p className="empty">
            The app has not published a Home tab. Its form opens with <code>/securid</code> in a
            channel.
          </p>
        )}
      </div>
    </>
  );
}
