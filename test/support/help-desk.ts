import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { createApp, type SecurIDDesk } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config/config.ts';
import { slackUseOf } from '../../src/config/slack-use.ts';
import { inGroups } from '../../src/desk/aloud.ts';
import type { Change } from '../../src/guard/change/change.ts';
import { createChanges, switchesOf } from '../../src/guard/change/changes.ts';
import { createOutbound } from '../../src/http/outbound.ts';
import { createLog } from '../../src/log.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import * as company from '../../src/playground/company.ts';
import { read } from '../../src/playground/reading.ts';
import { startTenant, type TenantRecords, type Traits } from '../../src/playground/tenant/index.ts';
import {
  type Exchange,
  type Message,
  type Shown,
  type SlackTeam,
  startWorkspace,
  type View,
  type Workspace,
  type WorkspaceOptions,
} from '../../src/playground/workspace/index.ts';
import type { Pace } from '../../src/securid/index.ts';
import { scopesFor } from '../../src/slack/scopes.ts';
import { manualClock } from './manual-clock.ts';
import { markupIn } from './nested.ts';
import { PATIENCE } from './patience.ts';
import { OUTPUT, PRINTED, SECRETS } from './printed.ts';
import { keepText, keepWording } from './wording.ts';

export type HelpDeskOptions = {
  mode?: 'http' | 'socket';
  credential?: 'api key' | 'oauth rsa' | 'oauth ec';
  env?: Record<string, string>;
  /** Declared by the test. */
  changes?: readonly Change[];
  /** Of these, what `SECURID_CHANGES` names; all of them, unless told. */
  switches?: string[];
  pace?: Partial<Pace>;
  records?: (now: number) => TenantRecords;
  /** How the tenant differs from most. */
  traits?: Partial<Traits>;
  /** The tenant's address for the bot; by default loopback. */
  tenantUrl?: string;
  /** How the workspace belongs to an Enterprise Grid organization. */
  team?: Partial<SlackTeam>;
  /** By how many milliseconds this server's clock is ahead of SecurID's. */
  ahead?: number;
  patience?: Pick<WorkspaceOptions, 'socketPatience'>;
  /** The time at which the story begins. */
  now?: string;
  /** Channels that the bot is invited to, besides its own. */
  invitedTo?: string[];
};

/** No limit for a test that asks often while its clock stands still. */
const PACE: Partial<Pace> = { requestsPerSecond: 1000, burst: 1000, retryPause: 0 };

export const BOT_TOKEN = 'xoxb-1111-2222-help-desk-test-token';
export const APP_TOKEN = 'xapp-1-A0PLAYGROUND-3333-help-desk-test-token';
export const SIGNING_SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00';

export type HelpDesk = Awaited<ReturnType<typeof openHelpDesk>>;

/**
 * The whole product between a tenant and a workspace in memory: real Bolt, real client, real HTTP. Time
 * stands still unless a test moves it. Closes itself when the test ends.
 */
export async function openHelpDesk(options: HelpDeskOptions = {}) {
  const { mode = 'http', pace = {}, records, team, now, invitedTo = [], changes } = options;
  const clock = manualClock(now === undefined ? undefined : Date.parse(now));
  const { ahead = 0 } = options;
  const tenant = await startTenant({
    clock: { ...clock, now: () => clock.now() - ahead },
    url: options.tenantUrl,
    ...(records && { records: records(clock.now()) }),
    ...(options.traits && { traits: options.traits }),
  });
  const slack = company.slackCompany();
  for (const { id, members } of slack.channels) {
    if (invitedTo.includes(id)) members.push(company.BOT.userId);
  }
  const workspace = await startWorkspace({
    clock,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: SIGNING_SECRET,
    ...slack,
    ...options.patience,
    team: { ...slack.team, ...team },
  });
  keepWording(workspace);

  const printed: string[] = [];
  const log = createLog('info', {
    write(line: string) {
      printed.push(line);
      appendFileSync(PRINTED, line);
    },
  });
  const apps: SecurIDDesk[] = [];
  const givenUp: Error[] = [];
  const opsServers: string[] = [];

  /** One instance of the bot. */
  async function startBot(other: Pick<HelpDeskOptions, 'switches' | 'env'> = {}) {
    const asked = { ...options, env: { ...options.env, ...other.env } };
    const env = environment(asked, mode, tenant, workspace.apiUrl);
    const config = await readConfig(env, () => '');
    if (changes) config.changes = options.switches ?? switchesOf(changes);
    if (other.switches) config.changes = other.switches;
    if (apps.length === 0) grant(workspace, config, changes ?? CHANGES);
    const app = createApp({
      config,
      ...(await createOutbound(config.proxy)),
      clock,
      log,
      pace: { ...PACE, ...pace },
      onGivenUp: (why) => givenUp.push(why),
      ...(changes && { changes }),
    });
    apps.push(app);
    const { port, opsPort } = await app.start();
    const ops = `http://127.0.0.1:${opsPort}`;
    opsServers.push(ops);
    /** HTTP mode: from here on, Slack sends requests to this instance. */
    const isAsked = () => workspace.deliverTo(`http://127.0.0.1:${port}/slack/events`);
    return { app, port, ops, auditFile: config.auditFile, isAsked };
  }

  const bot = await startBot();
  if (mode === 'http') bot.isAsked();
  else await workspace.connected();

  let open = true;
  async function close() {
    if (!open) return;
    open = false;
    await Promise.all([...opsServers.map(keepMetrics), ...apps.map((app) => app.stop())]);
    await tenant.stop();
    await workspace.stop();
    appendFileSync(
      SECRETS,
      [...tenant.secrets().flatMap(asShown), BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, ''].join('\n'),
    );
  }
  onTestFinished(close);

  const person = (id: string) => {
    const one = workspace.person(id);
    /** Types a command and waits for its answer. */
    async function asks(text: string, channel: string = company.HELP_DESK): Promise<Message> {
      return message(await (await one.types(text, { channel })).answer());
    }
    /** Presses a button and waits for the answer. */
    async function clicks(where: Shown, label: string): Promise<Message> {
      return message(await (await one.presses(where, label)).answer());
    }
    async function submits(view: View) {
      const done = await one.submits(view);
      for (const error of Object.values(done.errors ?? {})) keepText(error);
      return done;
    }
    return {
      ...one,
      submits,
      asks,
      clicks,
      /** Asks to lift the lockdown, and confirms it. */
      liftsLockdown: async () => clicks(await asks('/securid lockdown off'), 'Lift the lockdown'),
    };
  };

  return {
    ...bot,
    /** Another instance, with the same settings and an audit trail of its own. */
    openSecondBot: startBot,
    tenant,
    workspace,
    clock,
    printed,
    /** Why the socket to Slack was given up, if it was. */
    givenUp,
    close,
    agent: person(company.JONAS),
    manager: person(company.MIRA),
    guest: person(company.GUEST),
    nobody: person(company.NOBODY),
    person,
    /** The text on the screen, with incident numbers masked. */
    screen: (shown: Shown) => read(shown, workspace).replace(INCIDENT, '####-####'),
    /** The log, one object per line. */
    logged: (): Record<string, unknown>[] => printed.map((line) => JSON.parse(line)),
  };
}

/** No more scopes than the manifest of this configuration asks for. */
function grant({ scopes }: Workspace, config: Config, all: readonly Change[]): void {
  const { on } = createChanges(all, config.changes);
  scopes.splice(0, scopes.length, ...scopesFor(slackUseOf(config, on)));
}

/** Keeps what probes and Prometheus read together with the logs. */
export async function keepBody(response: Response): Promise<string> {
  const body = await response.text();
  appendFileSync(PRINTED, body);
  return body;
}

/** Keeps nothing if the bot has already stopped. */
const keepMetrics = (ops: string) =>
  fetch(`${ops}/metrics`)
    .then(keepBody)
    .catch(() => {});

/** A code is also shown in groups of digits. */
const asShown = (secret: string) => [...new Set([secret, inGroups(secret)])];

const INCIDENT = /(?<=Incident `?)[0-9A-Z]{4}-[0-9A-Z]{4}/;

/** The incident number in an answer. */
export const incidentOf = ({ text }: Message) => INCIDENT.exec(text)?.[0];

/** All texts in which Slack reads markup. */
export const markedUp = ({ text, blocks }: Message): string[] => [text, ...markupIn(blocks)];

/** Resolves as soon as the condition holds. */
export const eventually = (isSo: () => boolean) =>
  vi.waitUntil(isSo, { interval: 1, timeout: PATIENCE });

export type { Exchange, Message, Shown, View };

function message(shown: Shown): Message {
  if (shown.kind !== 'message') throw new Error('a modal opened where a message was expected');
  return shown;
}

export function modal(shown: Shown): View {
  if (shown.kind !== 'view') throw new Error(`a message came in place of a modal: ${shown.text}`);
  return shown;
}

function environment(
  { credential = 'api key', env = {} }: HelpDeskOptions,
  mode: 'http' | 'socket',
  tenant: Awaited<ReturnType<typeof startTenant>>,
  slackApiUrl: string,
): Parameters<typeof readConfig>[0] {
  const { oauth } = tenant;
  const key = credential === 'oauth ec' ? oauth.ecPrivateKey : oauth.rsaPrivateKey;
  return {
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_API_URL: slackApiUrl,
    OPS_PORT: '0',
    ...(mode === 'http'
      ? { SLACK_SIGNING_SECRET: SIGNING_SECRET, HOST: '127.0.0.1', PORT: '0' }
      : { SLACK_APP_TOKEN: APP_TOKEN }),
    ...(credential === 'api key'
      ? { SECURID_API_KEY: JSON.stringify(tenant.apiKey) }
      : {
          SECURID_OAUTH_ISSUER_URL: oauth.issuerUrl,
          SECURID_OAUTH_CLIENT_ID: oauth.clientId,
          SECURID_OAUTH_PRIVATE_KEY: JSON.stringify(key),
          SECURID_ADMIN_API_URL: oauth.adminApiUrl,
        }),
    AUDIT_FILE: join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`),
    SECURID_AGENTS: company.HELP_DESK_GROUP,
    SECURID_MANAGERS: company.IT_MANAGERS_GROUP,
    ...env,
  };
}
