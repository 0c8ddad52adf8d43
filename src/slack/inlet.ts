import type { App } from '@slack/bolt';
import type { Clock } from '../clock.ts';
import { keepRoom, TIME_LIMITS } from '../http/limits.ts';
import { cannotListen } from '../http/listening.ts';
import type { Log } from '../log.ts';
import type { SlackSettings } from './settings.ts';

/** The largest body accepted: a button press carries all blocks of its message. */
export const LARGEST_BODY = 256 * 1024;

/**
 * The backlog of connections. With Node's default of 511, a thousand at once would be turned away and come
 * back a second later.
 */
const BACKLOG = 4096;

/**
 * How long an idle connection stays open, in milliseconds. A balancer would lose what it sends while we close, so it
 * must be the one that closes: most do so after a minute, Google's after ten.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 * @see https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries
 */
const IDLE = 620_000;

/** Enough for a thousand commands at once, with room to spare, and still bounded memory. */
const CONNECTIONS = 1200;
const BYTES = 4_000_000;

/** How much memory of closed bodies to tolerate: V8 does not count it and frees it late. */
const WASTE = 16_000_000;

/** How often to log that connections were closed, in milliseconds. */
const TOLD = 60_000;

type Options = {
  slack: SlackSettings;
  clock: Clock;
  log: Log;
  /** How many files the process may open, connections included. */
  openFiles: number | undefined;
  /** Frees unused memory. */
  collect: () => void;
};

/** Where Slack's requests come in. */
export type Inlet = {
  /**
   * Starts.
   * @returns the port, in HTTP mode
   * @throws CannotListen
   */
  start(): Promise<number | undefined>;
  /**
   * In HTTP mode: ends each connection with its next answer, and resolves after `drainSeconds`, in which requests
   * are still taken. `undefined` if there is nothing to wait for.
   */
  drain(): Promise<void> | undefined;
  /** Stops accepting. Resolves when every connection has ended; `undefined` if it never started. */
  stop(): Promise<unknown> | undefined;
  /** Closes connections: one that never sends a request would keep the server open for ever. */
  cut(): void;
};

/** How Bolt is started and stopped. */
export function createInlet(app: App, options: Options): Inlet {
  let server: Awaited<ReturnType<typeof startInlet>> | undefined;
  return {
    drain() {
      const { slack, clock, log } = options;
      if (slack.socketMode || !server || !('prependListener' in server)) return undefined;
      server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
      const { drainSeconds: seconds } = slack;
      if (seconds === 0) return undefined;
      log.info({ seconds }, 'still taking commands until every balancer knows of the stop');
      return new Promise((resolve) => clock.after(seconds * 1000, resolve));
    },
    async start() {
      server = await startInlet(app, options);
      const address = 'address' in server ? server.address() : undefined;
      return typeof address === 'object' ? address?.port : undefined;
    },
    // A server that never started has nothing to stop; a socket may be opening.
    stop: () => (server || options.slack.socketMode ? app.stop() : undefined),
    cut() {
      if (server && 'closeAllConnections' in server) server.closeAllConnections();
    },
  };
}

/** In HTTP mode, idle connections crowd out only each other. */
async function startInlet(app: App, options: Options) {
  const { slack, clock, log, openFiles = Number.POSITIVE_INFINITY, collect } = options;
  if (slack.socketMode) return app.start(0);
  const where = { port: slack.port, host: slack.host, backlog: BACKLOG };
  const server = await app
    .start(where, { ...TIME_LIMITS, keepAliveTimeout: IDLE })
    .catch(cannotListen(slack, { host: 'HOST', port: 'PORT' }));
  if (!('on' in server && 'closeAllConnections' in server)) return server;

  let waste = 0;
  let closed = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  keepRoom(server, {
    // The other half is for SecurID, Slack, Redis and the files.
    connections: Math.min(CONNECTIONS, Math.floor(openFiles / 2)),
    bytes: BYTES,
    body: LARGEST_BODY,
    onClosed(bytes) {
      closed += 1;
      waste += bytes;
      if (waste > WASTE) {
        waste = 0;
        collect();
      }
      if (clock.elapsed() - toldAt < TOLD) return;
      toldAt = clock.elapsed();
      log.warn({ closed }, 'too many unfinished requests: the oldest connections are closed');
      closed = 0;
    },
  });
  return server;
}
