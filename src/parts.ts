import { COUNTED, createAudit, type Row } from './audit/index.ts';
import { createBolt } from './bolt.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { createAddresses } from './desk/identity/addresses.ts';
import { createIdentities } from './desk/identity/identities.ts';
import { createKnownNames } from './desk/identity/known-names.ts';
import { createLookUps } from './desk/look-ups.ts';
import { OPERATIONS } from './desk/names.ts';
import { OUTCOMES } from './desk/progress.ts';
import { createRoles } from './desk/roles.ts';
import { createAnchors } from './guard/audit-channel/anchors.ts';
import { createAuditChannel } from './guard/audit-channel/audit-channel.ts';
import { patient } from './guard/form/pattern.ts';
import { createVerificationRules } from './guard/form/verification.ts';
import { createGate } from './guard/gate/gate.ts';
import { RULES } from './guard/gate/rules.ts';
import { createLimits } from './guard/limits/limits.ts';
import { createRecentCodes } from './guard/limits/recent-codes.ts';
import { createUsedCards } from './guard/limits/used-cards.ts';
import { createBlocks } from './guard/switches/blocked-users.ts';
import { createHandover, mergeState, toHeed } from './guard/switches/handover.ts';
import { createLockdown } from './guard/switches/lockdown.ts';
import { tellLost } from './guard/switches/lost.ts';
import { createStops } from './guard/switches/stops.ts';
import { createSwitches } from './guard/switches/switches.ts';
import type { Log } from './log.ts';
import { createMetrics } from './monitoring/index.ts';
import { createOperations } from './operations/index.ts';
import { createLicenses } from './operations/license-usage/licenses.ts';
import { createSchedule } from './operations/license-usage/schedule/index.ts';
import { SUMMARY } from './operations/license-usage/schedule/summary.ts';
import { createRunning } from './running.ts';
import { APIS, createSecurID, type Pace } from './securid/index.ts';
import { SLACK_METHODS } from './slack/calls.ts';
import { createCharts } from './slack/charts.ts';
import { createConnection } from './slack/connection.ts';
import { createReplies } from './slack/reply.ts';
import { createSeal } from './slack/seal.ts';
import { createSlackSide } from './slack/slack.ts';
import { createViews } from './slack/views.ts';
import { createMemoryStore, createMemoryUses, createRedisStore } from './store/index.ts';
import { createState } from './store/state.ts';

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
    events: COUNTED,
    pace: () => securid.pace(),
    isStateLost: () => lockdown.isOfLostState(),
    waitingForSlack: () => channels.waiting(),
    ofProcess,
  });
  const slackSide = createSlackSide({
    ...{ config, fetch, clock, log },
    onAnswer: metrics.slackAnswered,
  });
  const { client, withoutRetries, people, permissions, channels, posting } = slackSide;
  const { auditDigest, securityDigest } = slackSide;
  const running = createRunning(clock);
  const names = createKnownNames(clock);
  const tellAuditChannel = createAuditChannel(auditDigest, names);
  const state = createState({ file: config.stateFile, log, merge: mergeState });
  const handover = createHandover({ state, audit: () => audit, matter: SUMMARY, log });
  const audit = createAudit({
    file: config.auditFile,
    keyFile: config.auditKeyFile,
    clock,
    log,
    onFailure: metrics.auditFailed,
    onLost: metrics.happened,
    onOthers(past) {
      const rows = toHeed(past);
      void running.count(switches.heed(rows));
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
  const switches = createSwitches({
    store,
    state,
    clock,
    log,
    beforeWrite: handover.mark,
    onLost: () => void posting.count(tellLost({ audit, channels, to: told, log })),
  });
  const told = [config.securityChannel, config.auditChannel, config.approval.channel];
  const stops = createStops({ switches, clock, log, isShared: store.isShared });
  const lockdown = createLockdown(switches, stops);
  const blocks = createBlocks(switches, stops);
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
    switches,
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
    ...{ people, permissions, channels, auditDigest, securityDigest, securid },
    ...{ audit, anchors, handover, state, store, switches, recentCodes },
  };
}
