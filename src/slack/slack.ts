import type { Clock } from '../clock.ts';
import type { Tunnel } from '../http/proxy-settings.ts';
import type { Log } from '../log.ts';
import { createRunning } from '../running.ts';
import { createBolt, type Handlers } from './bolt.ts';
import { type SlackOutcome, watchSlack, webApiMethod } from './calls.ts';
import { type Channels, createChannels } from './channel.ts';
import { type Connection, createClient, createConnection } from './connection.ts';
import { createDigest, type Digest } from './digest.ts';
import { createInlet, type Inlet } from './inlet.ts';
import { createPeople, type People } from './people.ts';
import { createPermissions, type Permissions } from './permissions.ts';
import { createReplies, type Reply } from './reply.ts';
import { createSeal, type Seal } from './seal.ts';
import type { SlackSettings } from './settings.ts';
import { createViews, type Views } from './views.ts';

/** Everything about Slack: asking, posting, and receiving its requests. */
export type Slack = {
  people: People;
  permissions: Permissions;
  channels: Channels;
  views: Views;
  seal: Seal;
  /** @param used how many uses of that response URL are gone */
  replyTo: (responseUrl: string, used?: number) => Reply;
  /**
   * Lines for one channel.
   * @param name for the log: the variable that names the channel
   * @param channelId without one the lines are dropped
   */
  digestFor(name: string, channelId: string | undefined): Digest;
  /** Counts work that the app waits for when it stops. */
  lasting: (work: Promise<unknown>) => Promise<void>;
  /** Hands Slack's requests over, once the inlet is started; `count` hears of what goes on behind an acknowledgement. */
  listen(handlers: Handlers, count: (work: Promise<unknown>) => Promise<void>): Inlet;
  /** Whether Slack is there, or the socket to it is open. If not, perhaps what is wrong. */
  isConnected: Connection['isConnected'];
  /** Posts what waits without further patience. Returns how much was still unsent after so many milliseconds. */
  finishPosting(patience: number): Promise<number>;
};

export type SlackOptions = {
  settings: SlackSettings;
  /** The bot scopes that the configuration needs. */
  scopes: readonly string[];
  /** The only workspaces whose people may use the app; empty for all of the installation. */
  workspaces: readonly string[];
  /** The user groups that matter to the app, each with the variables that name it. */
  groups: ReadonlyMap<string, string[]>;
  fetch: typeof globalThis.fetch;
  /** For a socket, if there is a proxy. */
  openTunnel?: (() => Tunnel) | undefined;
  clock: Clock;
  log: Log;
  onAnswer: (method: string, outcome: SlackOutcome) => void;
  /** Called if Slack will send nothing more, with the reason. */
  onGivenUp: (why: Error) => void;
  /** How many files the process may have open; unlimited unless told. */
  openFiles: number | undefined;
  /** Frees unused memory. */
  collect: () => void;
};

/** Slack's side of the app, wired. Nothing is started yet. */
export function createSlack(options: SlackOptions): Slack {
  const { settings, fetch, clock, log, onAnswer } = options;
  const { client, withoutRetries, people, permissions } = createWebApi(options);
  const connection = createConnection(settings, { ...options, client: withoutRetries });
  const posting = createRunning(clock);
  const channels = createChannels({ client: withoutRetries, clock, count: posting.count });
  const digests: Digest[] = [];

  return {
    ...{ people, permissions, channels },
    views: createViews(client),
    seal: createSeal(settings.botToken, clock),
    replyTo: createReplies({
      fetch,
      clock,
      apiUrl: settings.apiUrl,
      onAnswer: (outcome) => onAnswer('response_url', outcome),
    }),
    digestFor(name, channelId) {
      const digest = createDigest({ channels, channelId, name, clock, log, count: posting.count });
      digests.push(digest);
      return digest;
    },
    lasting: posting.count,
    listen(handlers, count) {
      const { receiver } = connection;
      const app = createBolt({ slack: settings, receiver, handlers, count, clock, log });
      return createInlet(app, { ...options, slack: settings });
    },
    isConnected: connection.isConnected,
    finishPosting(patience) {
      channels.hurry();
      for (const digest of digests) digest.stop();
      return posting.finished(patience);
    },
  };
}

/** The clients of the Web API, what they are asked of people, and whether Slack lets them. */
function createWebApi(options: SlackOptions) {
  const { settings, scopes, groups, workspaces, fetch, clock, log, onAnswer } = options;
  const slackFetch = watchSlack({
    fetch,
    methodOf: webApiMethod(settings.apiUrl),
    onAnswer,
    onScopes: (scopes) => permissions.heardScopes(scopes),
  });
  const client = createClient(settings, log, slackFetch, { retries: 1 });
  const withoutRetries = createClient(settings, log, slackFetch, { retries: 0 });
  const people = createPeople({
    ...{ client, clock, only: workspaces },
    lacks: (scope) => permissions.lacks(scope),
  });
  const permissions: Permissions = createPermissions({
    people,
    authTest: () => withoutRetries.auth.test(),
    ...{ scopes, groups, workspaces, clock, log },
  });
  return { client, withoutRetries, people, permissions };
}
