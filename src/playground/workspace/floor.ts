import type { Contents } from './contents.ts';
import type { Messages } from './messages.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Triggers } from './triggers.ts';
import type {
  AppSettings,
  Deliver,
  SlackChannel,
  SlackGroup,
  SlackPerson,
  SlackPlan,
  WorkspaceOptions,
} from './types.ts';
import type { Uploads } from './uploads.ts';
import type { Views } from './views.ts';

/** What the workspace consists of, for the parts that work with it. */
export type Floor = Pick<WorkspaceOptions, 'clock' | 'team' | 'bot'> & {
  appId: string;
  people: SlackPerson[];
  groups: SlackGroup[];
  channels: SlackChannel[];
  /** The scopes of the bot's token. */
  scopes: string[];
  settings: AppSettings;
  /** User groups need a paid plan. */
  plan: () => SlackPlan;
  messages: Messages;
  contents: Contents;
  views: Views;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  uploads: Uploads;
  deliver: Deliver;
};

export type Params = Record<string, unknown>;

/** Returns the method's answer; with `error`, it is a refusal. */
export type Method = (params: Params) => Record<string, unknown>;
