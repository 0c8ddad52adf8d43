import { createAudit, type Row } from './audit/index.ts';
import { createBolt } from './bolt.ts';
import type { Clock } from './clock.ts';
import { type Config, groupsIn } from './config.ts';
import { createClient, createConnection } from './connections.ts';
import { isOpenRedis } from './environment.ts';
import { startInlet } from './inlet.ts';
import type { Log } from './log.ts';
import { createAnchors } from './operations/audit-channel/anchors.ts';
import { createAuditChannel } from './operations/audit-channel/audit-channel.ts';
import { OUTCOMES } from './operations/course.ts';
import { createHandover, mergeState, toHeed } from './operations/handover.ts';
import { createAddresses } from './operations/identity/addresses.ts';
import { createIdentities } from './operations/identity/identities.ts';
import { createKnownNames } from './operations/identity/known-names.ts';
import { createOperations } from './operations/index.ts';
import { createLicenses } from './operations/license-usage/licenses.ts';
import { createSchedule } from './operations/license-usage/schedule/index.ts';
import { createLockdown } from './operations/lockdown/lockdown.ts';
import { tellLost } from './operations/lockdown/lost.ts';
import { createLookUps } from './operations/look-ups.ts';
import { OPERATIONS } from './operations/names.ts';
import { createBlocks } from './operations/notice/blocks.ts';
import { createGate } from './operations/registration-code/gate.ts';
import { createLimits } from './operations/registration-code/limits.ts';
import { CODE_EVENTS, createRecentCodes } from './operations/registration-code/recent-codes.ts';
import { RULES } from './operations/registration-code/rules.ts';
import { createUsedCards } from './operations/registration-code/used-cards.ts';
import { createVerificationRules } from './operations/registration-code/verification.ts';
import { createRoles } from './operations/roles.ts';
import { createStandingOrders } from './operations/standing-orders.ts';
import { createStops } from './operations/stops.ts';
import { createMetrics, createOpsServer, createReadiness } from './ops/index.ts';
import { patient } from './pattern.ts';
import { createRunning } from './running.ts';
import { APIS, createSecurID, type Pace } from './securid/index.ts';
import { createAccess } from './slack/access.ts';
import { SLACK_METHODS, watchSlack, webApiMethod } from './slack/calls.ts';
import { createChannels } from './slack/channel.ts';
import { createCharts } from './slack/charts.ts';
import { createDigest } from './slack/digest.ts';
import { createPeople } from './slack/people.ts';
import { createReplies } from './slack/reply.ts';
import { createSeal } from './slack/seal.ts';
import { createViews } from './slack/views.ts';
import { createState } from './state/index.ts';
import { createMemoryStore, createMemoryUses, createRedisStore } from './store/index.ts';

export type AppOptions = {
  config: Config;
  fetch: typeof globalThis.fetch;
  clock: Clock;
  log: Log;
  /** What differs from the configured pace. */
  pace?: Partial<Pace>;
  /** Hears each row of the audit trail. */
  onAuditRow?: (row: Row) => void;
  /** Hears that nothing more will come from Slack, and why. */
  onGivenUp?: (why: Error) => void;
  /** Whether `/metrics` tells of the whole Node process, too. */
  ofProcess?: boolean;
  /** How many files the process may have open; unlimited unless told. */
  openFiles?: number | undefined;
  /** Frees memory that nobody needs any more. */
  collect?: () => void;
};

export type SecurIDDesk = {
  /** Answers Slack from here on. The port is that of HTTP mode; the other that of probes and metrics. */
  start(): Promise<{ port: number | undefined; opsPort: number }>;
  /** Which workspace the bot token belongs to. */
  workspace(): Promise<{ name: string }>;
  /** Tells the log what Slack or Redis would not let it do. Never throws. */
  check(): Promise<void>;
  /** Takes no more commands and lets running ones finish, for ten seconds at most. */
  stop(): Promise<void>;
};

const GRACE = 10_000;
/** For what still waits for a channel. */
const LAST_POSTS = 8000;

const OPEN_REDIS =
  'REDIS_URL has no password: whoever reaches that Redis can stop all codes, free used cards and limits, and see who is looked up';

const NO_KEY_ID =
  'the private key of the OAuth client has no kid: if SecurID refuses it, add the one that the console shows';

const hasNoKeyId = ({ securid: { credentials } }: Config) =>
  'oauthClient' in credentials && !credentials.oauthClient.privateKey.kid;

const STOPPED = 'stopped while it was starting';

/** Bolt, its middleware and the operations: everything but the process. */
export function createApp(options: AppOptions): SecurIDDesk {
  const { config, fetch, clock, log, pace, onAuditRow, ofProcess = false } = options;
  const { onGivenUp = () => {}, openFiles, collect = () => {} } = options;
  const { slack } = config;
  const metrics = createMetrics({
    labels: {
      operations: OPERATIONS,
      outcomes: OUTCOMES,
      rules: RULES,
      apis: APIS,
      slackMethods: SLACK_METHODS,
    },
    pace: () => securid.pace(),
    isStateLost: () => lockdown.isOfLostState(),
    waitingForSlack: () => channels.waiting(),
    ofProcess,
  });
  const onAnswer = metrics.slackAnswered;
  const slackFetch = watchSlack({
    fetch,
    methodOf: webApiMethod(slack.apiUrl),
    onAnswer,
    onScopes: (scopes) => access.heardScopes(scopes),
  });
  const client = createClient(slack, log, slackFetch, { retries: 1 });
  const withoutRetries = createClient(slack, log, slackFetch, { retries: 0 });
  const people = createPeople(client, clock, (scope) => access.lacks(scope));
  const access = createAccess({
    members: people.members,
    authTest: () => withoutRetries.auth.test(),
    groups: groupsIn(config),
    clock,
    log,
  });
  const running = createRunning(clock);
  const posting = createRunning(clock);
  const channels = createChannels({ client: withoutRetries, clock, count: posting.count });
  const digestFor = (name: string, channelId: string | undefined) =>
    createDigest({ channels, channelId, name, clock, log, count: posting.count });
  const auditDigest = digestFor('AUDIT_CHANNEL', config.auditChannel);
  const securityDigest = digestFor('SECURID_SECURITY_CHANNEL', config.securityChannel);
  const names = createKnownNames(clock);
  const tellAuditChannel = createAuditChannel(auditDigest, names);
  const state = createState({ file: config.stateFile, log, merge: mergeState });
  const handover = createHandover({ state, audit: () => audit, log });
  const audit = createAudit({
    file: config.auditFile,
    keyFile: config.auditKeyFile,
    clock,
    log,
    onFailure: metrics.auditFailed,
    onLost: metrics.happened,
    onOthers(past) {
      const rows = toHeed(past);
      void running.count(orders.heed(rows));
      recentCodes.heardOfOthers(rows);
      void running.count(state.refresh().then(() => operations.closeLeft(rows)));
    },
    onRow(row, hash) {
      handover.heard(row);
      recentCodes.heard(row);
      metrics.happened(row);
      onAuditRow?.(row);
      tellAuditChannel(row, hash);
      anchors.heard(row);
    },
  });
  const anchors = createAnchors({
    audit,
    add: config.auditChannel === undefined ? undefined : auditDigest.add,
    clock,
    log,
  });
  const ownUses = createMemoryUses(clock);
  const store = config.redisUrl
    ? createRedisStore({ url: config.redisUrl, secret: slack.botToken, log })
    : createMemoryStore(clock, ownUses);
  const limits = createLimits(config.codeLimits, {
    own: ownUses,
    shared: config.redisUrl ? store.uses : undefined,
    clock,
    log,
  });
  const usedCards = createUsedCards({ store, own: ownUses });
  const recentCodes = createRecentCodes({ limits, usedCards, state, clock, log });
  const { methods, ticketPattern } = config.verification;
  const verification = createVerificationRules({
    methods,
    ticketPattern: ticketPattern && patient(ticketPattern),
  });
  const orders = createStandingOrders({
    store,
    state,
    clock,
    log,
    beforeWrite: handover.mark,
    onLost: () => void posting.count(tellLost({ audit, channels, to: told, log })),
  });
  const told = [config.securityChannel, config.auditChannel, config.approval.channel];
  const stops = createStops({ orders, clock, log, isShared: store.isShared });
  const lockdown = createLockdown(orders, stops);
  const blocks = createBlocks(orders, stops);
  const securid = names.learnFrom(
    createSecurID({
      credentials: config.securid.credentials,
      pace: { ...config.securid.pace, ...pace },
      fetch,
      clock,
      onAnswer: metrics.securidAnswered,
      bucket: config.redisUrl ? store.bucket('securid') : undefined,
    }),
  );
  const addresses = createAddresses(config.emailDomains);
  const identities = createIdentities({ securid, people, addresses, clock });
  const charts = createCharts(clock);
  const licenses = createLicenses({ securid, charts, policy: config.licenses, clock });
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
    identities,
    names,
    roles: createRoles(people, config.roles, log),
    gate: createGate({
      people,
      identities,
      protection: config.protection,
      unmatched: config.unmatched,
      approval: config.approval.policy,
      verification,
      lockdown,
      blocks,
      limits,
      log,
    }),
    lockdown,
    blocks,
    stops,
    limits,
    usedCards,
    verification,
    lookUps: createLookUps(store, log),
    store,
    state,
    channels,
    approval: { channel: config.approval.channel, approvers: config.roles.approver },
    securityChannel: config.securityChannel,
    auditChannel: config.auditChannel,
    securityDigest,
    lasting: posting.count,
    seal: createSeal(slack.botToken, clock),
    views: createViews(client),
    replyTo: createReplies({
      fetch,
      clock,
      apiUrl: slack.apiUrl,
      onAnswer: (outcome) => metrics.slackAnswered('response_url', outcome),
    }),
    clock,
    log,
    metrics,
    authenticatorApi: config.securid.authenticatorApi,
    licenses,
  });

  const { receiver, isConnected } = createConnection(slack, {
    client: withoutRetries,
    fetch,
    clock,
    log,
    onGivenUp,
  });
  const app = createBolt({
    ...{ slack, receiver, operations, metrics, clock, log },
    count: running.count,
  });

  let phase: 'starting' | 'started' | 'stopping' = 'starting';
  const isStopping = () => phase === 'stopping';
  const ops = createOpsServer({
    ...config.ops,
    metrics,
    readiness: createReadiness({
      isRunning: () => phase === 'started',
      checks: {
        slack: isConnected,
        securid: securid.canSignIn,
        ...(config.redisUrl && { redis: store.isThere }),
      },
      watch: access,
      clock,
    }),
  });

  let server: Awaited<ReturnType<typeof startInlet>> | undefined;
  let stopping: Promise<void> | undefined;

  async function stop(): Promise<void> {
    phase = 'stopping';
    access.stop();
    schedule.stop();
    // A server that has not started has nothing to stop; a socket may be being opened.
    const stopped = server || slack.socketMode ? app.stop() : undefined;
    const unanswered = await running.finished(GRACE);
    if (unanswered > 0) log.error({ unanswered }, 'stopping without an answer to some commands');
    // What still waits for its turn is never sent. What is under way may still say how it ended.
    void securid.stop();
    await operations.stop();
    await anchors.stop();
    channels.hurry();
    auditDigest.stop();
    securityDigest.stop();
    const unsent = await posting.finished(LAST_POSTS);
    if (unsent > 0) log.error({ unsent }, 'stopping before Slack took some messages');
    await orders.stop();
    await store.close();
    await audit.close();
    handover.mark();
    await state.close();
    // A connection that never sent a request would hold the server for ever.
    if (server && 'closeAllConnections' in server) server.closeAllConnections();
    await stopped;
    await ops.stop();
  }

  return {
    async start() {
      const { port: opsPort } = await ops.start();
      if (config.redisUrl && isOpenRedis(config.redisUrl)) log.warn(OPEN_REDIS);
      if (hasNoKeyId(config)) log.warn(NO_KEY_ID);
      const { earlier, summary } = await handover.open();
      await orders.restore(earlier);
      anchors.start();
      const searchCodes = () => audit.search(CODE_EVENTS).then(toHeed);
      void running.count(recentCodes.recall(earlier.rows, searchCodes));
      if (isStopping()) throw new Error(STOPPED);
      server = await startInlet(app, { slack, clock, log, openFiles, collect });
      if (isStopping()) {
        await app.stop();
        throw new Error(STOPPED);
      }
      schedule.start(summary);
      phase = 'started';
      void running.count(operations.closeLeft(earlier.rows));
      const address = 'address' in server ? server.address() : undefined;
      return { port: typeof address === 'object' ? address?.port : undefined, opsPort };
    },
    workspace: people.workspace,
    async check() {
      await Promise.all([access.check(), config.redisUrl && store.isThere().catch(() => false)]);
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
