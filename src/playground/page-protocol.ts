// What the page and the process behind it send each other.

import type { Row } from '../audit/index.ts';
import type { TenantRecords } from './tenant/index.ts';
import type {
  Block,
  Inputs,
  SlackChannel,
  SlackGroup,
  SlackPerson,
  UploadedFile,
  ViewDefinition,
} from './workspace/index.ts';

/** A person whose place one can take on the page. */
export type Persona = { id: string; name: string; realName: string; role: string };

/** A slash command as the manifest has it. */
export type SlashCommand = { command: string; description: string; hints: string[] };

export type PageMessage = {
  ts: string;
  channel: string;
  to?: string | undefined;
  text: string;
  blocks: Block[];
  deleted: boolean;
  replaced: number;
  inputs: Inputs;
  files?: UploadedFile[] | undefined;
};

export type PageView = { id: string; user: string; view: ViewDefinition; inputs: Inputs };

/** What a person sees besides messages: the top modal and the app's Home tab. */
export type PageViews = { user: string; modal: PageView | null; home: PageView | null };

export type TracedCall = {
  method: string;
  path: string;
  status: number | null;
  ms: number | null;
  body: unknown;
  answer: unknown;
};

/** One interaction and what came of it. */
export type Trace = {
  id: number;
  who: string;
  what: string;
  acknowledged: { ok: boolean; ms: number; status: number } | null;
  calls: TracedCall[];
  /** Its rows in the audit trail. */
  audit: Row[];
  /** What the bot logged of it. */
  log: Record<string, unknown>[];
};

export const TENANT_MODES = {
  normal: 'answers as it should',
  limited: 'accepts one request every five seconds',
  failing: 'fails: 503 and an HTML page',
  hanging: 'accepts requests and never answers',
  slow: 'needs three seconds for each answer',
  refusing: 'refuses our key',
} as const;
export type TenantMode = keyof typeof TENANT_MODES;

export type TenantState = Pick<TenantRecords, 'users' | 'devices' | 'tokens' | 'fidoTokens'> & {
  mode: TenantMode;
};

export type Welcome = {
  personas: Persona[];
  people: SlackPerson[];
  groups: SlackGroup[];
  channels: SlackChannel[];
  bot: string;
  commands: SlashCommand[];
  messages: PageMessage[];
  views: PageViews[];
  tenant: TenantState;
};

export type PageEvent =
  | { kind: 'welcome'; welcome: Welcome }
  | { kind: 'channels'; channels: SlackChannel[] }
  | { kind: 'message'; message: PageMessage }
  | { kind: 'views'; views: PageViews }
  | { kind: 'trace'; trace: Trace }
  | { kind: 'tenant'; tenant: TenantState };

/** Text by `action_id` that was typed and not yet sent. */
export type Filled = Record<string, string>;

export type Interaction = { as: string } & (
  | { does: 'types'; text: string; channel: string }
  | { does: 'presses'; where: string; action: string; filled: Filled }
  | { does: 'chooses'; where: string; action: string; option: string; filled: Filled }
  | { does: 'submits'; where: string; filled: Filled }
  | { does: 'closes'; where: string }
  | { does: 'opens home' }
);

/** `errors` belong to fields, by `block_id`. A `problem` is what Slack's client would say. */
export type InteractionResult = { errors?: Record<string, string>; problem?: string };
