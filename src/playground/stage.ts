import * as company from './company.ts';
import type {
  Filled,
  Interaction,
  InteractionResult,
  PageEvent,
  PageMessage,
  PageView,
  PageViews,
  Persona,
  TenantMode,
  TenantState,
  Welcome,
} from './page-protocol.ts';
import { checkCommand, slashCommands } from './slash-commands.ts';
import type { Playground } from './start.ts';
import type { TenantRequest } from './tenant/index.ts';
import { createTraces } from './traces.ts';
import {
  type Acknowledgement,
  dispatches,
  type Exchange,
  find as findPlaced,
  type Message,
  type Person,
  type Shown,
  type View,
} from './workspace/index.ts';

export type Stage = {
  welcome(): Welcome;
  /** Called with every change on anybody's screen. */
  watch(listener: (event: PageEvent) => void): () => void;
  act(interaction: Interaction): Promise<InteractionResult>;
  setMode(mode: TenantMode): void;
};

const PERSONAS: Persona[] = [
  { id: company.JONAS, name: 'jonas', realName: 'Jonas Weber', role: 'help-desk agent' },
  { id: company.MIRA, name: 'mira', realName: 'Mira Novak', role: 'manager, approver' },
  { id: company.ALAN, name: 'alan', realName: 'Alan Mertens', role: 'employee, no role' },
  { id: company.SANA, name: 'sana', realName: 'Sana Idris', role: 'security officer, approver' },
  { id: company.EDDA, name: 'edda', realName: 'Edda Frost', role: 'CFO, protected' },
  { id: company.GUEST, name: 'gil', realName: 'Gil Rivers', role: 'guest' },
  { id: company.NOBODY, name: 'nora', realName: 'Nora Brandt', role: 'no role' },
];

/** Requests with these methods change the tenant's records. */
const CHANGES = new Set(['PUT', 'PATCH', 'DELETE']);

/** So does whatever lets them follow the directory. */
const changesRecords = ({ method, route, body }: TenantRequest) =>
  CHANGES.has(method) ||
  route.endsWith('/sync') ||
  JSON.stringify(body ?? {}).includes('searchUnsynched');

/** The playground as the page sees it: each person's screen, and what a person does there. */
export function createStage(playground: Playground): Stage {
  const { workspace, tenant } = playground;
  const listeners = new Set<(event: PageEvent) => void>();
  const tell = (event: PageEvent) => {
    for (const listener of listeners) listener(event);
  };
  const traces = createTraces(playground, (trace) => tell({ kind: 'trace', trace }));
  const commands = slashCommands();
  const homes = new Map<string, View>();
  let mode: TenantMode = 'normal';
  let toldChannels = workspace.channels.length;

  workspace.watch((shown) => {
    if (shown.kind === 'message') return tellMessage(shown);
    if (shown.view.type === 'home') homes.set(shown.user, shown);
    tell({ kind: 'views', views: viewsOf(shown.user) });
  });

  tenant.watch((request) => {
    if (request.endedAt !== undefined && changesRecords(request))
      tell({ kind: 'tenant', tenant: tenantState() });
  });

  function tellMessage(message: Message): void {
    // A direct message with the bot exists from the bot's first message on.
    if (workspace.channels.length > toldChannels) {
      toldChannels = workspace.channels.length;
      tell({ kind: 'channels', channels: workspace.channels });
    }
    tell({ kind: 'message', message: pageMessage(message) });
  }

  const viewsOf = (user: string): PageViews => ({
    user,
    modal: pageView(workspace.person(user).view()),
    home: pageView(homes.get(user)),
  });

  const tenantState = (): TenantState => ({
    mode,
    users: tenant.records.users,
    devices: tenant.records.devices,
    tokens: tenant.records.tokens,
    fidoTokens: tenant.records.fidoTokens,
  });

  function find(person: Person, where: string): Shown {
    const message = workspace.messages.find(({ ts, deleted }) => ts === where && !deleted);
    const views = [person.view(), ...homes.values()];
    const found = message ?? views.find((view) => view?.id === where);
    if (found) return found;
    throw new Error('That is not on the screen any more.');
  }

  /** Enters what was typed, which Slack's client keeps until something is sent. */
  function enter(person: Person, where: Shown, filled: Filled): void {
    for (const [action, text] of Object.entries(filled)) person.fills(where, action, text);
  }

  async function act(interaction: Interaction): Promise<InteractionResult> {
    const person = workspace.person(interaction.as);
    const follow = <T extends { acknowledged: Acknowledgement }>(
      what: string,
      does: () => Promise<T>,
    ) => traces.follow(interaction.as, what, does);

    switch (interaction.does) {
      case 'types': {
        checkCommand(commands, interaction.text);
        const { text, channel } = interaction;
        await follow(shortened(text), () => person.types(text, { channel }));
        return {};
      }
      case 'presses': {
        const where = find(person, interaction.where);
        enter(person, where, interaction.filled);
        const { action } = interaction;
        return problemOf(await follow(`presses ${action}`, () => person.presses(where, action)));
      }
      case 'chooses': {
        const where = find(person, interaction.where);
        enter(person, where, interaction.filled);
        const { action, option } = interaction;
        // Most choices stay in Slack's client until a button is pressed.
        const choose = () => person.chooses(where, action, option);
        if (tells(where, action)) {
          const chosen = `chooses ${option} in ${action}`;
          return problemOf(await follow(chosen, choose as () => Promise<Exchange>));
        }
        await choose();
        if (where.kind === 'view') tell({ kind: 'views', views: viewsOf(where.user) });
        else tellMessage(where);
        return {};
      }
      case 'submits': {
        const where = find(person, interaction.where);
        if (where.kind !== 'view') throw new Error('Only a form can be submitted.');
        enter(person, where, interaction.filled);
        const done = await follow('submits the form', () => person.submits(where));
        return done.errors ? { errors: done.errors } : problemOf(done);
      }
      case 'closes': {
        const where = find(person, interaction.where);
        if (where.kind === 'view') person.closes(where);
        return {};
      }
      case 'opens home': {
        await follow('opens the Home tab', () => person.opensHome());
        return {};
      }
    }
  }

  return {
    welcome: () => ({
      personas: PERSONAS,
      people: workspace.people,
      groups: workspace.groups,
      channels: workspace.channels,
      bot: company.BOT.userId,
      commands,
      // As in Slack, a reload removes ephemeral messages.
      messages: workspace.messages.filter(({ to, deleted }) => !to && !deleted).map(pageMessage),
      views: PERSONAS.map(({ id }) => viewsOf(id)),
      tenant: tenantState(),
    }),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async act(interaction) {
      try {
        return await act(interaction);
      } catch (error) {
        return { problem: error instanceof Error ? error.message : String(error) };
      }
    },
    setMode(next) {
      mode = next;
      applyMode(playground, next);
      tell({ kind: 'tenant', tenant: tenantState() });
    },
  };
}

function applyMode({ tenant }: Playground, mode: TenantMode): void {
  const gatewayPage = { status: 503, body: '<html><h1>503 Service Unavailable</h1></html>' };
  tenant.rateLimit(mode === 'limited' ? { perSecond: 0.2, burst: 1 } : undefined);
  tenant.setAlways({ failing: gatewayPage, hanging: 'hang' as const }[mode as string]);
  tenant.setDelay(mode === 'slow' ? 3000 : 0);
  tenant.setKeyRefused(mode === 'refusing');
}

const problemOf = ({ warning }: { warning?: string }): InteractionResult =>
  warning ? { problem: warning } : {};

/** The choices that the page can make. */
const CHOICES = ['static_select', 'users_select', 'radio_buttons', 'checkboxes', 'overflow'];

const tells = (where: Shown, action: string) => findPlaced(where, action, CHOICES).some(dispatches);

const pageMessage = (message: Message): PageMessage => ({ ...message });

const pageView = (view: View | undefined): PageView | null =>
  view ? { id: view.id, user: view.user, view: view.view, inputs: view.inputs } : null;

const shortened = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
