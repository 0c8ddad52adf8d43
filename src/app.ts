import { COUNTED, createAudit, type Row } from './audit/index.ts';
import type { Clock } from './clock.ts';
import { type Config, groupsIn } from './config/config.ts';
import { slackUseOf } from './config/slack-use.ts';
import { warningsFor } from './config/warnings.ts';
import { COMMAND } from './desk/command.ts';
import { createDesk } from './desk/desk.ts';
import { OUTCOMES } from './desk/progress.ts';
import type { Change } from './guard/change/change.ts';
import { type Changes, createChanges } from './guard/change/changes.ts';
import { RULE_LINES } from './guard/gate/rules.ts';
import { createGuard } from './guard/guard.ts';
import type { Outbound } from './http/proxy-settings.ts';
import type { Log } from './log.ts';
import { createMonitoring } from './monitoring/index.ts';
import { changesWith } from './operations/changes.ts';
import { createOperations } from './operations/index.ts';
import { SUMMARY } from './operations/license-usage/schedule/summary.ts';
import { createRunning } from './running.ts';
import { APIS, createSecurID, type Pace } from './securid/index.ts';
import { SLACK_METHODS } from './slack/calls.ts';
import { scopesFor } from './slack/scopes.ts';
import { createSlack } from './slack/slack.ts';
import { createStore } from './store/index.ts';
import { see } from './troubleshooting.ts';

export type AppOptions = {
  config: Config;
  fetch: typeof globalThis.fetch;
  /** For a socket to Slack, if there is a proxy. */
  openTunnel?: Outbound['openTunnel'];
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
  /** Every change that can be switched on, unless it is all that there are. */
  changes?: readonly Change[];
  /** How many files the process may have open; unlimited unless told. */
  openFiles?: number | undefined;
  /** Frees memory that nobody needs any more. */
  collect?: () => void;
};

export type SecurIDDesk = {
  /** Answers Slack from here on. The port is that of HTTP mode; the other that of probes and metrics. */
  start(): Promise<{ port: number | undefined; opsPort: number }>;
  /** Everything that can be asked for, as the log and the metrics call it. */
  names: readonly string[];
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

const STOPPED = 'stopped while it was starting';

type Phase = 'starting' | 'started' | 'stopping';

/** Starts and stops the rooms in their order: everything but the process. */
export function createApp(options: AppOptions): SecurIDDesk {
  const { config, log } = options;
  let phase: Phase = 'starting';
  const isStopping = () => phase === 'stopping';
  const rooms = createRooms(options, () => phase === 'started');
  const { monitoring, slack, securid, store, audit, guard, operations, inlet, running } = rooms;
  let stopping: Promise<void> | undefined;

  async function start() {
    const { port: opsPort } = await monitoring.start();
    for (const { says, symptom } of warningsFor(config, guard.changes.on)) {
      log.warn({ see: see(symptom) }, says);
    }
    const { rows, last } = await guard.open();
    if (isStopping()) throw new Error(STOPPED);
    const port = await inlet.start();
    if (isStopping()) {
      await inlet.stop();
      throw new Error(STOPPED);
    }
    operations.schedule.start(last);
    phase = 'started';
    void running.count(guard.closeLeft(rows));
    return { port, opsPort };
  }

  async function stop(): Promise<void> {
    // From here on /readyz says 503.
    phase = 'stopping';
    const drained = inlet.drain();
    if (drained) await drained;
    slack.permissions.stop();
    operations.schedule.stop();
    const stopped = inlet.stop();
    const unanswered = await running.finished(GRACE);
    if (unanswered > 0) log.error({ unanswered }, 'stopping without an answer to some commands');
    // What still waits for its turn is never sent. What is under way may still say how it ended.
    void securid.stop();
    await guard.finish();
    const unsent = await slack.finishPosting(LAST_POSTS);
    if (unsent > 0) log.error({ unsent }, 'stopping before Slack accepted some messages');
    await guard.stop();
    await store.close();
    await audit.close();
    await guard.close();
    inlet.cut();
    await stopped;
    await monitoring.stop();
  }

  return {
    start,
    names: operations.names,
    workspace: slack.people.workspace,
    async check() {
      await Promise.all([
        slack.permissions.check(),
        config.redisUrl && store.isThere().catch(() => false),
      ]);
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Every room with what it works with, from the lowest up; nothing is started yet. */
function createRooms(options: AppOptions, isRunning: () => boolean) {
  const { config, fetch, openTunnel, clock, log, pace } = options;
  const { onAuditRow = () => {}, onGivenUp = () => {}, openFiles, collect = () => {} } = options;
  const changes = createChanges(
    options.changes ?? changesWith(config.changeSettings),
    config.changes,
  );
  const running = createRunning(clock);
  const monitoring = createMonitoring({
    ...config,
    labels: labelsWith(changes, () => operations.names),
    events: COUNTED,
    pace: () => securid.pace(),
    isStateLost: () => guard.lockdown.isOfLostState(),
    waitingForSlack: () => slack.channels.waiting(),
    ofProcess: options.ofProcess ?? false,
    isRunning,
    checks: {
      slack: { ask: () => slack.isConnected(), failing: 'slack-cannot-be-reached' },
      securid: { ask: () => securid.canSignIn(), failing: 'securid-does-not-answer' },
      ...(config.redisUrl && { redis: { ask: () => store.isThere(), failing: 'redis-is-away' } }),
    },
    watch: {
      check: () => slack.permissions.check(),
      troubles: () => slack.permissions.troubles(),
    },
    ...{ clock, log },
  });
  const { metrics } = monitoring;
  const slack = createSlack({
    settings: config.slack,
    scopes: scopesFor(slackUseOf(config, changes.on)),
    groups: groupsIn(config),
    workspaces: config.workspaces,
    onAnswer: metrics.slackAnswered,
    ...{ fetch, openTunnel, clock, log, onGivenUp, openFiles, collect },
  });
  const store = createStore({ ...config, secret: config.slack.botToken, clock, log });
  const securid = createSecurID({
    credentials: config.securid.credentials,
    pace: { ...config.securid.pace, ...pace },
    onAnswer: metrics.securidAnswered,
    bucket: store.isShared ? store.bucket('securid') : undefined,
    ...{ fetch, clock },
  });
  const audit = createAudit({
    file: config.auditFile,
    keyFile: config.auditKeyFile,
    ...{ clock, log },
    onFailure: metrics.auditFailed,
    onLost: metrics.happened,
    onOthers: (past) => void running.count(guard.heardOfOthers(past)),
    onRow(row, hash) {
      guard.heard(row, hash);
      metrics.happened(row);
      onAuditRow(row);
    },
  });
  const desk = createDesk(
    { ...config, ...config.securid },
    { slack, securid, audit, store, metrics, clock, log },
  );
  const { count } = running;
  const guard = createGuard(config, desk, { changes, store, matter: SUMMARY, count });
  const operations = createOperations(config, { desk, guard, store }, count);
  const handlers = { slashCommand: COMMAND, ...operations, acknowledged: metrics.acknowledged };
  const inlet = slack.listen(handlers, count);

  return { monitoring, slack, securid, store, audit, guard, operations, inlet, running };
}

/** What the labels of the metrics may say. */
const labelsWith = ({ on, off, limits }: Changes, operations: () => readonly string[]) => ({
  operations,
  changes: [...on, ...off].map(({ name }) => name),
  outcomes: OUTCOMES,
  rules: [...RULE_LINES.keys(), ...limits.map(({ rule }) => rule)],
  apis: APIS,
  slackMethods: SLACK_METHODS,
});
