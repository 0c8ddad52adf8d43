import {
  App,
  type BlockAction,
  HTTPReceiver,
  LogLevel,
  type Receiver,
  SocketModeReceiver,
  type ViewSubmitAction,
  webApi,
} from '@slack/bolt';
import { createAudit, type Row } from './audit/index.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { boltLogger, type Log } from './log.ts';
import { createAuditChannel } from './operations/audit-channel/audit-channel.ts';
import { COMMAND } from './operations/command.ts';
import { createOperations } from './operations/index.ts';
import { createLicenses } from './operations/license-usage/licenses.ts';
import { createSchedule } from './operations/license-usage/schedule/index.ts';
import { createLockdown } from './operations/lockdown/lockdown.ts';
import { createLookUps } from './operations/look-ups.ts';
import { createBlocks } from './operations/notice/blocks.ts';
import { createGate } from './operations/registration-code/gate.ts';
import { createLimits } from './operations/registration-code/limits.ts';
import { createVerificationRules } from './operations/registration-code/verification.ts';
import { createRoles } from './operations/roles.ts';
import { createStandingOrders } from './operations/standing-orders.ts';
import { patient } from './pattern.ts';
import { createSecurID, type Pace } from './securid/index.ts';
import { createChannels } from './slack/channel.ts';
import { createCharts } from './slack/charts.ts';
import { createOnce } from './slack/once.ts';
import { createPeople } from './slack/people.ts';
import { createReplies } from './slack/reply.ts';
import { createSeal } from './slack/seal.ts';
import { createViews } from './slack/views.ts';
import { createMemoryStore, createRedisStore } from './store/index.ts';

export type AppOptions = {
  config: Config;
  fetch: typeof globalThis.fetch;
  clock: Clock;
  log: Log;
  /** What differs from the configured pace. */
  pace?: Partial<Pace>;
  /** Hears each row of the audit trail. */
  onAuditRow?: (row: Row) => void;
};

export type SecurIDDesk = {
  /** Answers Slack from here on. The port is that of HTTP mode. */
  start(): Promise<{ port: number | undefined }>;
  /** Which workspace the bot token belongs to. */
  workspace(): Promise<{ name: string }>;
  /** Takes no more commands and lets running ones finish, for ten seconds at most. */
  stop(): Promise<void>;
};

const GRACE = 10_000;

/** Bolt, its middleware and the operations: everything but the process. */
export function createApp(options: AppOptions): SecurIDDesk {
  const { config, fetch, clock, log, pace, onAuditRow } = options;
  const { slack } = config;
  const client = createClient(slack, log, fetch, { retries: 1 });
  const people = createPeople(client, clock);
  const running = createRunning(clock);
  const channels = createChannels(createClient(slack, log, fetch, { retries: 0 }));
  const tellChannel = createAuditChannel({ channels, channel: config.auditChannel, log });
  const audit = createAudit({
    file: config.auditFile,
    clock,
    log,
    onRow(row) {
      onAuditRow?.(row);
      void running.count(tellChannel(row));
    },
  });
  const store = config.redisUrl
    ? createRedisStore({ url: config.redisUrl, log })
    : createMemoryStore(clock);
  const limits = createLimits(config.codeLimits, { store, clock, log });
  const { methods, ticketPattern } = config.verification;
  const verification = createVerificationRules({
    methods,
    ticketPattern: ticketPattern && patient(ticketPattern),
  });
  const orders = createStandingOrders({ store, clock, log });
  const lockdown = createLockdown(orders);
  const blocks = createBlocks(orders);
  const securid = createSecurID({
    credentials: config.securid.credentials,
    pace: { ...config.securid.pace, ...pace },
    fetch,
    clock,
  });
  const charts = createCharts(clock);
  const licenses = createLicenses({ securid, charts, policy: config.licenses });
  const schedule = createSchedule({
    schedule: config.licenseSchedule,
    licenses,
    orders,
    store,
    channels,
    audit,
    clock,
    log,
    count: running.count,
  });
  const operations = createOperations({
    audit,
    securid,
    people,
    roles: createRoles(people, config.roles, log),
    gate: createGate({
      people,
      protection: config.protection,
      approval: config.approval.policy,
      verification,
      lockdown,
      blocks,
      limits,
      log,
    }),
    lockdown,
    blocks,
    limits,
    verification,
    lookUps: createLookUps(store, log),
    store,
    channels,
    approval: { channel: config.approval.channel, approvers: config.roles.approver },
    securityChannel: config.securityChannel,
    seal: createSeal(slack.botToken, clock),
    views: createViews(client),
    replyTo: createReplies(fetch, clock),
    clock,
    log,
    authenticatorApi: config.securid.authenticatorApi,
    licenses,
  });

  const app = new App({
    receiver: createReceiver(slack, log),
    logger: boltLogger(log),
    clientOptions: { slackApiUrl: slack.apiUrl },
    convoStore: false,
    // With this Bolt never asks Slack who the token is, neither at start nor before an acknowledgement.
    authorize: async () => ({ botToken: slack.botToken }),
  });
  const once = createOnce(clock);

  /** Acknowledged first, whatever comes; a replay of what was answered is not answered again. */
  app.use(async ({ body, next, ...rest }) => {
    if (!('trigger_id' in body) || typeof body.trigger_id !== 'string' || once(body.trigger_id)) {
      return running.count(next());
    }
    log.warn('a request that came twice is not answered again');
    if ('ack' in rest && typeof rest.ack === 'function') await rest.ack();
  });

  app.command(COMMAND, async ({ ack, command }) => {
    await ack();
    await operations.command(command);
  });
  app.action<BlockAction>(/.*/s, async ({ ack, body }) => {
    await ack();
    await operations.press(body);
  });
  app.view<ViewSubmitAction>(/.*/s, async ({ ack, body }) => {
    const result = await operations.submit(body);
    if ('errors' in result) return ack({ response_action: 'errors', errors: result.errors });
    await ack();
    await result.go();
  });
  app.error(async (error) => log.error({ err: error }, 'Bolt could not handle a request'));

  let server: Awaited<ReturnType<App['start']>> | undefined;
  let stopping: Promise<void> | undefined;

  async function stop(): Promise<void> {
    schedule.stop();
    const stopped = app.stop();
    await running.finished(GRACE);
    await operations.stop();
    orders.stop();
    await store.close();
    await audit.close();
    // A connection that never sent a request would hold the server for ever.
    if (server && 'closeAllConnections' in server) server.closeAllConnections();
    await stopped;
  }

  return {
    async start() {
      const history = await audit.open();
      await orders.restore(history);
      server = await app.start(slack.socketMode ? 0 : { port: slack.port, host: slack.host });
      schedule.start(history);
      const address = 'address' in server ? server.address() : undefined;
      return { port: typeof address === 'object' ? address?.port : undefined };
    },
    workspace: people.workspace,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

type SlackConfig = Config['slack'];

/** Short: a trigger lives three seconds, and a command is answered within twenty. */
const createClient = (
  { botToken, apiUrl }: SlackConfig,
  log: Log,
  fetch: typeof globalThis.fetch,
  { retries }: { retries: number },
) =>
  new webApi.WebClient(botToken, {
    slackApiUrl: apiUrl,
    fetch,
    timeout: 2500,
    retryConfig: { retries, minTimeout: 100, maxTimeout: 500 },
    rejectRateLimitedCalls: true,
    logger: boltLogger(log),
    logLevel: LogLevel.INFO,
  });

function createReceiver(slack: SlackConfig, log: Log): Receiver {
  const logger = boltLogger(log);
  if (slack.socketMode) {
    // Without a retryConfig: a short one makes an unreachable Slack an unhandled rejection.
    const clientOptions = { slackApiUrl: slack.apiUrl };
    return new SocketModeReceiver({
      appToken: slack.appToken,
      logger,
      installerOptions: { clientOptions },
    });
  }
  return new HTTPReceiver({
    signingSecret: slack.signingSecret,
    endpoints: ['/slack/events'],
    bodyLimit: '256kb',
    logger,
  });
}

/** Bolt forgets a listener once it has acknowledged; this counts until it has answered. */
function createRunning(clock: Clock) {
  const running = new Set<Promise<unknown>>();
  return {
    async count(work: Promise<unknown>): Promise<void> {
      running.add(work);
      try {
        await work;
      } finally {
        running.delete(work);
      }
    },
    async finished(patience: number): Promise<void> {
      let stopWaiting = () => {};
      const longEnough = new Promise<void>((resolve) => {
        stopWaiting = clock.after(patience, resolve);
      });
      await Promise.race([Promise.allSettled(running), longEnough]);
      stopWaiting();
    },
  };
}
