import { systemClock } from '../../src/clock.ts';
import { slackCompany } from '../../src/playground/company.ts';
import { type RateLimit, startTenant, type Tenant } from '../../src/playground/tenant/index.ts';
import { startWorkspace } from '../../src/playground/workspace/index.ts';
import { SIGNING_SECRET } from '../commands.ts';
import { answerParent } from '../remote.ts';
import { AGENTS, type Changes, inviteAgents, startChanges } from './changes.ts';
import { startCountingServer } from './counting-server.ts';
import { type Crowd, createCrowd, type Work } from './crowd.ts';
import { limitPerMinute } from './minute-window.ts';
import { withSpareTokens } from './spare-tokens.ts';

export type Limit = RateLimit | { perMinute: number };

const BOT_TOKEN = 'xoxb-1111-2222-bench-token';

const tenants: Tenant[] = [];
const workspace = await startWorkspace({
  clock: systemClock,
  botToken: BOT_TOKEN,
  signingSecret: SIGNING_SECRET,
  ...slackCompany(),
});
inviteAgents(workspace);
/** Response URLs whose answers are not awaited. */
const answers = await startCountingServer((response) => response.end('ok'));
/** Accepts requests and never answers. */
const silent = await startCountingServer(() => {});

let changes: Changes | undefined;
let crowd: Crowd | undefined;

const functions = {
  addresses: () => ({
    botToken: BOT_TOKEN,
    slackApi: workspace.apiUrl,
    answers: answers.url,
    silent: silent.url,
    agents: AGENTS,
  }),

  /** Starts a tenant with its own limit. */
  async tenant({ delay, limit }: { delay: number; limit?: Limit }) {
    const records = withSpareTokens(systemClock.now());
    const tenant = await startTenant({ clock: systemClock, records });
    tenant.setDelay(delay);
    if (limit && 'perMinute' in limit) limitPerMinute(tenant, limit.perMinute);
    else tenant.rateLimit(limit);
    return { id: tenants.push(tenant) - 1, apiKey: tenant.apiKey };
  },

  traffic(id: number) {
    const ended = tenants[id]?.requests.filter(({ status }) => status !== undefined) ?? [];
    return {
      requests: ended.length,
      refused: ended.filter(({ status }) => status === 429).length,
    };
  },

  /** Agents ask this server for so many registration codes a minute. */
  startChanges({ id, port, perMinute }: { id: number; port: number; perMinute: number }) {
    const tenant = tenants[id];
    if (!tenant) throw new Error('no such tenant');
    const url = `http://127.0.0.1:${port}/slack/events`;
    changes = startChanges(workspace, tenant, { url, perMinute });
  },

  /** How many were asked for and how many were issued. */
  async stopChanges(id: number) {
    const asked = (await changes?.stop()) ?? 0;
    return { asked, issued: tenants[id]?.issuedCodes.length ?? 0 };
  },

  /** So many agents join the help desk. */
  join({ id, agents }: { id: number; agents: number }) {
    const tenant = tenants[id];
    if (!tenant) throw new Error('no such tenant');
    crowd = createCrowd(workspace, tenant);
    crowd.join(agents);
  },

  /** These instances serve them in turn. */
  serveAt: (urls: string[]) => crowd?.serveAt(urls),

  /** They do something; resolves with how long each took, in milliseconds. */
  work: (work: Work) => crowd?.work(work) ?? [],

  answered: (kind: string) => answers.counts[kind] ?? 0,
};

export type StandIns = typeof functions;
export type Addresses = ReturnType<StandIns['addresses']>;
export type TenantAddress = Awaited<ReturnType<StandIns['tenant']>>;

answerParent(functions);
