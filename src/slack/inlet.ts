import type { App } from '@slack/bolt';
import type { Clock } from '../clock.ts';
import { keepRoom, TIME_LIMITS } from '../http/limits.ts';
import type { Log } from '../log.ts';
import type { SlackSettings } from './settings.ts';

/** The largest body that is taken: a press on a long message comes with all of its blocks. */
export const LARGEST_BODY = 256 * 1024;

/**
 * Connections that wait to be accepted. Of a thousand at once Node's usual 511 turns the rest away, and
 * they come again a second later.
 */
const BACKLOG = 4096;

/** More than a thousand commands at once need, and memory for little more than half as much again. */
const CONNECTIONS = 1200;
const BYTES = 4_000_000;

/** So much of closed bodies may lie about: V8 does not count it, and leaves it for long. */
const WASTE = 16_000_000;

/** How often the log tells that connections are closed, in milliseconds. */
const TOLD = 60_000;

type Options = {
  slack: SlackSettings;
  clock: Clock;
  log: Log;
  /** How many files the process may have open, connections among them. */
  openFiles: number | undefined;
  /** Frees what nobody needs any more. */
  collect: () => void;
};

/** Where Slack's requests come in. */
export type Inlet = {
  /** Lets them in. @returns the port, in HTTP mode */
  start(): Promise<number | undefined>;
  /** Lets no more in. Resolves when every connection has ended; `undefined` where nothing was started. */
  stop(): Promise<unknown> | undefined;
  /** Ends connections: one that never sent a request would hold the server for ever. */
  cut(): void;
};

/** How Bolt is started and stopped. */
export function createInlet(app: App, options: Options): Inlet {
  let server: Awaited<ReturnType<typeof startInlet>> | undefined;
  return {
    async start() {
      server = await startInlet(app, options);
      const address = 'address' in server ? server.address() : undefined;
      return typeof address === 'object' ? address?.port : undefined;
    },
    // A server that has not started has nothing to stop; a socket may be being opened.
    stop: () => (server || options.slack.socketMode ? app.stop() : undefined),
    cut() {
      if (server && 'closeAllConnections' in server) server.closeAllConnections();
    },
  };
}

/** In HTTP mode whoever parks connections crowds out their own alone. */
async function startInlet(app: App, options: Options) {
  const { slack, clock, log, openFiles = Number.POSITIVE_INFINITY, collect } = options;
  if (slack.socketMode) return app.start(0);
  const where = { port: slack.port, host: slack.host, backlog: BACKLOG };
  const server = await app.start(where, TIME_LIMITS);
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
