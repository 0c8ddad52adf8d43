import { z } from 'zod';
import { USUAL } from '../operations/changes.ts';
import { FIRST_WORKING_DAY } from '../operations/license-usage/schedule/times.ts';
import { DEFAULT_PACE } from '../securid/index.ts';
import {
  changes,
  channelId,
  choice,
  clientId,
  cron,
  emailDomains,
  host,
  methods,
  path,
  pattern,
  protection,
  redisUrl,
  scope,
  secureUrl,
  signingSecret,
  slackIds,
  timeZone,
  token,
  wholeNumber,
  workspaceIds,
} from './fields.ts';
import { noProxy, proxyUrl } from './proxy.ts';
import { bare } from './values.ts';

export { isOpenRedis, secureUrl } from './fields.ts';

/** The secrets. Each may come from a file instead: its path is in the variable with `_FILE` appended. */
export const SECRETS = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SECURID_API_KEY',
  'SECURID_OAUTH_PRIVATE_KEY',
  'REDIS_URL',
  'HTTPS_PROXY',
] as const;

export type Secret = (typeof SECRETS)[number];

export const fileOf = (name: Secret) => `${name}_FILE`;

export const Environment = z.object({
  SLACK_BOT_TOKEN: z
    .string({ error: 'is missing' })
    .pipe(token('xoxb', 'must be a bot token (xoxb-…)')),
  SLACK_APP_TOKEN: token('xapp', 'must be an app-level token (xapp-…)').optional(),
  SLACK_SIGNING_SECRET: signingSecret.optional(),
  HOST: host.default('0.0.0.0'),
  PORT: wholeNumber(0, 65535).default(3000),
  SLACK_PATH: path.default('/slack/events'),
  DRAIN_SECONDS: wholeNumber(0, 60).default(0),
  OPS_HOST: host.default('127.0.0.1'),
  OPS_PORT: wholeNumber(0, 65535).default(9090),
  SLACK_API_URL: secureUrl.default('https://slack.com/api/'),
  SECURID_API_KEY: z.string().optional(),
  SECURID_OAUTH_ISSUER_URL: secureUrl.optional(),
  SECURID_OAUTH_CLIENT_ID: clientId.optional(),
  SECURID_OAUTH_PRIVATE_KEY: z.string().optional(),
  SECURID_OAUTH_SCOPE: scope.optional(),
  SECURID_ADMIN_API_URL: secureUrl.optional(),
  SECURID_AUTHENTICATOR_API: choice(['1', '2'], 'must be 1 or 2').default('2'),
  SECURID_AGENTS: slackIds,
  SECURID_MANAGERS: slackIds,
  SECURID_APPROVERS: slackIds,
  SECURID_WORKSPACES: workspaceIds,
  SECURID_PROTECTED: protection,
  SECURID_CHANGES: changes,
  SECURID_CHANGES_PER_AGENT_HOUR: wholeNumber(1, 10_000).optional(),
  SECURID_PROTECTIONS_PER_AGENT_HOUR: wholeNumber(1, 10_000).default(10),
  SECURID_CODES_PER_AGENT_HOUR: wholeNumber(1, 10_000).default(10),
  SECURID_CODES_PER_TARGET_DAY: wholeNumber(1, 10_000).default(3),
  SECURID_EMERGENCY_HOURS: wholeNumber(1, 168).default(USUAL.emergencyHours),
  SECURID_EMAIL_DOMAINS: emailDomains,
  SECURID_UNMATCHED: choice(
    ['approval', 'refuse', 'allow'],
    'must be approval, refuse or allow',
  ).default('approval'),
  SECURID_VERIFICATION_METHODS: methods,
  SECURID_VERIFICATION_MINUTES: wholeNumber(0, 60).default(15),
  SECURID_TICKET_PATTERN: pattern.optional(),
  SECURID_APPROVAL: choice(
    ['protected', 'always', 'never'],
    'must be protected, always or never',
  ).default('protected'),
  SECURID_APPROVAL_CHANNEL: channelId.optional(),
  SECURID_SECURITY_CHANNEL: channelId.optional(),
  SECURID_REQUESTS_PER_SECOND: wholeNumber(1, 1000).optional(),
  SECURID_BURST: wholeNumber(1, 1000).default(DEFAULT_PACE.burst),
  SECURID_CONCURRENCY: wholeNumber(1, 100).default(DEFAULT_PACE.concurrency),
  SECURID_LICENSES_PURCHASED: wholeNumber(1, 100_000_000).optional(),
  SECURID_LICENSE_WARN: wholeNumber(1, 100).default(90),
  SECURID_LICENSE_CHANNEL: channelId.optional(),
  SECURID_LICENSE_SCHEDULE: cron.default(FIRST_WORKING_DAY),
  SECURID_TIME_ZONE: timeZone.default('UTC'),
  AUDIT_FILE: z.string().default('audit.jsonl'),
  AUDIT_CHANNEL: channelId.optional(),
  STATE_FILE: z.string().optional(),
  AUDIT_KEY_FILE: z.string().optional(),
  REDIS_URL: redisUrl.optional(),
  HTTPS_PROXY: proxyUrl.optional(),
  HTTP_PROXY: proxyUrl.optional(),
  NO_PROXY: noProxy,
  LOG_LEVEL: choice(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'must be one of trace, debug, info, warn, error, fatal, silent',
  ).default('info'),
});

export type Environment = z.output<typeof Environment>;

/** Every variable that is read; `.env.example` and the documentation are compared with it. */
export const VARIABLES = [...Object.keys(Environment.shape), ...SECRETS.map(fileOf)];

/** Variables that may also be in lower case, which then takes precedence, as in curl and undici. */
const BOTH_CASES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/** The name under which a variable is set. */
export function nameIn(env: Record<string, string | undefined>, name: string): string {
  const lower = name.toLowerCase();
  return BOTH_CASES.includes(name) && bare(env[lower] ?? '') !== '' ? lower : name;
}
