import type { z } from 'zod';
import type { RoleMembers } from '../desk/roles.ts';
import type { ApprovalPolicy, UnmatchedPolicy } from '../guard/gate/facts.ts';
import type { Protected } from '../guard/gate/protection.ts';
import type { LimitSettings } from '../guard/limits/limit.ts';
import type { ProxySettings } from '../http/proxy-settings.ts';
import type { ChangeSettings } from '../operations/changes.ts';
import type { LicensePolicy } from '../operations/license-usage/licenses.ts';
import type { LicenseSchedule } from '../operations/license-usage/schedule/times.ts';
import type { Credentials, Pace } from '../securid/index.ts';
import type { SlackSettings } from '../slack/settings.ts';
import { tellCombinations, tellUnchecked } from './combinations.ts';
import { Environment, nameIn, VARIABLES } from './environment.ts';
import { type Problems, type ReadFile, readSecrets } from './secrets.ts';
import { readCredentials } from './tenant-credentials.ts';
import { type Unread, unreadIn } from './unread.ts';
import { bare } from './values.ts';

export type Config = {
  slack: SlackSettings;
  securid: { credentials: Credentials; authenticatorApi: 1 | 2; pace: Partial<Pace> };
  roles: RoleMembers;
  /** The only workspaces whose people may use the app; empty for all of the installation. */
  workspaces: string[];
  licenses: LicensePolicy;
  licenseSchedule: LicenseSchedule;
  protection: Protected;
  /** Groups of domains that mean the same mailbox, in A-labels. */
  emailDomains: string[][];
  unmatched: UnmatchedPolicy;
  /** What switches changes on, by name. */
  changes: string[];
  changeSettings: ChangeSettings;
  limits: LimitSettings;
  verification: { methods: string[]; minutes: number; ticketPattern: RegExp | undefined };
  approval: { policy: ApprovalPolicy; channel: string | undefined };
  securityChannel: string | undefined;
  /** Where probes and metrics are served. */
  ops: { host: string; port: number };
  auditFile: string;
  auditChannel: string | undefined;
  /** The state file. */
  stateFile: string;
  /** The Ed25519 key that signs the trail. */
  auditKeyFile: string;
  /** The Redis that instances share. */
  redisUrl: string | undefined;
  /** The proxies for what goes to Slack and SecurID. */
  proxy: ProxySettings;
  /** Proxy variables that are set but have no effect. */
  withoutEffect: ('ALL_PROXY' | 'NO_PROXY')[];
  /** Variables that are set but not read, because no setting has their name. */
  unread: Unread[];
  logLevel: string;
};

/** Unless it is configured, or more codes are allowed. */
const CHANGES_PER_AGENT_HOUR = 30;

/** All problems of the environment, one per line, without values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The configuration has problems:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the environment once, at start.
 * @param readFile reads the files that hold secrets
 * @throws ConfigError that names every problem
 */
export async function readConfig(env: Env, readFile: ReadFile): Promise<Config> {
  const { config, problems } = await readAsFarAsPossible(env, readFile);
  const { slack, slackApi: _, securid, ...others } = config;
  if (!slack || !securid || problems.length > 0) throw new ConfigError(problems);
  return { ...others, slack, securid };
}

type Env = Record<string, string | undefined>;

/** A configuration with what could be read; the rest is as if it had not been set. */
export type PartialConfig = Omit<Config, 'slack' | 'securid'> & {
  slack: Config['slack'] | undefined;
  /** What the Web API needs, even if the settings do not say how Slack's requests come in. */
  slackApi: Pick<Config['slack'], 'botToken' | 'apiUrl'> | undefined;
  securid: Config['securid'] | undefined;
};

/** Every problem of the environment, a line each and without values, and what can be used in spite of them. */
export async function readAsFarAsPossible(
  env: Env,
  readFile: ReadFile,
): Promise<{ config: PartialConfig; problems: string[] }> {
  const problems: Problems = [];
  const secrets = readSecrets(setIn(env), readFile, problems);
  const { data, error } = Environment.safeParse(secrets.values);
  for (const { path, message } of error?.issues ?? []) {
    const name = path.join('.');
    if (!secrets.areLost(name)) problems.push(`${nameIn(env, secrets.nameOf(name))}: ${message}`);
  }

  const readable = data ?? withoutBad(secrets.values, error);
  // Reports all problems at once: a wrong value is not a missing one.
  const values = { ...readable, ...badIn(secrets.values, error) } as Environment;
  tellCombinations(values, secrets, problems);
  tellUnchecked(env, problems);
  const credentials = await readCredentials(values, secrets, problems);
  const isBad = (name: RegExp) => problems.some((problem) => name.test(problem));
  // While the proxy's URL is wrong, nothing may leave without it; nor while anybody could read what leaves.
  const mayLeave = !isBad(/^(?:https?_proxy|NODE_TLS)/i);
  return {
    problems,
    config: {
      ...readRest(readable, env),
      slack: isBad(/^(?:SLACK_|HOST|PORT)/) ? undefined : readSlack(readable),
      slackApi: mayLeave && !isBad(/^SLACK_(?:BOT_TOKEN|API_URL)/) ? slackApi(readable) : undefined,
      securid:
        mayLeave && credentials && !isBad(/^SECURID_(?:API|OAUTH|ADMIN)_/)
          ? readSecurID(readable, credentials)
          : undefined,
    },
  };
}

/** The settings without the wrong ones. A bot token is required, so a made-up one stands in; no caller uses it. */
function withoutBad(set: Env, error: z.ZodError | undefined): Environment {
  const bad = badIn(set, error);
  const good = Object.entries(set).filter(([name]) => !Object.hasOwn(bad, name));
  return Environment.parse({ SLACK_BOT_TOKEN: NO_TOKEN, ...Object.fromEntries(good) });
}

/** The wrong ones, as they were set. */
function badIn(set: Env, error: z.ZodError | undefined): Env {
  const bad = new Set(error?.issues.map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(set).filter(([name]) => bad.has(name)));
}

const NO_TOKEN = 'xoxb-none';

const readSecurID = (data: Environment, credentials: Credentials): Config['securid'] => ({
  credentials,
  authenticatorApi: data.SECURID_AUTHENTICATOR_API === '1' ? 1 : 2,
  pace: {
    requestsPerSecond: data.SECURID_REQUESTS_PER_SECOND,
    burst: data.SECURID_BURST,
    concurrency: data.SECURID_CONCURRENCY,
  },
});

function readRest(data: Environment, env: Env): Omit<Config, 'slack' | 'securid'> {
  return {
    roles: rolesIn(data),
    workspaces: data.SECURID_WORKSPACES,
    licenses: {
      purchased: data.SECURID_LICENSES_PURCHASED,
      warnFrom: data.SECURID_LICENSE_WARN / 100,
    },
    licenseSchedule: {
      channel: data.SECURID_LICENSE_CHANNEL,
      cron: data.SECURID_LICENSE_SCHEDULE,
      timeZone: data.SECURID_TIME_ZONE,
    },
    protection: data.SECURID_PROTECTED,
    emailDomains: data.SECURID_EMAIL_DOMAINS,
    unmatched: data.SECURID_UNMATCHED,
    changes: data.SECURID_CHANGES,
    changeSettings: { emergencyHours: data.SECURID_EMERGENCY_HOURS },
    limits: {
      // Whoever allows more codes than that means it.
      changesPerAgentHour:
        data.SECURID_CHANGES_PER_AGENT_HOUR ??
        Math.max(CHANGES_PER_AGENT_HOUR, data.SECURID_CODES_PER_AGENT_HOUR),
      protectionsPerAgentHour: data.SECURID_PROTECTIONS_PER_AGENT_HOUR,
      codesPerAgentHour: data.SECURID_CODES_PER_AGENT_HOUR,
      codesPerUserDay: data.SECURID_CODES_PER_TARGET_DAY,
    },
    verification: {
      methods: data.SECURID_VERIFICATION_METHODS,
      minutes: data.SECURID_VERIFICATION_MINUTES,
      ticketPattern: data.SECURID_TICKET_PATTERN,
    },
    approval: readApproval(data),
    securityChannel: data.SECURID_SECURITY_CHANNEL,
    ops: { host: data.OPS_HOST, port: data.OPS_PORT },
    auditFile: data.AUDIT_FILE,
    auditChannel: data.AUDIT_CHANNEL,
    stateFile: data.STATE_FILE ?? `${data.AUDIT_FILE}.state`,
    auditKeyFile: data.AUDIT_KEY_FILE ?? `${data.AUDIT_FILE}.key`,
    redisUrl: data.REDIS_URL,
    proxy: { http: data.HTTP_PROXY, https: data.HTTPS_PROXY, none: data.NO_PROXY.hosts },
    withoutEffect: withoutEffect(data, env),
    unread: unreadIn(env),
    logLevel: data.LOG_LEVEL,
  };
}

/** The variables that are set; an empty value means "not set". */
export function setIn(env: Record<string, string | undefined>): Record<string, string> {
  const given = VARIABLES.map((name) => [name, bare(env[nameIn(env, name)] ?? '')]);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

type RoleVariables = 'SECURID_AGENTS' | 'SECURID_MANAGERS' | 'SECURID_APPROVERS';

export const rolesIn = (env: Pick<Environment, RoleVariables>): RoleMembers => ({
  agent: env.SECURID_AGENTS,
  manager: env.SECURID_MANAGERS,
  approver: env.SECURID_APPROVERS,
});

function withoutEffect(
  { HTTP_PROXY, HTTPS_PROXY, NO_PROXY }: Environment,
  env: Env,
): Config['withoutEffect'] {
  if (HTTP_PROXY || HTTPS_PROXY) return NO_PROXY.hasOthers ? ['NO_PROXY'] : [];
  return bare(env[nameIn(env, 'ALL_PROXY')] ?? '') ? ['ALL_PROXY'] : [];
}

/** The Slack user groups, each with the variables that name it. */
export function groupsIn({
  roles,
  protection,
}: Pick<Config, 'roles' | 'protection'>): Map<string, string[]> {
  const named: [variable: string, ids: string[]][] = [
    ['SECURID_AGENTS', roles.agent],
    ['SECURID_MANAGERS', roles.manager],
    ['SECURID_APPROVERS', roles.approver],
    ['SECURID_PROTECTED', protection.groups],
  ];
  const groups = new Map<string, string[]>();
  for (const [variable, ids] of named) {
    for (const id of ids.filter((one) => one.startsWith('S'))) {
      groups.set(id, [...(groups.get(id) ?? []), variable]);
    }
  }
  return groups;
}

/** Without an approval channel, protected users are refused. */
function readApproval(env: Environment): Config['approval'] {
  const { SECURID_APPROVAL: policy, SECURID_APPROVAL_CHANNEL: channel } = env;
  return { policy: channel ? policy : 'never', channel };
}

function readSlack(env: Environment): Config['slack'] | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  const both = slackApi(env);
  if (appToken) return { ...both, socketMode: true, appToken };
  if (signingSecret) {
    const { HOST: host, PORT: port, SLACK_PATH: path, DRAIN_SECONDS: drainSeconds } = env;
    return { ...both, socketMode: false, signingSecret, host, port, path, drainSeconds };
  }
  return undefined;
}

const slackApi = (env: Environment) => ({
  botToken: env.SLACK_BOT_TOKEN,
  // Slack's client appends the method to it.
  apiUrl: `${env.SLACK_API_URL}`.replace(/\/*$/, '/'),
});
