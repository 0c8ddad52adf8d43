import { useEffect, useState } from 'react';
import type { Interaction, InteractionResult } from '../page-protocol.ts';
import { Channel } from './channel.tsx';
import { interact, useWorld, type World } from './connection.ts';
import { Happened } from './happened.tsx';
import { Home } from './home.tsx';
import { Modal } from './modal.tsx';
import { Sidebar } from './sidebar.tsx';
import { TenantPanel } from './tenant-panel.tsx';

export type Theme = 'light' | 'dark';

/** Does something as whoever one is now. */
export type Act = (
  interaction: Interaction extends infer I
    ? I extends Interaction
      ? Omit<I, 'as'>
      : never
    : never,
) => Promise<InteractionResult>;

export const HOME = 'home';

export function Page() {
  const world = useWorld();
  return world ? <Workspace world={world} /> : <p className="waiting">One moment…</p>;
}

function Workspace({ world }: { world: World }) {
  const { welcome } = world;
  const [me, setMe] = useState(welcome.personas[0]?.id ?? '');
  const [place, setPlace] = useState(welcome.channels[0]?.id ?? '');
  const [theme, setTheme] = useTheme();
  const [problem, setProblem] = useState<string>();

  const channels = welcome.channels.filter(({ members }) => members.includes(me));
  const channel = channels.find(({ id }) => id === place);
  const views = welcome.views.find(({ user }) => user === me);

  const trouble = world.connected ? problem : 'The playground has stopped. Start it again.';

  const act = (async (what) => {
    setProblem(undefined);
    const result = await interact({ ...what, as: me } as Interaction);
    setProblem(result.problem);
    return result;
  }) as Act;

  function become(id: string): void {
    setMe(id);
    const mine = welcome.channels.filter(({ members }) => members.includes(id));
    if (!mine.some((one) => one.id === place)) setPlace(mine[0]?.id ?? '');
  }

  return (
    <div className="page" data-theme={theme}>
      <Sidebar
        personas={welcome.personas}
        me={me}
        onMe={become}
        channels={channels}
        place={place}
        onPlace={(id) => {
          setPlace(id);
          if (id === HOME) void act({ does: 'opens home' });
        }}
        theme={theme}
        onTheme={setTheme}
      />
      <main className="main">
        {channel ? (
          <Channel
            key={channel.id}
            world={world}
            channel={channel}
            me={me}
            act={act}
            theme={theme}
          />
        ) : (
          <Home world={world} view={views?.home ?? undefined} act={act} theme={theme} />
        )}
        <p className="problem" role="alert">
          {trouble}
        </p>
      </main>
      <aside className="side" aria-label="Behind the scenes">
        <Happened traces={world.traces} personas={welcome.personas} />
        <TenantPanel tenant={welcome.tenant} />
      </aside>
      {views?.modal && (
        <Modal
          key={views.modal.id}
          view={views.modal}
          world={world}
          act={act}
          theme={theme}
          problem={trouble}
        />
      )}
    </div>
  );
}

/** The system's choice until one is made, for this page alone. */
function useTheme(): [Theme, (theme: Theme) => void] {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const [theme, setTheme] = useState<Theme>(dark.matches ? 'dark' : 'light');
  useEffect(() => {
    const follow = () => setTheme(dark.matches ? 'dark' : 'light');
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [dark]);
  return [theme, setTheme];
}
