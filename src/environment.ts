import { z } from 'zod';
import { readAddress, readDomain } from './operations/identity/addresses.ts';
import type { Protected } from './operations/identity/protection.ts';
import {
  FIRST_WORKING_DAY,
  isCron,
  isTimeZone,
} from './operations/license-usage/schedule/times.ts';
import { DEFAULT_PACE } from './securid/index.ts';
import { LIMITS } from './slack/limits.ts';

const USUAL_METHODS = [
  'Call back to the number on file',
  'In person with badge',
  'Video with badge',
  'Manager confirmed',
];

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `http://` would show keys and codes to whoever listens; on loopback nobody does. */
export const secureUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL', abort: true })
  .refine(
    (text) => {
      const { protocol, hostname } = new URL(text);
      return protocol === 'https:' || LOOPBACK.has(hostname);
    },
    { error: 'must begin with https:// unless the host is loopback' },
  );

/** Whether whoever reaches that Redis may write there. */
export function isOpenRedis(url: string): boolean {
  const { hostname, password } = new URL(url);
  const isLoopback = LOOPBACK.has(hostname) || /^127(\.\d+){3}$/.test(hostname);
  return password === '' && !isLoopback;
}

const NO_REDIS_URL = { error: 'must be a URL that begins with redis:// or rediss://' };

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const redisUrl = z
  .url({ ...NO_REDIS_URL, protocol: /^rediss?$/, abort: true })
  .refine((text) => new URL(text).hostname !== '', { ...NO_REDIS_URL, abort: true })
  // What follows a question mark would be taken for settings of the client.
  .refine((text) => {
    const { search, pathname, username, password } = new URL(text);
    return search === '' && /^(\/\d*)?$/.test(pathname) && isDecodable(username + password);
  }, 'must hold user, password and database at most, with what is special in them percent-encoded');

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
const domainIn = (text: string) => (text.startsWith('*@') ? readDomain(text.slice(2)) : undefined);
const emailIn = (text: string) => (text.includes('*') ? undefined : readAddress(text));
const isThere = (text: string | undefined) => text !== undefined;

const protection = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )
  .refine(
    (all) =>
      all.every((one) => isGroup(one) || isUser(one) || isThere(domainIn(one) ?? emailIn(one))),
    {
      error:
        'must be Slack user-group ids (S…), user ids (U…, W…), e-mail addresses and *@domain, separated by commas',
    },
  )
  .transform(
    (all): Protected => ({
      groups: all.filter(isGroup),
      userIds: all.filter(isUser),
      emails: all.map(emailIn).filter(isThere),
      domains: all.map(domainIn).filter(isThere),
    }),
  );

/** Groups of domains in A-labels; those that share a domain are one group. */
const emailDomains = z
  .string()
  .default('')
  .transform((text, { issues }) => {
    const groups: string[][] = [];
    for (const one of text.split(',').filter((part) => part.trim() !== '')) {
      const domains = one.split('=').map((domain) => readDomain(domain));
      const named = domains.filter(isThere);
      if (named.length < domains.length || new Set(named).size < 2) {
        const message =
          'must be domains that mean the same mailbox, such as corp.example=example.com, separated by commas';
        issues.push({ code: 'custom', input: text, message });
        return z.NEVER;
      }
      const same = groups.filter((group) => group.some((domain) => named.includes(domain)));
      const rest = groups.filter((group) => !same.includes(group));
      groups.splice(0, groups.length, ...rest, [...new Set([...same.flat(), ...named])]);
    }
    return groups;
  });

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

export const Environment = z.object({
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
  SECURID_EMAIL_DOMAINS: emailDomains,
  SECURID_UNMATCHED: z
    .enum(['approval', 'refuse', 'allow'], { error: 'must be approval, refuse or allow' })
    .default('approval'),
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
  STATE_FILE: z.string().optional(),
  AUDIT_KEY_FILE: z.string().optional(),
  REDIS_URL: redisUrl.optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
});

export type Environment = z.output<typeof Environment>;

/** Every variable that is read, for `.env.example` and the README to be compared with. */
export const VARIABLES = Object.keys(Environment.shape);
