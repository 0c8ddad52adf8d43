import { z } from 'zod';
import type { LicensePolicy } from './operations/license-usage/licenses.ts';
import {
  FIRST_WORKING_DAY,
  isCron,
  isTimeZone,
  type LicenseSchedule,
} from './operations/license-usage/schedule/times.ts';
import type { ApprovalPolicy, Protected } from './operations/registration-code/gate.ts';
import type { CodeLimits } from './operations/registration-code/limits.ts';
import type { RoleMembers } from './operations/roles.ts';
import {
  type Credentials,
  DEFAULT_PACE,
  type Pace,
  readApiKey,
  readOAuthPrivateKey,
} from './securid/index.ts';
import { LIMITS } from './slack/limits.ts';

export type Config = {
  slack: { botToken: string; apiUrl: string } & (
    | { socketMode: true; appToken: string }
    | { socketMode: false; signingSecret: string; host: string; port: number }
  );
  securid: { credentials: Credentials; authenticatorApi: 1 | 2; pace: Partial<Pace> };
  roles: RoleMembers;
  licenses: LicensePolicy;
  licenseSchedule: LicenseSchedule;
  protection: Protected;
  codeLimits: CodeLimits;
  verification: { methods: string[]; ticketPattern: RegExp | undefined };
  approval: { policy: ApprovalPolicy; channel: string | undefined };
  securityChannel: string | undefined;
  /** Where probes and Prometheus ask. */
  ops: { host: string; port: number };
  auditFile: string;
  auditChannel: string | undefined;
  /** Where several instances have in common what they must. */
  redisUrl: string | undefined;
  logLevel: string;
};

const USUAL_METHODS = [
  'Call back to the number on file',
  'In person with badge',
  'Video with badge',
  'Manager confirmed',
];

/** Every problem of the environment, one a line; no value is in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The configuration has problems:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `http://` would show keys and codes to whoever listens; on loopback nobody does. */
const secureUrl = z.url({ protocol: /^https?$/, error: 'must be a URL', abort: true }).refine(
  (text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || LOOPBACK.has(hostname);
  },
  { error: 'must begin with https:// unless the host is loopback' },
);

const NO_REDIS_URL = { error: 'must be a URL that begins with redis:// or rediss://' };

const redisUrl = z
  .url({ ...NO_REDIS_URL, protocol: /^rediss?$/, abort: true })
  .refine((text) => new URL(text).hostname !== '', NO_REDIS_URL);

const slackIds = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((id) => id.trim())
      .filter(Boolean),
  )
  .refine((ids) => ids.every((id) => /^[SUW][A-Z0-9]{2,}$/.test(id)), {
    error: 'must be Slack user-group ids (S…) and user ids (U…, W…), separated by commas',
  });

const isGroup = (id: string) => /^S[A-Z0-9]{2,}$/.test(id);
const isUser = (id: string) => /^[UW][A-Z0-9]{2,}$/.test(id);
const isDomain = (text: string) => /^\*@[^\s@*]+$/.test(text);
const isEmail = (text: string) => /^[^\s@*]+@[^\s@*]+$/.test(text);

const protection = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )
  .refine((all) => all.every((one) => [isGroup, isUser, isDomain, isEmail].some((is) => is(one))), {
    error:
      'must be Slack user-group ids (S…), user ids (U…, W…), e-mail addresses and *@domain, separated by commas',
  })
  .transform(
    (all): Protected => ({
      groups: all.filter(isGroup),
      userIds: all.filter(isUser),
      emails: all.filter(isEmail).map((one) => one.toLowerCase()),
      domains: all.filter(isDomain).map((one) => one.slice(2).toLowerCase()),
    }),
  );

const channelId = z.string().regex(/^[CG][A-Z0-9]{2,}$/, { error: 'must be a channel id (C…)' });

/** Slack's options are that long, and that many. */
const methods = z
  .string()
  .default('')
  .transform((text) => {
    const named = text.split(',').map((one) => one.trim());
    const all = [...new Set(named.filter(Boolean))];
    return all.length > 0 ? all : USUAL_METHODS;
  })
  .refine((all) => all.length <= 100 && all.every((one) => one.length <= LIMITS.optionText), {
    error: `must be at most 100 names of at most ${LIMITS.optionText} characters, separated by commas`,
  });

/** Has to match a ticket number as a whole. */
const pattern = z.string().transform((text, { issues }) => {
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch {
    issues.push({ code: 'custom', input: text, message: 'must be a regular expression' });
    return z.NEVER;
  }
});

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: 'must be a whole number', abort: true })
    .transform(Number)
    .refine((value) => value >= from && value <= to, {
      error: `must be between ${from} and ${to}`,
    });

const Environment = z.object({
  SLACK_BOT_TOKEN: z
    .string({ error: 'is missing' })
    .regex(/^xoxb-\S+$/, { error: 'must be a bot token (xoxb-…)' }),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-\S+$/, { error: 'must be an app-level token (xapp-…)' })
    .optional(),
  SLACK_SIGNING_SECRET: z.string().min(8, { error: 'is too short' }).optional(),
  HOST: z.string().default('0.0.0.0'),
  PORT: wholeNumber(0, 65535).default(3000),
  OPS_HOST: z.string().default('127.0.0.1'),
  OPS_PORT: wholeNumber(0, 65535).default(9090),
  SLACK_API_URL: secureUrl.default('https://slack.com/api/'),
  SECURID_API_KEY: z.string().optional(),
  SECURID_API_KEY_FILE: z.string().optional(),
  SECURID_OAUTH_ISSUER_URL: secureUrl.optional(),
  SECURID_OAUTH_CLIENT_ID: z.string().optional(),
  SECURID_OAUTH_PRIVATE_KEY: z.string().optional(),
  SECURID_OAUTH_PRIVATE_KEY_FILE: z.string().optional(),
  SECURID_OAUTH_SCOPE: z.string().optional(),
  SECURID_ADMIN_API_URL: secureUrl.optional(),
  SECURID_AUTHENTICATOR_API: z.enum(['1', '2'], { error: 'must be 1 or 2' }).default('2'),
  SECURID_AGENTS: slackIds,
  SECURID_MANAGERS: slackIds,
  SECURID_APPROVERS: slackIds,
  SECURID_PROTECTED: protection,
  SECURID_CODES_PER_AGENT_HOUR: wholeNumber(1, 10_000).default(10),
  SECURID_CODES_PER_TARGET_DAY: wholeNumber(1, 10_000).default(3),
  SECURID_VERIFICATION_METHODS: methods,
  SECURID_TICKET_PATTERN: pattern.optional(),
  SECURID_APPROVAL: z
    .enum(['protected', 'always', 'never'], { error: 'must be protected, always or never' })
    .default('protected'),
  SECURID_APPROVAL_CHANNEL: channelId.optional(),
  SECURID_SECURITY_CHANNEL: channelId.optional(),
  SECURID_REQUESTS_PER_SECOND: wholeNumber(1, 1000).optional(),
  SECURID_BURST: wholeNumber(1, 1000).default(DEFAULT_PACE.burst),
  SECURID_CONCURRENCY: wholeNumber(1, 100).default(DEFAULT_PACE.concurrency),
  SECURID_LICENSES_PURCHASED: wholeNumber(1, 100_000_000).optional(),
  SECURID_LICENSE_WARN: wholeNumber(1, 100).default(90),
  SECURID_LICENSE_CHANNEL: channelId.optional(),
  SECURID_LICENSE_SCHEDULE: z
    .string()
    .refine(isCron, { error: 'must be a cron line of five fields' })
    .default(FIRST_WORKING_DAY),
  SECURID_TIME_ZONE: z
    .string()
    .refine(isTimeZone, { error: 'must be a time zone such as Europe/Berlin' })
    .default('UTC'),
  AUDIT_FILE: z.string().default('audit.jsonl'),
  AUDIT_CHANNEL: channelId.optional(),
  REDIS_URL: redisUrl.optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
});

type Environment = z.output<typeof Environment>;
type Problems = string[];
type ReadFile = (path: string) => string;

/** Every variable that is read, for `.env.example` and the README to be compared with. */
export const VARIABLES = Object.keys(Environment.shape);

/**
 * Reads the environment once, at start.
 * @param readFile reads the files that some variables name
 * @throws ConfigError that names every problem
 */
export async function readConfig(
  env: Record<string, string | undefined>,
  readFile: ReadFile,
): Promise<Config> {
  const problems: Problems = [];
  // In a shell or an .env file "not set" is often written as an empty value.
  const set = Object.entries(env).filter(
    ([name, value]) => VARIABLES.includes(name) && value !== undefined && value.trim() !== '',
  );
  const { data, error } = Environment.safeParse(Object.fromEntries(set));
  for (const { path, message } of error?.issues ?? [])
    problems.push(`${path.join('.')}: ${message}`);

  // What can be said of the rest is said as well, so that nobody mends one line at a time.
  const values = (data ?? Object.fromEntries(set)) as Environment;
  tellApproval(values, problems);
  const slack = readSlack(values, problems);
  const credentials = await readCredentials(values, readFile, problems);
  if (!data || !slack || !credentials || problems.length > 0) throw new ConfigError(problems);

  return {
    slack,
    securid: {
      credentials,
      authenticatorApi: data.SECURID_AUTHENTICATOR_API === '1' ? 1 : 2,
      pace: {
        requestsPerSecond: data.SECURID_REQUESTS_PER_SECOND,
        burst: data.SECURID_BURST,
        concurrency: data.SECURID_CONCURRENCY,
      },
    },
    roles: {
      agent: data.SECURID_AGENTS,
      manager: data.SECURID_MANAGERS,
      approver: data.SECURID_APPROVERS,
    },
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
    codeLimits: {
      perAgentHour: data.SECURID_CODES_PER_AGENT_HOUR,
      perTargetDay: data.SECURID_CODES_PER_TARGET_DAY,
    },
    verification: {
      methods: data.SECURID_VERIFICATION_METHODS,
      ticketPattern: data.SECURID_TICKET_PATTERN,
    },
    approval: readApproval(data),
    securityChannel: data.SECURID_SECURITY_CHANNEL,
    ops: { host: data.OPS_HOST, port: data.OPS_PORT },
    auditFile: data.AUDIT_FILE,
    auditChannel: data.AUDIT_CHANNEL,
    redisUrl: data.REDIS_URL,
    logLevel: data.LOG_LEVEL,
  };
}

/** Without a channel to ask in, protected users are refused. */
function readApproval(env: Environment): Config['approval'] {
  const { SECURID_APPROVAL: policy, SECURID_APPROVAL_CHANNEL: channel } = env;
  return { policy: channel ? policy : 'never', channel };
}

function tellApproval(env: Environment, problems: Problems): void {
  if (env.SECURID_APPROVAL !== 'always') return;
  if (!env.SECURID_APPROVAL_CHANNEL) {
    problems.push('SECURID_APPROVAL_CHANNEL: is missing, and SECURID_APPROVAL is always');
  }
  if (env.SECURID_APPROVERS?.length === 0) {
    problems.push('SECURID_APPROVERS: is empty, and SECURID_APPROVAL is always');
  }
}

function readSlack(env: Environment, problems: Problems): Config['slack'] | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  const both = {
    botToken: env.SLACK_BOT_TOKEN,
    // Slack's client puts the method right behind it.
    apiUrl: `${env.SLACK_API_URL}`.replace(/\/*$/, '/'),
  };
  if (appToken) return { ...both, socketMode: true, appToken };
  if (signingSecret) {
    return { ...both, socketMode: false, signingSecret, host: env.HOST, port: env.PORT };
  }
  problems.push(
    'SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode): one of the two is needed',
  );
  return undefined;
}

async function readCredentials(
  env: Environment,
  readFile: ReadFile,
  problems: Problems,
): Promise<Credentials | undefined> {
  const apiKey = readEither(env, 'SECURID_API_KEY', readFile, problems);
  const isOAuth = Object.entries(env).some(
    ([name, value]) => name.startsWith('SECURID_OAUTH_') && value !== undefined,
  );
  if (apiKey && isOAuth) {
    problems.push('SECURID_API_KEY and SECURID_OAUTH_…: only one kind of credential can be used');
    return undefined;
  }
  if (apiKey) return readKey(apiKey, problems);
  if (isOAuth) return readOAuthClient(env, readFile, problems);
  if (!env.SECURID_API_KEY_FILE) {
    problems.push('SECURID_API_KEY_FILE or SECURID_OAUTH_…: a credential for SecurID is needed');
  }
  return undefined;
}

type Text = { name: string; text: string };
type EitherName = 'SECURID_API_KEY' | 'SECURID_OAUTH_PRIVATE_KEY';

/** The text of a variable, or of the file that its sister names. */
function readEither(
  env: Environment,
  name: EitherName,
  readFile: ReadFile,
  problems: Problems,
): Text | undefined {
  const text = env[name];
  const path = env[`${name}_FILE`];
  if (text && path) problems.push(`${name} and ${name}_FILE: only one of the two can be used`);
  if (text) return { name, text };
  if (!path) return undefined;
  try {
    return { name: `${name}_FILE`, text: readFile(path) };
  } catch {
    problems.push(`${name}_FILE: the file cannot be read`);
    return undefined;
  }
}

function readKey({ name, text }: Text, problems: Problems): Credentials | undefined {
  try {
    const apiKey = readApiKey(text);
    if (secureUrl.safeParse(apiKey.adminRestApiUrl).success) return { apiKey };
    problems.push(`${name}: adminRestApiUrl must begin with https:// unless the host is loopback`);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : 'cannot be used'}`);
  }
  return undefined;
}

async function readOAuthClient(
  env: Environment,
  readFile: ReadFile,
  problems: Problems,
): Promise<Credentials | undefined> {
  const key = readEither(env, 'SECURID_OAUTH_PRIVATE_KEY', readFile, problems);
  const {
    SECURID_OAUTH_ISSUER_URL: issuerUrl,
    SECURID_OAUTH_CLIENT_ID: clientId,
    SECURID_ADMIN_API_URL: adminApiUrl,
  } = env;
  if (!issuerUrl) problems.push('SECURID_OAUTH_ISSUER_URL: is missing');
  if (!clientId) problems.push('SECURID_OAUTH_CLIENT_ID: is missing');
  if (!adminApiUrl) problems.push('SECURID_ADMIN_API_URL: is missing');
  if (!key && !env.SECURID_OAUTH_PRIVATE_KEY_FILE) {
    problems.push('SECURID_OAUTH_PRIVATE_KEY_FILE: is missing');
  }
  const privateKey = key && (await readPrivateKey(key, problems));
  if (!privateKey || !issuerUrl || !clientId || !adminApiUrl) return undefined;
  return { oauthClient: { issuerUrl, clientId, adminApiUrl, privateKey, scope: readScope(env) } };
}

async function readPrivateKey({ name, text }: Text, problems: Problems) {
  try {
    return await readOAuthPrivateKey(text);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : 'cannot be used'}`);
    return undefined;
  }
}

/** The permissions that this app needs, and no more. */
export const LEAST_SCOPE = [
  'rsa.user.read',
  'rsa.authenticator.mobile.read',
  'rsa.authenticator.mobile.manage',
  'rsa.authenticator.sidtoken.read',
  'rsa.report.license.usage',
].join(' ');

/** Permissions copied from a web page come with invisible characters. */
const readScope = ({ SECURID_OAUTH_SCOPE: scope }: Environment) =>
  (scope ?? LEAST_SCOPE).replace(/[^\x21-\x7e]+/g, ' ').trim();
