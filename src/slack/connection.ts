import { HTTPReceiver, type Logger, LogLevel, type Receiver, webApi } from '@slack/bolt';
import type { Log } from '../log.ts';
import { isAlive } from './alive.ts';
import { LARGEST_BODY } from './inlet.ts';
import { boltLogger } from './logger.ts';
import type { SlackSettings } from './settings.ts';
import { createSocketMode, type Wrong } from './socket-mode.ts';

/** Short: a trigger lives three seconds, and a command is answered within twenty. */
export const createClient = (
  { botToken, apiUrl }: Pick<SlackSettings, 'botToken' | 'apiUrl'>,
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

/** Bolt logs each body that was cut off; anybody could cause thousands of those lines. */
const withoutAborted = (logger: Logger): Logger => ({
  ...logger,
  warn: (...said) => {
    if (!said.some((part) => /: request aborted$/.test(String(part)))) logger.warn(...said);
  },
});

/** How Slack's requests come in. */
export type Connection = { receiver: Receiver; isConnected: () => Promise<boolean | Wrong> };

type Wiring = Pick<
  Parameters<typeof createSocketMode>[0],
  'fetch' | 'openTunnel' | 'clock' | 'log' | 'onGivenUp'
> & {
  /** In HTTP mode asks Slack; in Socket Mode looks at the socket. */
  client: webApi.WebClient;
};

export function createConnection(slack: SlackSettings, { client, ...wiring }: Wiring): Connection {
  if (slack.socketMode) {
    const receiver = createSocketMode({ ...slack, ...wiring });
    return { receiver, isConnected: async () => receiver.isConnected() };
  }
  return { receiver: createHttpReceiver(slack, wiring.log), isConnected: () => isAlive(client) };
}

function createHttpReceiver(
  { signingSecret, path }: Extract<SlackSettings, { socketMode: false }>,
  log: Log,
): Receiver {
  return new HTTPReceiver({
    signingSecret,
    // Proxies and people add a trailing slash.
    endpoints: [path, `${path}/`],
    bodyLimit: LARGEST_BODY,
    logger: withoutAborted(boltLogger(log)),
  });
}
