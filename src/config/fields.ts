import { z } from 'zod';
import { readAddress, readDomain } from '../desk/identity/addresses.ts';
import { switchesOf } from '../guard/change/changes.ts';
import type { Protected } from '../guard/gate/protection.ts';
import { CHANGES } from '../operations/changes.ts';
import { isCron, isTimeZone } from '../operations/license-usage/schedule/times.ts';
import { LIMITS } from '../slack/limits.ts';
import { flawOf, isDecodable, listed, seen } from './values.ts';

const USUAL_METHODS = [
  'Call back to the number on file',
  'In person with badge',
  'Video with badge',
  'Manager confirmed',
];

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** One word without invisible characters. */
const word = z.string().transform(seen);

/** What is required, and what is visibly wrong. */
const wrong = (must: string, text: unknown, flaw = flawOf) => {
  const found = flaw(String(text));
  return found ? `${must}; it ${found}` : must;
};

/** Where to listen. An address of IPv6 may be in brackets, as in a URL. */
export const host = word
  .transform((text) => /^\[(.*)\]$/.exec(text)?.[1] ?? text)
  .pipe(
    z.string().regex(/^[\w.:%-]+$/, {
      error: ({ input }) => wrong('must be a host name or an IP address', input),
    }),
  );

/**
 * A URL to which paths are appended. `http://` would expose keys and codes, except on loopback. Requests cannot
 * be sent to a URL with a user: https://fetch.spec.whatwg.org/#dom-request
 */
export const secureUrl = word.pipe(
  z
    .url({
      protocol: /^https?$/,
      error: ({ input }) => wrong('must be a URL', input),
      abort: true,
    })
    .refine(
      (text) => {
        const { protocol, hostname } = new URL(text);
        return protocol === 'https:' || LOOPBACK.has(hostname);
      },
      { error: 'must begin with https:// unless the host is loopback', abort: true },
    )
    .refine(
      (text) => {
        const { username, password } = new URL(text);
        return username + password === '' && !/[\s?#]/.test(text);
      },
      { error: ({ input }) => wrong('must be a URL without a user, a query or a fragment', input) },
    ),
);

/** Whether the Redis needs no password. */
export function isOpenRedis(url: string): boolean {
  const { hostname, password } = new URL(url);
  const isLoopback = LOOPBACK.has(hostname) || /^127(\.\d+){3}$/.test(hostname);
  return password === '' && !isLoopback;
}

const NO_REDIS_URL = { error: 'must be a URL that begins with redis:// or rediss://' };

export const redisUrl = word
  .pipe(z.url({ ...NO_REDIS_URL, protocol: /^rediss?$/, abort: true }))
  .refine((text) => new URL(text).hostname !== '', { ...NO_REDIS_URL, abort: true })
  // A query would become client settings.
  .refine((text) => {
    const { search, pathname, username, password } = new URL(text);
    return search === '' && /^(\/\d*)?$/.test(pathname) && isDecodable(username + password);
  }, 'may hold only a user, a password and a database, with special characters percent-encoded');

const isGroup = (id: string) => /^S[A-Z0-9]{2,}$/.test(id);
const isUser = (id: string) => /^[UW][A-Z0-9]{2,}$/.test(id);

/** A list; a bad item is named by its position. */
const items = (is: (item: string) => boolean, must: string, split = listed) =>
  word.transform(split).refine((all) => all.every(is), {
    error({ input }) {
      const all = input as string[];
      const at = all.findIndex((item) => !is(item)) + 1;
      return all.length > 1 ? `${must}; number ${at} of ${all.length} is not one` : must;
    },
  });

export const slackIds = items(
  (id) => isGroup(id) || isUser(id),
  'must be Slack user-group ids (S…) and user ids (U…, W…), separated by commas',
).default([]);

const NO_WORKSPACES = 'must be Slack workspace ids (T…), separated by commas';

export const workspaceIds = items((id) => /^[TE][A-Z0-9]{2,}$/.test(id), NO_WORKSPACES)
  .refine((all) => !all.some((id) => /^E[A-Z0-9]{2,}$/.test(id)), {
    error: `${NO_WORKSPACES}; an organization (E…) is not one: leave it empty for all of its workspaces`,
  })
  .default([])
  .transform((all) => [...new Set(all)]);

const domainIn = (text: string) => (text.startsWith('*@') ? readDomain(text.slice(2)) : undefined);
const emailIn = (text: string) => (text.includes('*') ? undefined : readAddress(text));
const isThere = (text: string | undefined) => text !== undefined;

export const protection = items(
  (one) => isGroup(one) || isUser(one) || isThere(domainIn(one) ?? emailIn(one)),
  'must be Slack user-group ids (S…), user ids (U…, W…), e-mail addresses and *@domain, separated by commas',
)
  .default([])
  .transform(
    (all): Protected => ({
      groups: all.filter(isGroup),
      userIds: all.filter(isUser),
      emails: all.map(emailIn).filter(isThere),
      domains: all.map(domainIn).filter(isThere),
    }),
  );

/** Groups of domains in A-labels; groups that share a domain are merged. */
export const emailDomains = z
  .string()
  .default('')
  .transform((text, { issues }) => {
    const groups: string[][] = [];
    for (const one of listed(text)) {
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

function flawOfChannel(text: string): string | undefined {
  if (text.startsWith('#')) return 'is a name; the id is at the foot of the channel’s details';
  if (/^D[A-Z0-9]+$/.test(text)) return 'is a direct message';
  if (/^https?:/.test(text)) return 'is a link; the id is its last part';
  return flawOf(text);
}

export const channelId = word.pipe(
  z.string().regex(/^[CG][A-Z0-9]{2,}$/, {
    error: ({ input }) => wrong('must be a channel id (C… or G…)', input, flawOfChannel),
  }),
);

/** Slack's other tokens: https://docs.slack.dev/authentication/tokens */
const TOKENS: [RegExp, string][] = [
  [/^xoxb-/, 'is a bot token'],
  [/^xoxp-/, 'is a user token'],
  [/^xapp-/, 'is an app-level token'],
  [/^xoxe[.-]/, 'is a rotating token; token rotation has to be off'],
];

export const token = (prefix: string, must: string) =>
  word.pipe(
    z.string().regex(new RegExp(`^${prefix}-[\\w.-]+$`), {
      error: ({ input }) =>
        wrong(must, input, (text) => {
          const [, other] = TOKENS.find(([known]) => known.test(text)) ?? [];
          return text.startsWith(prefix) ? flawOf(text) : (other ?? flawOf(text));
        }),
    }),
  );

/** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signingSecret = word.pipe(
  z.string().regex(/^[\da-f]{32}$/i, {
    error({ input }) {
      const { length } = String(input);
      const flaw =
        flawOf(String(input)) ??
        (length === 32 ? 'has other characters as well' : `has ${length} characters`);
      return `${flaw}; a signing secret has 32 hex digits`;
    },
  }),
);

/** Separators in permissions pasted from a web page, a URL or JSON; no scope can contain them (RFC 6749, 3.3). */
const BETWEEN = /(?:[^\x21-\x7e]|[+,;"'[\]\\]|%(?:0[9ad]|2[0bc]|3b))+/i;

export const scope = z
  .string()
  .transform((text) => [...new Set(text.split(BETWEEN))].filter(Boolean))
  .refine((all) => all.length > 0, { error: 'must be permissions, separated by spaces' })
  .transform((all) => all.join(' '));

/** Without trailing slashes. */
export const path = word
  .pipe(
    z.string().regex(/^\/[\w.~!$&'()*+,;=:@%/-]*$/, {
      error: 'must be a path that begins with /, such as /slack/events',
    }),
  )
  .transform((text) => text.replace(/\/+$/, ''));

const SWITCHES = switchesOf(CHANGES);

/** The changes that are switched on: the one that there has always been, unless they are named. */
export const changes = items(
  (name) => SWITCHES.includes(name),
  `must be names of changes, separated by commas or spaces, of these: ${SWITCHES.join(', ')}`,
  (text) => listed(text.toLowerCase().replace(/\s+/g, ',')),
)
  .default(['code'])
  .transform((all) => [...new Set(all)]);

export const choice = <const T extends readonly string[]>(all: T, error: string) =>
  word.transform((text) => text.toLowerCase()).pipe(z.enum(all, { error }));

/** Slack's limits for options. */
export const methods = z
  .string()
  .default('')
  .transform((text) => {
    const all = [...new Set(listed(text))];
    return all.length > 0 ? all : USUAL_METHODS;
  })
  .refine((all) => all.length <= 100 && all.every((one) => one.length <= LIMITS.optionText), {
    error: `must be at most 100 names of at most ${LIMITS.optionText} characters, separated by commas`,
  });

/** Matches whole ticket numbers. */
export const pattern = z.string().transform((text, { issues }) => {
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch {
    issues.push({ code: 'custom', input: text, message: 'must be a regular expression' });
    return z.NEVER;
  }
});

function flawOfNumber(text: string): string | undefined {
  // https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
  if (!text.startsWith('tcp://')) return undefined;
  return 'is what Kubernetes sets for a Service of that name: set enableServiceLinks to false';
}

export const wholeNumber = (from: number, to: number) =>
  word
    .pipe(
      z.string().regex(/^\d+$/, {
        error: ({ input }) => wrong('must be a whole number', input, flawOfNumber),
        abort: true,
      }),
    )
    .transform(Number)
    .refine((value) => value >= from && value <= to, {
      error: `must be between ${from} and ${to}`,
    });

/** The id of an OAuth client. RSA documents no format. */
export const clientId = word.pipe(
  z.string().regex(/^[\x21\x23-\x26\x28-\x5f\x61-\x7e]+$/, {
    error: ({ input }) => wrong('must be the id of the OAuth client', input),
  }),
);

export const cron = z.string().refine(isCron, { error: 'must be a cron line of five fields' });

export const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'must be a time zone such as Europe/Berlin' });
