import type { Config } from './config/config.ts';
import { isOpenRedis } from './config/environment.ts';
import { CODE_EVENTS } from './guard/limits/recent-codes.ts';
import { toHeed } from './guard/switches/handover.ts';
import { createOpsServer, createReadiness } from './monitoring/index.ts';
import { SummaryWord } from './operations/license-usage/schedule/summary.ts';
import { createParts, type PartsOptions } from './parts.ts';
import { startInlet } from './slack/inlet.ts';

export type AppOptions = PartsOptions & {
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

function hasNoKeyId({ securid: { credentials } }: Config): boolean {
  if (!('oauthClient' in credentials)) return false;
  // Whatever the JWK holds is there, also what is no key id (RFC 7517, 4.5).
  const kid: unknown = credentials.oauthClient.privateKey.kid;
  return typeof kid !== 'string' || kid.trim() === '';
}

const STOPPED = 'stopped while it was starting';

/** Starts and stops the parts in their order: everything but the process. */
export function createApp(options: AppOptions): SecurIDDesk {
  const { config, clock, log, openFiles, collect = () => {} } = options;
  const { slack } = config;
  const parts = createParts(options);
  const { app, isConnected, operations, schedule, running, posting, metrics } = parts;
  const { people, permissions, channels, auditDigest, securityDigest, securid } = parts;
  const { audit, anchors, handover, state, store, switches, recentCodes } = parts;

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
      watch: permissions,
      clock,
      log,
    }),
  });

  let server: Awaited<ReturnType<typeof startInlet>> | undefined;
  let stopping: Promise<void> | undefined;

  async function stop(): Promise<void> {
    phase = 'stopping';
    permissions.stop();
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
    await switches.stop();
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
      const { earlier, last } = await handover.open();
      await switches.restore(earlier);
      anchors.start();
      const searchCodes = () => audit.search(CODE_EVENTS).then(toHeed);
      void running.count(recentCodes.recall(earlier.rows, searchCodes));
      if (isStopping()) throw new Error(STOPPED);
      server = await startInlet(app, { slack, clock, log, openFiles, collect });
      if (isStopping()) {
        await app.stop();
        throw new Error(STOPPED);
      }
      schedule.start(SummaryWord.safeParse(last).data);
      phase = 'started';
      void running.count(operations.closeLeft(earlier.rows));
      const address = 'address' in server ? server.address() : undefined;
      return { port: typeof address === 'object' ? address?.port : undefined, opsPort };
    },
    workspace: people.workspace,
    async check() {
      await Promise.all([
        permissions.check(),
        config.redisUrl && store.isThere().catch(() => false),
      ]);
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
