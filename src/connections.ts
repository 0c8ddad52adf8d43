import { HTTPReceiver, LogLevel, type Receiver, SocketModeReceiver, webApi } from '@slack/bolt';
import type { Config } from './config.ts';
import { boltLogger, type Log } from './log.ts';
import { isAlive } from './slack/alive.ts';

type SlackConfig = Config['slack'];

/** Short: a trigger lives three seconds, and a command is answered within twenty. */
export const createClient = (
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

/** In Socket Mode the socket tells; in HTTP mode Slack is asked. */
export const isConnected = (receiver: Receiver, client: webApi.WebClient): Promise<boolean> =>
  receiver instanceof SocketModeReceiver
    ? Promise.resolve(receiver.client.websocket?.isActive() ?? false)
    : isAlive(client);

/**
 * Giving up would be an unhandled rejection and a bot that hears nothing. Without a longest pause they
 * grow by a third for as long as Slack is away.
 */
const RECONNECT = { forever: true, factor: 1.3, maxTimeout: 30_000 };

/**
 * How long a pong may take, and how long socket-mode 3.1 is without a socket after Slack has ended one, as it does several
 * times a day: both are this one option, 5 s by default.
 * @see https://github.com/slackapi/node-slack-sdk/blob/main/packages/socket-mode/src/SocketModeClient.ts `delayReconnectAttempt`
 */
const PONG = 2000;

/** How Slack's requests come in. */
export function createReceiver(slack: SlackConfig, log: Log): Receiver {
  const logger = boltLogger(log);
  if (slack.socketMode) {
    const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: RECONNECT };
    return new SocketModeReceiver({
      appToken: slack.appToken,
      clientPingTimeout: PONG,
      logger,
      installerOptions: { clientOptions },
    });
  }
  return new HTTPReceiver({
    signingSecret: slack.signingSecret,
    // Proxies and people add a slash.
    endpoints: [slack.path, `${slack.path}/`],
    bodyLimit: '256kb',
    logger,
  });
}
