import type { Clock } from '../../clock.ts';
import { withIds } from './elements.ts';
import { inputsOf } from './inputs.ts';
import type { Shown, View, ViewDefinition, WorkspaceOptions } from './types.ts';

/** https://docs.slack.dev/surfaces/modals: up to three views of an app on top of each other. */
const HIGHEST_STACK = 3;

type Hears = (view: View) => void;

export function createViews(
  { clock, team, bot }: { clock: Clock } & Pick<WorkspaceOptions, 'team' | 'bot'>,
  appId: string,
  changed: (shown: Shown) => void,
) {
  const stacks = new Map<string, View[]>();
  const homes = new Map<string, View>();
  const followers = new Map<View, Hears>();
  const homeFollowers = new Map<string, Hears>();
  let count = 0;

  const stackOf = (user: string) => stacks.get(user) ?? [];
  const hash = () => `${Math.floor(clock.now() / 1000)}.${(++count).toString(36).padStart(8, '0')}`;

  const create = (user: string, view: ViewDefinition): View => ({
    kind: 'view',
    hash: hash(),
    id: `V${String(count).padStart(10, '0')}`,
    user,
    view,
    closed: false,
    inputs: inputsOf(view.blocks),
  });

  const close = (views: View[]) => {
    for (const view of views) {
      view.closed = true;
      changed(view);
    }
  };

  return {
    stackOf,
    top: (user: string) => stackOf(user).at(-1),
    home: (user: string) => homes.get(user),
    full: (user: string) => stackOf(user).length >= HIGHEST_STACK,
    /** From now on, `hears` is called when the app changes this view. */
    follow: (view: View, hears: Hears) =>
      view.view.type === 'home' ? homeFollowers.set(view.user, hears) : followers.set(view, hears),
    followHome: (user: string, hears: Hears) => homeFollowers.set(user, hears),
    tell: (view: View) =>
      (view.view.type === 'home' ? homeFollowers.get(view.user) : followers.get(view))?.(view),

    open(user: string, definition: ViewDefinition): View {
      close(stackOf(user));
      const view = create(user, definition);
      stacks.set(user, [view]);
      changed(view);
      return view;
    },
    push(user: string, definition: ViewDefinition): View {
      const view = create(user, definition);
      stacks.set(user, [...stackOf(user), view]);
      changed(view);
      return view;
    },
    update(view: View, definition: ViewDefinition): void {
      view.view = definition;
      view.hash = hash();
      view.inputs = inputsOf(definition.blocks, view.inputs);
      changed(view);
    },
    publish(user: string, definition: ViewDefinition): View {
      const home = homes.get(user) ?? create(user, definition);
      homes.set(user, home);
      this.update(home, definition);
      return home;
    },
    close(view: View): void {
      stacks.set(
        view.user,
        stackOf(view.user).filter((one) => one !== view),
      );
      close([view]);
    },
    clear(user: string): void {
      const open = stackOf(user);
      stacks.set(user, []);
      close(open);
    },
    find({ view_id, external_id }: { view_id?: unknown; external_id?: unknown }) {
      const open = [...[...stacks.values()].flat(), ...homes.values()];
      return open.find((one) =>
        view_id ? one.id === view_id : !!external_id && one.view.external_id === external_id,
      );
    },
    /** The view as Slack sends it to the app. */
    wire(view: View) {
      const stack = stackOf(view.user);
      const { title, submit, close, ...rest } = view.view;
      return {
        id: view.id,
        team_id: team.id,
        app_id: appId,
        bot_id: bot.botId,
        app_installed_team_id: team.isOrgWide ? team.enterpriseId : team.id,
        root_view_id: stack[0]?.id ?? view.id,
        previous_view_id: stack[stack.indexOf(view) - 1]?.id ?? null,
        hash: view.hash,
        private_metadata: '',
        callback_id: '',
        external_id: '',
        clear_on_close: false,
        notify_on_close: false,
        ...rest,
        title: title ?? null,
        submit: submit ?? null,
        close: close ?? null,
        blocks: withIds(view.view.blocks),
        state: { values: structuredClone(view.inputs) },
      };
    },
  };
}

export type Views = ReturnType<typeof createViews>;
