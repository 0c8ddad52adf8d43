import type { Contents } from './contents.ts';
import type { Messages } from './messages.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Triggers } from './triggers.ts';
import type {
  Deliver,
  SlackChannel,
  SlackGroup,
  SlackPerson,
  SlackPlan,
  WorkspaceOptions,
} from './types.ts';
import type { Uploads } from './uploads.ts';
import type { Views } from './views.ts';

/** What there is in the workspace, for those who act in it. */
export type Floor = Pick<WorkspaceOptions, 'clock' | 'team' | 'bot'> & {
  appId: string;
  people: SlackPerson[];
  groups: SlackGroup[];
  channels: SlackChannel[];
  /** Those of the bot's token. */
  scopes: string[];
  /** User groups are for those who pay. */
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

/** A method's answer; `error` makes it a refusal. */
export type Method = (params: Params) => Record<string, unknown>;
