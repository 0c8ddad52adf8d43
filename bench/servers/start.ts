import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Children } from '../children.ts';
import { AGENT, COLLEAGUE, SIGNING_SECRET, type SignedCommand } from '../commands.ts';
import { freePort } from '../port.ts';
import { createSender, type Sender } from '../sender.ts';
import type { Addresses, TenantAddress } from '../stand-ins/main.ts';

/** The whole product, Bolt's hello world, or the usual way to write one. */
export type Kind = 'desk' | 'hello' | 'usual';

const SCRIPTS: Record<Kind, string> = {
  desk: 'main.js',
  hello: 'bench/servers/hello.js',
  usual: 'bench/servers/usual.js',
};

/** As in `npm start`. */
const FLAGS: Record<Kind, string[]> = {
  desk: ['--max-semi-space-size=8', '--no-concurrent-marking'],
  hello: [],
  usual: [],
};

export type Server = {
  child: ChildProcess;
  port: number;
  sender: Sender;
  /** Milliseconds from the start of the process to its first acknowledgement. */
  startedIn: number;
  stop(): Promise<void>;
};

export type ServerOptions = {
  env?: Record<string, string>;
  nodeOptions?: string[];
};

/** Starts a server in its own process, and waits until it acknowledges. */
export async function startServer(
  kind: Kind,
  { children, ping }: { children: Children; ping: () => SignedCommand },
  { env = {}, nodeOptions = [] }: ServerOptions,
): Promise<Server> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = children.start(SCRIPTS[kind], {
    env: { ...env, PORT: String(port) },
    nodeOptions: [...FLAGS[kind], ...nodeOptions],
  });
  const sender = createSender(port);
  await sender.first(ping);
  return {
    child,
    port,
    sender,
    startedIn: performance.now() - startedAt,
    async stop() {
      sender.close();
      await children.stop(child);
    },
  };
}

/** The settings for Slack and the tenant that all of them need. */
export function environment(
  { botToken, slackApi }: Pick<Addresses, 'botToken' | 'slackApi'>,
  { apiKey }: Pick<TenantAddress, 'apiKey'>,
  folder: string,
): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slackApi,
    HOST: '127.0.0.1',
    OPS_PORT: '0',
    SECURID_API_KEY: JSON.stringify(apiKey),
    SECURID_AGENTS: [AGENT, COLLEAGUE].join(','),
    AUDIT_FILE: join(folder, `audit-${performance.now()}.jsonl`),
  };
}
