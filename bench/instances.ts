import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPROVALS, HELP_DESK_GROUP, MIRA } from '../src/playground/company.ts';
import { freePort } from './port.ts';
import { type RedisFigures, startRedis } from './redis.ts';
import { type Remote, remote } from './remote.ts';
import type { Memory } from './servers/memory.ts';
import type { Setting } from './setting.ts';
import { PROTECTED_DOMAIN, type Work } from './stand-ins/crowd.ts';

/** No limit of ours is met. */
const UNLIMITED = {
  SECURID_REQUESTS_PER_SECOND: '1000',
  SECURID_BURST: '100',
  SECURID_CONCURRENCY: '50',
  SECURID_CODES_PER_AGENT_HOUR: '10000',
};

/** What instances and their Redis have used so far, all together. */
export type Used = {
  cpuMs: number;
  /** Requests to SecurID. */
  securid: number;
  /** Calls of Slack, by method. */
  slack: Record<string, number>;
  redis: RedisFigures;
  rows: number;
  rowBytes: number;
};

export type Instances = Awaited<ReturnType<typeof openInstances>>;

/** So many instances with one Redis and one tenant, and a help desk of so many agents that they serve in turn. */
export async function openInstances(setting: Setting, { count = 3, agents = 0 }) {
  const { children, standIns } = setting;
  const redis = await startRedis();
  const tenant = await standIns.ask('tenant', { delay: 20 });
  // Before the instances ask who is in the group.
  await standIns.ask('join', { id: tenant.id, agents });
  const all = await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const file = join(children.folder, `instance-${number}-${performance.now()}.jsonl`);
      const opsPort = await freePort();
      const probe = new URL('servers/memory.js', import.meta.url).href;
      const server = await setting.start('desk', {
        tenant,
        nodeOptions: ['--expose-gc', '--import', probe],
        env: {
          ...UNLIMITED,
          REDIS_URL: redis.url,
          AUDIT_FILE: file,
          OPS_PORT: `${opsPort}`,
          SECURID_AGENTS: HELP_DESK_GROUP,
          SECURID_APPROVERS: MIRA,
          SECURID_APPROVAL_CHANNEL: APPROVALS,
          SECURID_PROTECTED: `*@${PROTECTED_DOMAIN}`,
        },
      });
      return { server, file, opsPort, probed: remote(server.child) as Remote<Memory> };
    }),
  );
  const urls = all.map(({ server }) => `http://127.0.0.1:${server.port}`);
  await standIns.ask('serveAt', urls);

  async function used(): Promise<Used> {
    const pages = await Promise.all(all.map(({ opsPort }) => metricsAt(opsPort)));
    const trails = all.map(({ file }) => readFileSync(file, 'utf8'));
    const sum = (name: string) => pages.reduce((total, page) => total + sumOf(page, name), 0);
    return {
      cpuMs: 1000 * sum('process_cpu_seconds_total'),
      securid: sum('securid_desk_securid_call_seconds_count'),
      slack: byMethod(pages.join('\n')),
      redis: await redis.figures(),
      rows: trails.reduce((total, text) => total + text.split('\n').length - 1, 0),
      rowBytes: trails.reduce((total, text) => total + Buffer.byteLength(text), 0),
    };
  }

  return {
    used,
    work: (work: Work) => standIns.ask('work', work),
    /** From here on only the first instance is asked. @returns its memory */
    async onlyOne(): Promise<Remote<Memory>> {
      await standIns.ask('serveAt', urls.slice(0, 1));
      const [first] = all;
      if (!first) throw new Error('there is no instance');
      return first.probed;
    },
    async stop(): Promise<void> {
      await Promise.all(all.map(({ server }) => server.stop()));
      await redis.stop();
    },
  };
}

const metricsAt = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

/** Of a metric over all its labels. */
function sumOf(page: string, name: string): number {
  const values = page.matchAll(new RegExp(`^${name}(?:\\{.*\\})? ([\\d.e+-]+)$`, 'gm'));
  return [...values].reduce((total, [, value]) => total + Number(value), 0);
}

function byMethod(pages: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const lines = pages.matchAll(/^securid_desk_slack_calls_total\{.*method="([^"]+)".*\} (\d+)$/gm);
  for (const [, method = '', value] of lines)
    counts[method] = (counts[method] ?? 0) + Number(value);
  return counts;
}
