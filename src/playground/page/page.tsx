import { useState } from 'react';
import type { Interaction } from '../page-protocol.ts';
import type { SlackChannel } from '../workspace/index.ts';
import type { Act } from './act.ts';
import { AppHead, HOME } from './app-head.tsx';
import { Channel } from './channel.tsx';
import { interact, useWorld, type World } from './connection.ts';
import { Happened } from './happened.tsx';
import { Home } from './home.tsx';
import { Modal } from './modal.tsx';
import { Sidebar } from './sidebar.tsx';
import { TenantPanel } from './tenant-panel.tsx';
import { useTheme } from './theme.ts';
import { useUnread } from './unread.ts';

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

  const unreadOf = useUnread(world, me, place);
  const channelsOf = (who: string) =>
    welcome.channels.filter(({ members }) => members.includes(who));
  const channel = channelsOf(me).find(({ id }) => id === place);
  const withBot = channelsOf(me).find(
    ({ kind, members }) => kind === 'im' && members.includes(welcome.bot),
  );
  const views = welcome.views.find(({ user }) => user === me);

  const trouble = world.connected ? problem : 'The playground has stopped. Start it again.';

  const actAs = (who: string) =>
    (async (what) => {
      setProblem(undefined);
      const result = await interact({ ...what, as: who } as Interaction);
      setProblem(result.problem);
      return result;
    }) as Act;
  const act = actAs(me);

  function go(id: string, who = me): void {
    setPlace(id);
    if (id === HOME) void actAs(who)({ does: 'opens home' });
  }

  /** Stays in the same place if the new person has it, or goes to one with something unread. */
  function become(id: string): void {
    setMe(id);
    const theirs = channelsOf(id);
    if (theirs.some((one) => one.id === place)) return;
    const first = theirs.find((one) => unreadOf(id, one).any) ?? theirs[0];
    go(first?.id ?? HOME, id);
  }

  const appHead = <AppHead place={place} onPlace={go} messages={withBot?.id} />;

  return (
    <div className="page" data-theme={theme}>
      <Sidebar
        personas={welcome.personas}
        me={me}
        onMe={become}
        people={welcome.people}
        channels={welcome.channels}
        unreadOf={unreadOf}
        bot={welcome.bot}
        place={place}
        onPlace={go}
        theme={theme}
        onTheme={setTheme}
      />
      <main className="main">
        {channel ? (
          <Channel
            key={channel.id}
            head={channel === withBot ? appHead : <ChannelHead channel={channel} />}
            world={world}
            channel={channel}
            me={me}
            act={act}
            theme={theme}
          />
        ) : (
          <Home
            head={appHead}
            world={world}
            view={views?.home ?? undefined}
            act={act}
            theme={theme}
          />
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

function ChannelHead({ channel: { kind, name, members } }: { channel: SlackChannel }) {
  return (
    <header className="channel-head">
      <h2>{kind === 'im' ? 'Direct message' : `# ${name}`}</h2>
      <span>{members.length} members</span>
    </header>
  );
}
