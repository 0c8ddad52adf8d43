import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { PartialConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import { createClient } from '../slack/connection.ts';
import type { Workspace } from '../slack/installation.ts';
import { createPeople, type People } from '../slack/people.ts';
import { readScopes } from '../slack/trouble.ts';
import { createListener, type Listener } from './heard.ts';

/** Slack, asked with the bot token. */
export type SlackAccess = {
  host: string;
  /** Where the token belongs; asked once. Throws if Slack does not accept it. */
  workspace(): Promise<Workspace>;
  /** What the token may do, by Slack's header; `undefined` before an answer, or without that header. */
  granted(): readonly string[] | undefined;
  people: People;
  /** Calls a method that changes nothing. */
  ask(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Asks where a socket could be opened, and opens none. Returns Slack's URL, which holds a secret. */
  askForSocket(appToken: string): Promise<string>;
  heard: Listener;
};

type Wiring = {
  /** The only workspaces whose people may use the app; empty for all of the installation. */
  workspaces: readonly string[];
  fetch: typeof globalThis.fetch;
  clock: Clock;
  log: Log;
};

export function createSlackAccess(
  api: NonNullable<PartialConfig['slackApi']>,
  { workspaces, fetch, clock, log }: Wiring,
): SlackAccess {
  const heard = createListener(fetch, clock);
  let scopes: string | undefined;
  const send: typeof globalThis.fetch = async (...request) => {
    const response = await heard.fetch(...request);
    scopes = response.headers.get('x-oauth-scopes') ?? scopes;
    return response;
  };
  const client = createClient(api, log, send, { retries: 0 });
  const people = createPeople({ client, clock, only: workspaces });
  return {
    host: new URL(api.apiUrl).host,
    workspace: people.workspace,
    granted: () => (scopes === undefined ? undefined : readScopes(scopes)),
    people,
    ask: async (method, params) => Answer.parse(await client.apiCall(method, params)),
    async askForSocket(appToken) {
      const ofApp = createClient({ ...api, botToken: appToken }, log, fetch, { retries: 0 });
      return Opened.parse(await ofApp.apps.connections.open()).url;
    },
    heard,
  };
}

const Opened = z.object({ url: z.string().refine((url) => URL.canParse(url)) });

const Answer = z.record(z.string(), z.unknown());
