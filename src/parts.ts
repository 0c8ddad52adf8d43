import { createAudit, type Row } from './audit/index.ts';
import { createBolt } from './bolt.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createConnection } from './connections.ts';
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
import { createRecentCodes } from './operations/registration-code/recent-codes.ts';
import { RULES } from './operations/registration-code/rules.ts';
import { createUsedCards } from './operations/registration-code/used-cards.ts';
import { createVerificationRules } from './operations/registration-code/verification.ts';
import { createRoles } from './operations/roles.ts';
import { createStandingOrders } from './operations/standing-orders.ts';
import { createStops } from './operations/stops.ts';
import { createMetrics } from './ops/index.ts';
import { patient } from './pattern.ts';
import { createRunning } from './running.ts';
import { APIS, createSecurID, type Pace } from './securid/index.ts';
import { SLACK_METHODS } from './slack/calls.ts';
import { createCharts } from './slack/charts.ts';
import { createReplies } from './slack/reply.ts';
import { createSeal } from './slack/seal.ts';
import { createViews } from './slack/views.ts';
import { createSlackSide } from './slack-side.ts';
import { createState } from './state/index.ts';
import { createMemoryStore, createMemoryUses, createRedisStore } from './store/index.ts';

export type PartsOptions = {
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
};

/** All parts of the app, each with what it works with; nothing is started yet. */
export function createParts(options: PartsOptions) {
  const { config, fetch, clock, log, pace, onAuditRow, ofProcess = false } = options;
  const { onGivenUp = () => {} } = options;
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
  const slackSide = createSlackSide({
    ...{ config, fetch, clock, log },
    onAnswer: metrics.slackAnswered,
  });
  const { client, withoutRetries, people, access, channels, posting } = slackSide;
  const { auditDigest, securityDigest } = slackSide;
  const running = createRunning(clock);
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

  return {
    ...{ app, isConnected, operations, schedule, running, posting, metrics },
    ...{ people, access, channels, auditDigest, securityDigest, securid },
    ...{ audit, anchors, handover, state, store, orders, recentCodes },
  };
}
