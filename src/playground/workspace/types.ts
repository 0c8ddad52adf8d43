import type { Clock } from '../../clock.ts';

export type SlackPerson = {
  id: string;
  /** The handle, without the `@`. */
  name: string;
  realName: string;
  email?: string;
  /** Their home workspace, if it is not this one. */
  teamId?: string;
  /** The organization's workspaces that they are in, if not only their home. */
  teams?: string[];
  /** Their organization, if it is not this workspace's; `null` for none. */
  enterpriseId?: string | null;
  deleted?: boolean;
  isBot?: boolean;
  isRestricted?: boolean;
  isUltraRestricted?: boolean;
  isStranger?: boolean;
};

export type SlackGroup = {
  id: string;
  handle: string;
  users: string[];
  isDisabled?: boolean;
  /** Its workspace, if it is not this one. */
  teamId?: string;
};

/** Only paid plans have user groups. */
export type SlackPlan = 'free' | 'paid';

export type SlackChannel = {
  id: string;
  name: string;
  members: string[];
  kind: 'channel' | 'im';
  isPrivate?: boolean;
  isArchived?: boolean;
  /** With another company, through Slack Connect. */
  isExtShared?: boolean;
  /** Another company is invited. */
  isPendingExtShared?: boolean;
  /** With other workspaces of the organization. */
  isOrgShared?: boolean;
  /** Its workspace, if it is not this one. */
  teamId?: string;
};

type SisterTeam = {
  id: string;
  domain: string;
  /** The organization has the app, but it was not added to this workspace. */
  isWithoutApp?: boolean;
};

export type SlackTeam = {
  id: string;
  domain: string;
  /** Its Enterprise Grid organization. */
  enterpriseId?: string;
  /** The organization's other workspaces. */
  sisters?: SisterTeam[];
  /** The app is installed in the whole organization, not only in this workspace. */
  isOrgWide?: boolean;
};

export type WorkspaceOptions = {
  /** Its address for others, if it is behind a proxy or a balancer; by default loopback. */
  url?: string;
  clock: Clock;
  port?: number;
  botToken: string;
  appToken?: string;
  signingSecret?: string;
  team: SlackTeam;
  bot: { userId: string; botId: string };
  people: SlackPerson[];
  groups: SlackGroup[];
  channels: SlackChannel[];
  /** The scopes of the bot's token; by default those in the manifest. */
  scopes?: string[];
  /** Paid by default. */
  plan?: SlackPlan;
  /** How long an envelope waits for a socket, in real milliseconds; by default 10 seconds. */
  socketPatience?: number;
  /** Sends requests to the app; by default the global one. */
  fetch?: typeof globalThis.fetch;
};

/**
 * How the app is set up in Slack; in HTTP mode, what has no URL of its own goes where `deliverTo` says:
 * https://docs.slack.dev/reference/app-manifest
 */
export type AppSettings = {
  /** With `shouldEscape`, mentions arrive as ids. */
  slashCommand: { url?: string; shouldEscape: boolean };
  interactivity: { url?: string; isEnabled: boolean };
};

/** Where blocks are shown. */
export type Surface = 'message' | 'modal' | 'home';

/** Slack's error for a block type that it does not know yet, which depends on the method. */
export type BlocksRefusal = 'invalid_blocks' | 'invalid_blocks_format';

export type Block = { type: string; block_id?: string; [property: string]: unknown };

/** The state of one element, as Slack sends it in `state.values`. */
export type Input = { type: string; [property: string]: unknown };

/** By block id, then by action id. */
export type Inputs = Record<string, Record<string, Input>>;

/** An uploaded file's content, as text. */
export type UploadedFile = { id: string; name: string; title: string; content: string };

export type Message = {
  kind: 'message';
  ts: string;
  channel: string;
  /** The only person who sees it, if it is ephemeral. */
  to?: string;
  text: string;
  blocks: Block[];
  files?: UploadedFile[];
  deleted: boolean;
  /** How often it was replaced. */
  replaced: number;
  inputs: Inputs;
};

export type ViewDefinition = {
  type: 'modal' | 'home';
  blocks: Block[];
  title?: { type: 'plain_text'; text: string };
  submit?: { type: 'plain_text'; text: string };
  close?: { type: 'plain_text'; text: string };
  private_metadata?: string;
  callback_id?: string;
  external_id?: string;
  clear_on_close?: boolean;
  notify_on_close?: boolean;
};

export type View = {
  kind: 'view';
  id: string;
  hash: string;
  user: string;
  view: ViewDefinition;
  closed: boolean;
  inputs: Inputs;
};

export type Shown = Message | View;

export type Acknowledgement = {
  ok: boolean;
  /** 0 if there was no answer. */
  status: number;
  body: string;
  /** Real time from the request to the answer, in milliseconds. */
  ms: number;
  error?: 'operation_timeout' | 'dispatch_failed' | 'invalid_response' | 'not_configured';
  /** What was wrong with an answer that came in time. */
  complaints?: string[];
};

export type Deliver = (
  type: 'slash_commands' | 'interactive' | 'events_api',
  payload: Record<string, unknown>,
) => Promise<Acknowledgement>;

export type Answers = {
  /** The next result of this interaction; each is returned once. */
  answer(timeoutMs?: number): Promise<Shown>;
  /** The results so far. */
  answers(): Shown[];
  triggerId: string;
};

export type Exchange = Answers & {
  acknowledged: Acknowledgement;
  /** Empty where Slack sends none: in views. */
  responseUrl: string;
  /** What Slack shows beside the button if the app did not take the press. */
  warning?: string;
};

export type Submission = Answers & {
  acknowledged: Acknowledgement;
  errors?: Record<string, string>;
  /** What Slack shows in the form if the app did not take it. */
  warning?: string;
  closed: boolean;
  /** What the person now sees in place of the submitted view: itself, updated, or one pushed on top. */
  view?: View;
};

type TypingOptions = {
  channel?: string;
  /** Turns e-mail addresses into links, as some Slack clients do. */
  linkEmails?: boolean;
};

type PressOptions = {
  /** The person's answer to the button's confirmation dialog; yes by default. */
  confirm?: boolean;
  /** Which one, from 0, if several buttons have the same label. */
  nth?: number;
};

export type Person = {
  types(text: string, options?: TypingOptions): Promise<Exchange>;
  presses(where: Shown, label: string, options?: PressOptions): Promise<Exchange>;
  chooses(where: Shown, label: string, option: string): Promise<Exchange | undefined>;
  fills(where: Shown, label: string, text: string): void;
  submits(view: View): Promise<Submission>;
  closes(view: View): void;
  /** The person's top modal. */
  view(): View | undefined;
  /** Opens the app's Home tab; the exchange then includes `views.publish`. */
  opensHome(): Promise<Exchange>;
};

/** A request to the app. `headers` are sent as they are; without them the request is signed. */
export type RawRequest = {
  form?: Record<string, string>;
  json?: unknown;
  body?: string;
  headers?: Record<string, string>;
  contentType?: string;
  /** Seconds since 1970. */
  timestamp?: number;
  signature?: 'valid' | 'forged' | 'none';
};

export type Fault =
  | { status: number; body?: string; headers?: Record<string, string> }
  /** Answered as usual, but so many milliseconds later. */
  | { delay: number }
  | 'reset'
  /** Carried out, and then the connection is reset. */
  | 'reset after'
  | 'hang';

export type ApiCall = { method: string; params: Record<string, unknown>; at: number };

export type Workspace = {
  url: string;
  /** Where it listens on loopback. */
  port: number;
  apiUrl: string;
  people: SlackPerson[];
  groups: SlackGroup[];
  channels: SlackChannel[];
  /** The scopes of the bot's token. A change applies from the next request on. */
  scopes: string[];
  /** A change applies from the next interaction on. */
  settings: AppSettings;
  setPlan(plan: SlackPlan): void;
  /** HTTP mode: where the app listens. If never called, the workspace uses Socket Mode. */
  deliverTo(eventsUrl: string): void;
  /** Cuts every socket without warning. */
  dropSockets(): void;
  /** Stops listening and resets every connection, until `comeBack`. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Resolves once a socket of the app is connected. */
  connected(): Promise<void>;
  /** Asks every connected socket to reconnect, as Slack does a few times a day. */
  disconnect(reason?: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  person(id: string): Person;
  /** Everything ever shown, in order. Deleted messages are marked. */
  messages: Message[];
  apiCalls: ApiCall[];
  /** Everything the app sent to Slack, byte for byte and in order. */
  bodies: string[];
  seenBy(userId: string, channelId: string): Message[];
  send(request: RawRequest): Promise<{ status: number; body: string }>;
  lastRequest(): RawRequest | undefined;
  /**
   * `where` is a Web API method, `response_url` or `upload_url`; or a socket's `handshake`, or the `hello` in
   * it, which can hang.
   */
  failNext(where: string, fault: Fault, times?: number): void;
  /** How many planned failures remain. */
  failuresToCome(): number;
  /** Called with the `where` of every request that `failNext` does not fail; not for sockets. */
  setAlways(faultOf: ((where: string) => Fault | undefined) | undefined): void;
  /** Refuses messages with that block type, as Slack does where it has not been rolled out. */
  refuseBlocks(type: string, refused?: boolean | BlocksRefusal): void;
  /** Called with every message and view that appears, changes or goes. Returns how to unsubscribe. */
  watch(listener: (shown: Shown) => void): () => void;
  validate(blocks: unknown, surface: Surface): string[];
  stop(): Promise<void>;
};
