import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type App, type Logger, SocketModeReceiver, type webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Tunnel } from '../http/proxy-settings.ts';
import { followAcknowledgements } from './acknowledgements.ts';

/** A socket to Slack, from asking for its URL until it closes. */
export type Socket = {
  /**
   * Resolves once Slack says hello.
   * @throws NoSocket
   * @throws webApi.SlackError if `apps.connections.open` fails
   */
  opened: Promise<void>;
  /** Resolves as soon as it is closed. */
  ended: Promise<void>;
  isOpen(): boolean;
  /** Once all is acknowledged that came through it. */
  close(): void;
};

/** Slack gave a URL, but no socket could be opened. */
export class NoSocket extends Error {
  override readonly name = 'NoSocket';
  /** The HTTP status of the handshake, if any; it may be a firewall's. */
  readonly status: number | undefined;
  constructor(message: string, { status, cause }: { status?: number; cause?: Error }) {
    super(message, { cause });
    this.status = status;
  }
}

export type SocketOptions = {
  /** Receives what comes through the socket. */
  app: App;
  appToken: string;
  apiUrl: string;
  fetch: typeof globalThis.fetch;
  /** Set if there is a proxy. */
  openTunnel?: (() => Tunnel) | undefined;
  clock: Clock;
  logger: Logger;
};

/** For `apps.connections.open`, and again for the handshake. Usually 0.2 s. */
const OPEN_TIMEOUT = 5000;

/** How long a pong may take, in milliseconds. */
const PONG = 2000;

/** How often to check that the socket is open, and how long closing may take. */
const LOOK = 2000;

/**
 * On its own, socket-mode 3.1 waits 305 s for a handshake, gives up after some failures, and has no socket for
 * seconds whenever Slack closes one. So each client opens a single socket and is then replaced.
 */
export function openSocket(options: SocketOptions): Socket {
  const { clock } = options;
  const impatience = new AbortController();
  const tunnel = options.openTunnel?.();
  const receiver = createReceiver(options, impatience.signal, tunnel);
  const { client } = receiver;
  const acknowledgements = followAcknowledgements(client, clock);
  const handshake = watchHandshake();
  const isActive = () => client.websocket?.isActive() ?? false;
  let isGreeted = false;
  let stopLooking = () => {};

  /** A second call does not wait for the closing handshake. */
  const close = () => void client.disconnect();

  /** The client does not close a tunnel by itself. */
  function cut(): void {
    close();
    tunnel?.cut();
  }

  function leave(): void {
    close();
    stopLooking();
    stopLooking = clock.after(LOOK, cut);
  }

  async function open(): Promise<void> {
    const hurry = new Promise<never>((_, reject) => {
      const limit = (what: string) => {
        stopLooking();
        stopLooking = clock.after(OPEN_TIMEOUT, () => {
          reject(new NoSocket(`${what} took more than ${OPEN_TIMEOUT / 1000} s`, {}));
          impatience.abort();
          close();
          cut();
        });
      };
      limit('apps.connections.open');
      client.once('authenticated', ({ url }: { url: string }) => {
        handshake.of(url);
        limit('the handshake');
      });
    });
    try {
      await Promise.race([receiver.start(), hurry]);
    } catch (error) {
      tunnel?.cut();
      // A failed handshake rejects without an error.
      throw error ?? handshake.failure();
    } finally {
      stopLooking();
      handshake.stop();
    }
    isGreeted = true;
  }

  const opened = open();
  const ended = opened.then(
    () =>
      new Promise<void>((resolve) => {
        const look = () => {
          stopLooking();
          if (isActive()) stopLooking = clock.after(LOOK, look);
          else resolve();
        };
        client.once('disconnected', look);
        // Slack says goodbye with a message.
        client.on('ws_message', () => {
          if (!isActive()) look();
        });
        look();
      }),
  );
  ended.then(leave, () => {});
  return {
    ...{ opened, ended, isOpen: () => isGreeted && isActive() },
    close: () => acknowledgements.afterAll(leave),
  };
}

function createReceiver(
  { app, appToken, apiUrl, fetch, logger }: SocketOptions,
  signal: AbortSignal,
  tunnel: Tunnel | undefined,
): SocketModeReceiver {
  const clientOptions: webApi.WebClientOptions = {
    slackApiUrl: apiUrl,
    fetch: (input, init) =>
      fetch(input, {
        ...init,
        signal: AbortSignal.any([signal, ...(init?.signal ? [init.signal] : [])]),
      }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  };
  const receiver = new SocketModeReceiver({
    appToken,
    ...(tunnel && { dispatcher: tunnel.dispatcher }),
    autoReconnectEnabled: false,
    clientPingTimeout: PONG,
    // The caller logs failures and their reason.
    logger: { ...logger, error: logger.debug },
    installerOptions: { clientOptions },
    async processEventErrorHandler({ error }) {
      logger.error('Bolt could not handle a request', error);
      return false;
    },
  });
  receiver.init(app);
  return receiver;
}

const Told = z.object({
  request: z.object({ origin: z.string(), path: z.string() }),
  response: z.object({ statusCode: z.number() }).optional(),
  error: z.instanceof(Error).optional(),
});

/**
 * Why a handshake failed. A WebSocket does not say; undici does.
 * @see https://undici.nodejs.org/#/docs/api/DiagnosticsChannel
 */
function watchHandshake() {
  const channels = ['undici:request:headers', 'undici:request:error'];
  let wanted: string | undefined;
  let status: number | undefined;
  let cause: Error | undefined;

  function hear(message: unknown): void {
    const { data } = Told.safeParse(message);
    if (!data || data.request.origin + data.request.path !== wanted) return;
    status = data.response?.statusCode ?? status;
    cause = data.error ?? cause;
  }

  return {
    of(url: string): void {
      const { protocol, host, pathname, search } = new URL(url);
      wanted = `${protocol === 'wss:' ? 'https:' : 'http:'}//${host}${pathname}${search}`;
      for (const channel of channels) subscribe(channel, hear);
    },
    failure: () =>
      new NoSocket('the handshake failed', {
        ...(status !== undefined && { status }),
        ...(cause && { cause }),
      }),
    stop(): void {
      for (const channel of channels) unsubscribe(channel, hear);
    },
  };
}
