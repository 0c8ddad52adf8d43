import { createServer } from 'node:net';
import { webApi } from '@slack/bolt';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import type { Services } from '../services.ts';
import type { SlackAccess } from '../slack-access.ts';
import { inSlack, isWord } from '../slack-trouble.ts';

/** How Slack's requests come in: by a socket, or to a port. */
export const delivery: Check = {
  area: 'Slack',
  name: 'requests from Slack',
  async run(services) {
    const { slack, config } = services;
    if (!config.slack) return [];
    if (!config.slack.socketMode) return [signingSecret(config.slack.path), await port(services)];
    return slack ? socket(slack, config.slack.appToken, services.reach) : [];
  },
};

async function socket(
  slack: SlackAccess,
  appToken: string,
  reach: Services['reach'],
): Promise<Finding[]> {
  let url: string;
  try {
    url = await slack.askForSocket(appToken);
  } catch (error) {
    return [noSocket(error, slack.host)];
  }
  return [
    ok('app token', 'Slack offers a socket (Socket Mode); none was opened'),
    ...(await ofOneApp(slack, appToken)),
    ...(await hostOfSocket(url, reach)),
  ];
}

/** Sockets come from a host of their own, which a firewall or a proxy may not let through. */
async function hostOfSocket(url: string, reach: Services['reach']): Promise<Finding[]> {
  const { host, protocol } = new URL(url);
  try {
    await reach(`${protocol === 'ws:' ? 'http' : 'https'}://${host}`);
    return [];
  } catch (error) {
    return [inSlack('socket', error, host)];
  }
}

function noSocket(error: unknown, host: string): Finding {
  const finding = inSlack('app token', error, host);
  if (!(error instanceof webApi.WebAPIPlatformError) || !isWord(error.data.error)) return finding;
  return failed('app token', `Slack gives no socket for it (${error.data.error})`, {
    remedy: 'Turn Socket Mode on, and make an app-level token with connections:write.',
    symptom: 'slack-gives-no-socket',
  });
}

/** An app token names its app, as in `xapp-1-A0123456789-…`. */
async function ofOneApp(slack: SlackAccess, appToken: string): Promise<Finding[]> {
  const ofSocket = /^xapp-\d+-(A[A-Z\d]+)-/.exec(appToken)?.[1];
  const ofBot = await appOf(slack).catch(() => undefined);
  if (!ofSocket || !ofBot || ofSocket === ofBot) return [];
  return [
    failed('app token', `belongs to the app ${ofSocket}, but the bot token belongs to ${ofBot}`, {
      remedy: 'Take both tokens from the same app; otherwise no command arrives.',
      symptom: 'the-two-tokens-belong-to-different-apps',
    }),
  ];
}

/** https://docs.slack.dev/reference/methods/bots.info */
async function appOf(slack: SlackAccess): Promise<unknown> {
  const { bot_id } = await slack.ask('auth.test');
  const { bot } = await slack.ask('bots.info', { bot: bot_id });
  return bot instanceof Object && 'app_id' in bot ? bot.app_id : undefined;
}

const signingSecret = (path: string): Finding =>
  warning(
    'signing secret',
    'looks right; only a request from Slack shows whether it is this app’s',
    {
      remedy: `Type /securid help in Slack: it has to reach ${path} and be answered.`,
    },
  );

async function port({ config: { slack }, isRunning }: Services): Promise<Finding> {
  if (!slack || slack.socketMode) return ok('PORT', 'not used');
  return portLine('PORT', await stateOf(slack.host, slack.port), slack, await isRunning());
}

/** Where probes and metrics are served. */
export const opsPort: Check = {
  area: 'This machine',
  name: 'OPS_PORT',
  async run({ config: { ops }, isRunning }) {
    return [portLine('OPS_PORT', await stateOf(ops.host, ops.port), ops, await isRunning())];
  },
};

type Place = { host: string; port: number };

function portLine(name: string, state: string, { host, port }: Place, isOurs: boolean): Finding {
  const place = `${host}:${port}`;
  if (state === 'free') return ok(name, port === 0 ? 'any port that is free' : `${place} is free`);
  if (state === 'EADDRINUSE') {
    if (isOurs) return ok(name, `${place} is taken by SecurID Desk, which is running`);
    return failed(name, `${place} is taken by another program`, {
      remedy: `Stop that program, or set ${name} to a free port.`,
      symptom: 'another-program-uses-the-port',
    });
  }
  const why = state === 'EACCES' ? 'this user may not listen there' : state;
  return failed(name, `${place} cannot be used: ${why}`, {
    remedy:
      state === 'EACCES'
        ? `Set ${name} to 1024 or above.`
        : 'Set the host to an address of this machine, such as 0.0.0.0.',
    symptom: 'it-cannot-listen-there',
  });
}

/** Listens for a moment, which shows more than connecting would. Resolves to `free` or to Node's code. */
function stateOf(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.name));
    server.listen(port, host, () => server.close(() => resolve('free')));
  });
}
