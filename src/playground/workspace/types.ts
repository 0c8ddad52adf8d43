import type { Clock } from '../../clock.ts';

export type SlackPerson = {
  id: string;
  /** The handle: what follows the `@`. */
  name: string;
  realName: string;
  email?: string;
  /** The workspace in which they are at home, if it is not this one. */
  teamId?: string;
  /** The organization that they belong to, if it is not this workspace's; `null` for none. */
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
  /** The workspace that it belongs to, if it is not this one. */
  teamId?: string;
};

/** Only those who pay have user groups. */
export type SlackPlan = 'free' | 'paid';

export type SlackChannel = {
  id: string;
  name: string;
  members: string[];
  kind: 'channel' | 'im';
  /** The workspace that it belongs to, if it is not this one. */
  teamId?: string;
};

export type SlackTeam = {
  id: string;
  domain: string;
  /** The Enterprise Grid organization that it belongs to. */
  enterpriseId?: string;
  /** The organization's other workspaces. */
  sisters?: { id: string; domain: string }[];
  /** The app is installed in the whole organization, and not in this workspace alone. */
  isOrgWide?: boolean;
};

export type WorkspaceOptions = {
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
  /** Those of the bot's token; what the manifest asks for if left out. */
  scopes?: string[];
  /** Paid if left out. */
  plan?: SlackPlan;
  /** Real milliseconds an app has to acknowledge; Slack's 3 seconds if left out. */
  patience?: number;
  /** How requests to the app are sent; by default the global one. */
  fetch?: typeof globalThis.fetch;
};

/** Where blocks stand. */
export type Surface = 'message' | 'modal' | 'home';

/** What Slack says of blocks of a type that it does not know yet, which differs from place to place. */
export type BlocksRefusal = 'invalid_blocks' | 'invalid_blocks_format';

export type Block = { type: string; block_id?: string; [property: string]: unknown };

/** The state of one element, as Slack sends it in `state.values`. */
export type Input = { type: string; [property: string]: unknown };

/** By block id, then by action id. */
export type Inputs = Record<string, Record<string, Input>>;

/** What was uploaded, as text. */
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
  /** How many times it was replaced. */
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
  /** 0 if there was no answer at all. */
  status: number;
  body: string;
  /** Real time from sending to the answer. */
  ms: number;
  error?: 'operation_timeout' | 'dispatch_failed' | 'invalid_response';
  /** What was wrong with an answer that came in time. */
  complaints?: string[];
};

export type Deliver = (
  type: 'slash_commands' | 'interactive' | 'events_api',
  payload: Record<string, unknown>,
) => Promise<Acknowledgement>;

export type Answers = {
  /** The next thing that came of this interaction; each is given out once. */
  answer(timeoutMs?: number): Promise<Shown>;
  /** What has come so far. */
  answers(): Shown[];
  triggerId: string;
};

export type Exchange = Answers & {
  acknowledged: Acknowledgement;
  /** Empty where Slack gives none: in views. */
  responseUrl: string;
};

export type Submission = Answers & {
  acknowledged: Acknowledgement;
  errors?: Record<string, string>;
  closed: boolean;
  /** What the person sees now in place of the submitted view: itself updated, or one pushed. */
  view?: View;
};

type TypingOptions = {
  channel?: string;
  /** Turns e-mail addresses into links, as some Slack clients do. */
  linkEmails?: boolean;
};

type PressOptions = {
  /** What the person answers to the button's confirmation dialogue; yes if left out. */
  confirm?: boolean;
  /** Which one, from 0, where several buttons carry the same label. */
  nth?: number;
};

export type Person = {
  types(text: string, options?: TypingOptions): Promise<Exchange>;
  presses(where: Shown, label: string, options?: PressOptions): Promise<Exchange>;
  chooses(where: Shown, label: string, option: string): Promise<Exchange | undefined>;
  fills(where: Shown, label: string, text: string): void;
  submits(view: View): Promise<Submission>;
  closes(view: View): void;
  /** The top of this person's modals. */
  view(): View | undefined;
  /** Opens the app's Home tab; the exchange then hears of `views.publish`. */
  opensHome(): Promise<Exchange>;
};

/** A request to the app. `headers` are sent as they are; without them it is signed. */
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
  /** Answered as ever, so many milliseconds later. */
  | { delay: number }
  | 'reset'
  /** Carried out, and then the connection is reset. */
  | 'reset after'
  | 'hang';

export type ApiCall = { method: string; params: Record<string, unknown>; at: number };

export type Workspace = {
  url: string;
  apiUrl: string;
  people: SlackPerson[];
  groups: SlackGroup[];
  channels: SlackChannel[];
  /** Those of the bot's token. A change counts from the next request on. */
  scopes: string[];
  setPlan(plan: SlackPlan): void;
  /** HTTP mode: where the app listens. Never called, the workspace uses Socket Mode. */
  deliverTo(eventsUrl: string): void;
  /** Ends every socket without a word. */
  dropSockets(): void;
  /** Nobody listens any more, and every connection is reset, until `comeBack`. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** Resolves once a socket of the app is connected. */
  connected(): Promise<void>;
  /** Tells every connected socket to go away, as Slack does a few times a day. */
  disconnect(reason?: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  person(id: string): Person;
  /** Everything ever shown, in order; what was deleted is marked. */
  messages: Message[];
  apiCalls: ApiCall[];
  /** Everything the app sent to Slack, byte for byte and in order. */
  bodies: string[];
  seenBy(userId: string, channelId: string): Message[];
  send(request: RawRequest): Promise<{ status: number; body: string }>;
  lastRequest(): RawRequest | undefined;
  /**
   * `where` is a method of the Web API, `response_url` or `upload_url`; or the `handshake` of a socket, or the
   * `hello` in it, which can hang.
   */
  failNext(where: string, fault: Fault, times?: number): void;
  /** How many of those failures are still to come. */
  failuresToCome(): number;
  /** Asked about every request that `failNext` does not fail, with the same `where`; not about sockets. */
  setAlways(faultOf: ((where: string) => Fault | undefined) | undefined): void;
  /** Messages with that type of block are refused, as where Slack does not know it yet. */
  refuseBlocks(type: string, refused?: boolean | BlocksRefusal): void;
  /** Hears of every message and view that appears, changes or goes; returns how to stop that. */
  watch(listener: (shown: Shown) => void): () => void;
  validate(blocks: unknown, surface: Surface): string[];
  stop(): Promise<void>;
};
