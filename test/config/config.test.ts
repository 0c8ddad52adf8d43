import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { isOpenRedis, SECRETS } from '../../src/config/environment.ts';
import { DEFAULT_PACE } from '../../src/securid/index.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyFile = {
  accessID: '5d1c3f0e-7a42-4b7e-9c55-2f6a8b1d0e93',
  accessKey: privateKey.export({ type: 'pkcs1', format: 'pem' }),
  adminRestApiUrl: 'https://acme.access.securid.com/AdminInterface/restapi/v1',
};
const jwk = privateKey.export({ format: 'jwk' });

const slack = { SLACK_BOT_TOKEN: 'xoxb-1-bot', SLACK_APP_TOKEN: 'xapp-1-app' };
const apiKey = { SECURID_API_KEY: JSON.stringify(keyFile) };
const oauth = {
  SECURID_OAUTH_ISSUER_URL: 'https://acme.auth.securid.com/oauth',
  SECURID_OAUTH_CLIENT_ID: 'c7b0e6a4',
  SECURID_OAUTH_PRIVATE_KEY: JSON.stringify(jwk),
  SECURID_ADMIN_API_URL: 'https://acme.access.securid.com/AdminInterface/restapi',
};

type Env = Record<string, string | undefined>;
const files: Record<string, string> = {
  '/run/secrets/key.json': JSON.stringify(keyFile),
  '/run/secrets/jwk.json': JSON.stringify(jwk),
};
const readFile = (path: string) => {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
  return text;
};
const read = (env: Env) => readConfig(env, readFile);

async function problemsOf(env: Env): Promise<string[]> {
  const outcome = await read(env).catch((error: unknown) => error);
  if (outcome instanceof ConfigError) return outcome.problems;
  throw new Error(`expected a ConfigError, got ${inspect(outcome, { depth: 0 })}`);
}

const NO_CHANNEL = 'must be a channel id (C… or G…)';
const NO_CHANGES =
  'must be names of changes, separated by commas or spaces, of these: code, unlock, delete, emergency, user, token, fido, sync';
const NO_DOMAINS =
  'must be domains that mean the same mailbox, such as corp.example=example.com, separated by commas';

describe('the configuration', () => {
  it('has a default for everything but the two tokens and the credential', async () => {
    expect(await read({ ...slack, ...apiKey })).toEqual({
      slack: {
        botToken: 'xoxb-1-bot',
        apiUrl: 'https://slack.com/api/',
        socketMode: true,
        appToken: 'xapp-1-app',
      },
      securid: {
        credentials: {
          apiKey: { ...keyFile, accessKey: undefined, privateKey: expect.anything() },
        },
        authenticatorApi: 2,
        pace: {
          // Learned while running.
          requestsPerSecond: undefined,
          burst: DEFAULT_PACE.burst,
          concurrency: DEFAULT_PACE.concurrency,
        },
      },
      roles: { agent: [], manager: [], approver: [] },
      workspaces: [],
      licenses: { purchased: undefined, warnFrom: 0.9 },
      licenseSchedule: { channel: undefined, cron: '0 9 1W * *', timeZone: 'UTC' },
      changes: ['code'],
      changeSettings: { emergencyHours: 4 },
      limits: {
        changesPerAgentHour: 30,
        protectionsPerAgentHour: 10,
        codesPerAgentHour: 10,
        codesPerUserDay: 3,
      },
      verification: {
        methods: [
          'Call back to the number on file',
          'In person with badge',
          'Video with badge',
          'Manager confirmed',
        ],
        minutes: 15,
        ticketPattern: undefined,
      },
      approval: { policy: 'never', channel: undefined },
      securityChannel: undefined,
      protection: { groups: [], userIds: [], emails: [], domains: [] },
      emailDomains: [],
      unmatched: 'approval',
      ops: { host: '127.0.0.1', port: 9090 },
      auditFile: 'audit.jsonl',
      stateFile: 'audit.jsonl.state',
      auditKeyFile: 'audit.jsonl.key',
      auditChannel: undefined,
      redisUrl: undefined,
      proxy: { https: undefined, http: undefined, none: '' },
      withoutEffect: [],
      unread: [],
      logLevel: 'info',
    });
  });

  it('accepts every setting there is', async () => {
    const config = await read({
      ...slack,
      ...apiKey,
      SLACK_API_URL: 'https://slack-gov.com/api',
      SECURID_AUTHENTICATOR_API: '1',
      SECURID_AGENTS: 'S0HELPDESK, U0JONAS,,W0MIRA ,',
      SECURID_MANAGERS: 'S0MANAGERS',
      SECURID_WORKSPACES: 'T0ACME, T0EMEA,T0ACME',
      SECURID_REQUESTS_PER_SECOND: '3',
      SECURID_BURST: '4',
      SECURID_CONCURRENCY: '2',
      SECURID_LICENSES_PURCHASED: '1500',
      SECURID_LICENSE_WARN: '85',
      SECURID_LICENSE_CHANNEL: 'C0MANAGERS',
      SECURID_LICENSE_SCHEDULE: '30 8 * * MON',
      SECURID_TIME_ZONE: 'Europe/Berlin',
      OPS_HOST: '0.0.0.0',
      OPS_PORT: '9191',
      SECURID_VERIFICATION_METHODS: 'Passport, , Passport ,Voice',
      SECURID_VERIFICATION_MINUTES: '0',
      SECURID_TICKET_PATTERN: 'INC\\d+',
      SECURID_APPROVAL_CHANNEL: 'C0APPROVALS',
      SECURID_SECURITY_CHANNEL: 'C0SECURITY',
      LOG_LEVEL: 'debug',
    });
    expect(config).toMatchObject({
      slack: { apiUrl: 'https://slack-gov.com/api/' },
      securid: { authenticatorApi: 1, pace: { requestsPerSecond: 3, burst: 4, concurrency: 2 } },
      roles: {
        agent: ['S0HELPDESK', 'U0JONAS', 'W0MIRA'],
        manager: ['S0MANAGERS'],
        approver: [],
      },
      workspaces: ['T0ACME', 'T0EMEA'],
      licenses: { purchased: 1500, warnFrom: 0.85 },
      licenseSchedule: { channel: 'C0MANAGERS', cron: '30 8 * * MON', timeZone: 'Europe/Berlin' },
      verification: {
        methods: ['Passport', 'Voice'],
        minutes: 0,
        ticketPattern: /^(?:INC\d+)$/u,
      },
      approval: { policy: 'protected', channel: 'C0APPROVALS' },
      securityChannel: 'C0SECURITY',
      ops: { host: '0.0.0.0', port: 9191 },
      logLevel: 'debug',
    });
  });

  it('treats an empty value as not set', async () => {
    const empty = Object.fromEntries(
      [
        'SLACK_SIGNING_SECRET',
        'SECURID_API_KEY_FILE',
        'SECURID_OAUTH_CLIENT_ID',
        'PORT',
        'LOG_LEVEL',
      ]
        .concat('SECURID_AGENTS', 'SECURID_LICENSES_PURCHASED', 'SLACK_API_URL')
        .map((name, index) => [name, ['', '  ', '\t\n', undefined][index % 4]]),
    );
    expect(await read({ ...slack, ...apiKey, ...empty })).toEqual(
      await read({ ...slack, ...apiKey }),
    );
  });

  it('ignores variables that are not its own', async () => {
    const others = { PATH: '/bin', SECURID: 'yes', SECURID_OAUTH_PLAYGROUND: 'yes' };
    expect(await read({ ...slack, ...apiKey, ...others })).toBeDefined();
    expect(await problemsOf({ ...slack, ...apiKey, ...others, PORT: 'x' })).toEqual([
      'PORT: must be a whole number',
    ]);
  });

  it('is refused with every problem at once, one per line', async () => {
    const problems = await problemsOf({
      SLACK_BOT_TOKEN: 'xoxp-SECRET',
      SLACK_APP_TOKEN: 'SECRET',
      SLACK_API_URL: 'SECRET',
      PORT: '99999',
      OPS_PORT: 'SECRET',
      SECURID_OAUTH_ISSUER_URL: 'http://SECRET.example',
      SECURID_OAUTH_PRIVATE_KEY: 'SECRET',
      SECURID_OAUTH_PRIVATE_KEY_FILE: '/SECRET',
      SECURID_AUTHENTICATOR_API: '3',
      SECURID_AGENTS: 'jonas@SECRET',
      SECURID_MANAGERS: 'U1,SECRET!',
      SECURID_REQUESTS_PER_SECOND: '0',
      SECURID_BURST: '1.5',
      SECURID_CONCURRENCY: '-1',
      SECURID_LICENSES_PURCHASED: 'SECRET',
      SECURID_LICENSE_WARN: '101',
      SECURID_LICENSE_CHANNEL: '#SECRET',
      SECURID_LICENSE_SCHEDULE: 'SECRET',
      SECURID_TIME_ZONE: 'SECRET',
      SECURID_VERIFICATION_METHODS: 'SECRET'.repeat(20),
      SECURID_TICKET_PATTERN: '(SECRET',
      SECURID_APPROVAL: 'SECRET',
      SECURID_APPROVAL_CHANNEL: '#SECRET',
      SECURID_EMAIL_DOMAINS: 'SECRET',
      SECURID_UNMATCHED: 'SECRET',
      SECURID_CHANGES: 'code, SECRET',
      SECURID_CHANGES_PER_AGENT_HOUR: '0',
      SECURID_PROTECTIONS_PER_AGENT_HOUR: '0',
      REDIS_URL: 'SECRET',
      LOG_LEVEL: 'SECRET',
    });
    const ids = 'must be Slack user-group ids (S…) and user ids (U…, W…), separated by commas';
    expect(problems.sort()).toEqual(
      [
        'SLACK_BOT_TOKEN: must be a bot token (xoxb-…); it is a user token',
        'SLACK_APP_TOKEN: must be an app-level token (xapp-…)',
        'SLACK_API_URL: must be a URL',
        'PORT: must be between 0 and 65535',
        'OPS_PORT: must be a whole number',
        'SECURID_OAUTH_ISSUER_URL: must begin with https:// unless the host is loopback',
        'SECURID_OAUTH_CLIENT_ID: is missing',
        'SECURID_OAUTH_PRIVATE_KEY and SECURID_OAUTH_PRIVATE_KEY_FILE: only one of the two can be used',
        'SECURID_OAUTH_PRIVATE_KEY: is not a private JWK of type RSA or EC',
        'SECURID_ADMIN_API_URL: is missing',
        'SECURID_AUTHENTICATOR_API: must be 1 or 2',
        `SECURID_AGENTS: ${ids}`,
        `SECURID_MANAGERS: ${ids}; number 1 of 2 is not one`,
        'SECURID_REQUESTS_PER_SECOND: must be between 1 and 1000',
        'SECURID_BURST: must be a whole number',
        'SECURID_CONCURRENCY: must be a whole number',
        'SECURID_LICENSES_PURCHASED: must be a whole number',
        'SECURID_LICENSE_WARN: must be between 1 and 100',
        `SECURID_LICENSE_CHANNEL: ${NO_CHANNEL}; it is a name; the id is at the foot of the channel’s details`,
        'SECURID_LICENSE_SCHEDULE: must be a cron line of five fields',
        'SECURID_TIME_ZONE: must be a time zone such as Europe/Berlin',
        'SECURID_VERIFICATION_METHODS: must be at most 100 names of at most 75 characters, separated by commas',
        'SECURID_TICKET_PATTERN: must be a regular expression',
        'SECURID_APPROVAL: must be protected, always or never',
        `SECURID_APPROVAL_CHANNEL: ${NO_CHANNEL}; it is a name; the id is at the foot of the channel’s details`,
        `SECURID_EMAIL_DOMAINS: ${NO_DOMAINS}`,
        'SECURID_UNMATCHED: must be approval, refuse or allow',
        `SECURID_CHANGES: ${NO_CHANGES}; number 2 of 2 is not one`,
        'SECURID_CHANGES_PER_AGENT_HOUR: must be between 1 and 10000',
        'SECURID_PROTECTIONS_PER_AGENT_HOUR: must be between 1 and 10000',
        'REDIS_URL: must be a URL that begins with redis:// or rediss://',
        'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
      ].sort(),
    );
  });

  it.each([
    { AUDIT_FILE: 'audit.jsonl', STATE_FILE: './audit.jsonl' },
    { STATE_FILE: 'audit.jsonl' },
    { AUDIT_KEY_FILE: 'audit.jsonl.state' },
    { AUDIT_KEY_FILE: '/a/key', STATE_FILE: '/a/b/../key' },
  ])('keeps trail, key and state apart: %o', async (files) => {
    expect(await problemsOf({ ...slack, ...apiKey, ...files })).toEqual([
      'AUDIT_FILE, AUDIT_KEY_FILE and STATE_FILE: must be three files',
    ]);
  });

  it.each([
    ['Code', ['code']],
    [' code code,', ['code']],
    [',', []],
  ])('switches on the changes in %j', async (text, names) => {
    const { changes } = await read({ ...slack, ...apiKey, SECURID_CHANGES: text });
    expect(changes).toEqual(names);
  });

  it('names what is missing beside what is wrong, however it is written', async () => {
    const env = { ...slack, ...apiKey, SECURID_APPROVAL: 'Always', SECURID_BURST: 'many' };

    expect(await problemsOf(env)).toEqual([
      'SECURID_BURST: must be a whole number',
      'SECURID_APPROVAL_CHANNEL: is missing, and SECURID_APPROVAL is always',
      'SECURID_APPROVERS: is empty, and SECURID_APPROVAL is always',
    ]);
  });

  it('is refused if certificates are not checked', async () => {
    expect(await problemsOf({ ...slack, ...apiKey, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
      expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: must not be 0, /),
    ]);
    expect(await read({ ...slack, ...apiKey, NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toBeDefined();
  });

  it('never lets the limit of all changes cut the one of codes, unless it is set', async () => {
    const codes = { ...slack, ...apiKey, SECURID_CODES_PER_AGENT_HOUR: '100' };
    const { limits } = await read(codes);
    expect(limits).toMatchObject({ changesPerAgentHour: 100, codesPerAgentHour: 100 });
    const set = await read({ ...codes, SECURID_CHANGES_PER_AGENT_HOUR: '20' });
    expect(set.limits).toMatchObject({ changesPerAgentHour: 20, codesPerAgentHour: 100 });
  });

  it('asks for approval of everything only if there is somebody to ask', async () => {
    expect(await problemsOf({ ...slack, ...apiKey, SECURID_APPROVAL: 'always' })).toEqual([
      'SECURID_APPROVAL_CHANNEL: is missing, and SECURID_APPROVAL is always',
      'SECURID_APPROVERS: is empty, and SECURID_APPROVAL is always',
    ]);
  });

  it('prints no value in its problems', async () => {
    const outcome = await read({
      SLACK_BOT_TOKEN: 'SECRET',
      SLACK_SIGNING_SECRET: 'SECRET',
      SLACK_API_URL: 'http://SECRET.example',
      SECURID_API_KEY: '{"accessKey":"SECRET","accessID":"SECRET"}',
      LOG_LEVEL: 'SECRET',
    }).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(ConfigError);
    expect(String(outcome)).toContain(
      '\n  SECURID_API_KEY: is not an API key file: check adminRestApiUrl',
    );
    const all = inspect(outcome, { showHidden: true, depth: null, getters: true });
    expect(all).not.toContain('SECRET.');
    expect(all.replaceAll('SLACK_SIGNING_SECRET', '')).not.toContain('SECRET');
  });

  it('that is empty says what is needed', async () => {
    expect(await problemsOf({})).toEqual([
      'SLACK_BOT_TOKEN: is missing',
      'SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode): one of the two is needed',
      'SECURID_API_KEY_FILE or SECURID_OAUTH_…: a credential for SecurID is needed',
    ]);
  });
});

describe('the way to Slack', () => {
  const http = {
    SLACK_BOT_TOKEN: 'xoxb-1-bot',
    SLACK_SIGNING_SECRET: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  };

  it('takes an address of IPv6 with or without the brackets that it has in a URL', async () => {
    const { slack, ops } = await read({ ...http, ...apiKey, HOST: '[::]', OPS_HOST: '::1' });
    expect([slack, ops]).toMatchObject([{ host: '::' }, { host: '::1' }]);
  });

  it.each([
    ['127.0.0.1 # loopback', '; it has a space in it'],
    ['<127.0.0.1>', ''],
    ['http://127.0.0.1', ''],
  ])('cannot listen on %s', async (HOST, flaw) => {
    expect(await problemsOf({ ...http, ...apiKey, HOST })).toEqual([
      `HOST: must be a host name or an IP address${flaw}`,
    ]);
  });

  it('is HTTP with a signing secret', async () => {
    const config = await read({ ...http, ...apiKey, HOST: '127.0.0.1', PORT: '8080' });
    expect(config.slack).toEqual({
      botToken: 'xoxb-1-bot',
      apiUrl: 'https://slack.com/api/',
      socketMode: false,
      signingSecret: 'c0ffee00c0ffee00c0ffee00c0ffee00',
      host: '127.0.0.1',
      port: 8080,
      path: '/slack/events',
      drainSeconds: 0,
    });
  });

  it.each([
    ['/slack/events/', '/slack/events'],
    ['/desk/slack/events', '/desk/slack/events'],
    ['/', ''],
  ])('is HTTP at the path %s', async (SLACK_PATH, path) => {
    expect((await read({ ...http, ...apiKey, SLACK_PATH })).slack).toMatchObject({ path });
  });

  it.each(['slack/events', 'https://desk.example/slack/events', '/slack/events?a=1', '/a b'])(
    'is not at %s, which is no path',
    async (SLACK_PATH) => {
      expect(await problemsOf({ ...http, ...apiKey, SLACK_PATH })).toEqual([
        'SLACK_PATH: must be a path that begins with /, such as /slack/events',
      ]);
    },
  );

  it('is HTTP on port 3000 of every interface by default', async () => {
    const config = await read({ ...http, ...apiKey });
    expect(config.slack).toMatchObject({ host: '0.0.0.0', port: 3000 });
  });

  it('is Socket Mode when both are set', async () => {
    const config = await read({ ...http, ...slack, ...apiKey });
    expect(config.slack).toMatchObject({ socketMode: true, appToken: 'xapp-1-app' });
  });

  it.each([
    ['short', 'has 5 characters'],
    ['c0ffee00'.repeat(4).slice(1), 'has 31 characters'],
    ['c0ffee00'.repeat(4).replace('0', 'o'), 'has other characters as well'],
    ['c0ffee00\nc0ffee00c0ffee00c0ffee00', 'has a line break in it'],
    ['c0ffee00 c0ffee00c0ffee00c0ffee00', 'has a space in it'],
    ['c0ffee00"c0ffee00c0ffee00c0ffee0', 'has a quotation mark in it'],
    ['SLACK_SIGNING_SECRET=c0ffee00', 'begins with the name of a variable'],
  ])('does not accept %j as a signing secret', async (SLACK_SIGNING_SECRET, flaw) => {
    expect(await problemsOf({ ...http, ...apiKey, SLACK_SIGNING_SECRET })).toEqual([
      `SLACK_SIGNING_SECRET: ${flaw}; a signing secret has 32 hex digits`,
    ]);
  });

  it.each([
    ['SLACK_BOT_TOKEN', 'xoxp-1-user', 'must be a bot token (xoxb-…); it is a user token'],
    ['SLACK_BOT_TOKEN', 'xapp-1-app', 'must be a bot token (xoxb-…); it is an app-level token'],
    [
      'SLACK_BOT_TOKEN',
      'xoxe.xoxb-1-a',
      'must be a bot token (xoxb-…); it is a rotating token; token rotation has to be off',
    ],
    ['SLACK_BOT_TOKEN', 'xoxb-1 bot', 'must be a bot token (xoxb-…); it has a space in it'],
    ['SLACK_APP_TOKEN', 'xoxb-1-bot', 'must be an app-level token (xapp-…); it is a bot token'],
  ])('says what else %s is: %s', async (name, value, problem) => {
    expect(await problemsOf({ ...slack, ...apiKey, [name]: value })).toEqual([
      `${name}: ${problem}`,
    ]);
  });
});

describe('whatever surrounds a value', () => {
  const values: Env = {
    SLACK_BOT_TOKEN: 'xoxb-1-bot',
    SLACK_SIGNING_SECRET: 'c0ffee00c0ffee00c0ffee00c0ffee00',
    HOST: '127.0.0.1',
    PORT: '8080',
    SLACK_API_URL: 'https://slack-gov.com/api/',
    ...oauth,
    SECURID_OAUTH_SCOPE: 'rsa.user.read rsa.report.license.usage',
    SECURID_AUTHENTICATOR_API: '1',
    SECURID_AGENTS: 'S0HELPDESK,U0JONAS',
    SECURID_PROTECTED: 'S0BOARD,*@board.example',
    SECURID_EMAIL_DOMAINS: 'a.test=b.test',
    SECURID_VERIFICATION_METHODS: 'Passport,Voice',
    SECURID_TICKET_PATTERN: 'INC\\d+',
    SECURID_UNMATCHED: 'refuse',
    SECURID_APPROVAL: 'always',
    SECURID_APPROVAL_CHANNEL: 'C0APPROVALS',
    SECURID_APPROVERS: 'W0MIRA',
    SECURID_SECURITY_CHANNEL: 'G0SECURITY',
    SECURID_LICENSES_PURCHASED: '1500',
    SECURID_LICENSE_SCHEDULE: '30 8 * * MON',
    SECURID_TIME_ZONE: 'Europe/Berlin',
    AUDIT_FILE: '/var/lib/desk/audit trail.jsonl',
    REDIS_URL: 'rediss://desk:pass%40word@redis.example:6380',
    LOG_LEVEL: 'debug',
  };

  it.each<[string, (value: string) => string]>([
    ['a line end', (value) => `${value}\n`],
    ['a line end of Windows', (value) => `${value}\r`],
    ['blanks and tabs', (value) => `\u00a0 ${value}\t \u3000`],
    ['a byte order mark', (value) => `\ufeff${value}`],
    ['what web pages leave behind', (value) => `\u200b\u2060${value}\ufffc\u200e`],
    ['double quotes', (value) => `"${value}"`],
    ['single quotes', (value) => `'${value}' `],
    ['curly quotes', (value) => `“${value}”`],
    ['quotes and line ends', (value) => `\ufeff" ${value}\r\n"\r\n`],
  ])('is dropped: %s', async (_, around) => {
    const dressed = Object.entries(values).map(([name, value = '']) => [name, around(value)]);
    expect(await read(Object.fromEntries(dressed))).toEqual(await read(values));
  });

  it('is also dropped from the items of a list', async () => {
    const dressed = {
      SECURID_AGENTS: '"S0HELPDESK", "U0JONAS"',
      SECURID_PROTECTED: "'S0BOARD' ,\n'*@board.example'",
      SECURID_VERIFICATION_METHODS: '"Passport","Voice"',
    };
    expect(await read({ ...values, ...dressed })).toEqual(await read(values));
  });

  it('leaves a value not set if there is nothing else', async () => {
    const empty = { REDIS_URL: '""', LOG_LEVEL: "''", PORT: '" "', SLACK_APP_TOKEN: '\ufeff' };
    const { REDIS_URL, LOG_LEVEL, PORT, ...rest } = values;
    expect(await read({ ...values, ...empty })).toEqual(await read(rest));
  });

  it('belongs to the value if it has no partner', async () => {
    const SECURID_VERIFICATION_METHODS = 'Said "open sesame",Manager’s word';
    const { verification } = await read({ ...values, SECURID_VERIFICATION_METHODS });
    expect(verification.methods).toEqual(['Said "open sesame"', 'Manager’s word']);
  });

  it('may be in capitals if the value is one of several words', async () => {
    const shouted = { LOG_LEVEL: 'DEBUG', SECURID_UNMATCHED: 'Refuse', SECURID_APPROVAL: 'Always' };
    expect(await read({ ...values, ...shouted })).toEqual(await read(values));
  });
});

describe('a channel', () => {
  it.each([
    ['C0123ABC', undefined],
    ['G0123ABC', undefined],
    ['#help-desk', 'it is a name; the id is at the foot of the channel’s details'],
    ['D0123ABC', 'it is a direct message'],
    ['https://acme.slack.com/archives/C0123ABC', 'it is a link; the id is its last part'],
    ['C0123 ABC', 'it has a space in it'],
  ])('may be %s: %s', async (AUDIT_CHANNEL, flaw) => {
    const env = { ...slack, ...apiKey, AUDIT_CHANNEL };
    if (flaw) expect(await problemsOf(env)).toEqual([`AUDIT_CHANNEL: ${NO_CHANNEL}; ${flaw}`]);
    else expect((await read(env)).auditChannel).toBe(AUDIT_CHANNEL);
  });
});

describe('an address', () => {
  it.each([
    'http://localhost:8080/api/',
    'http://127.0.0.1/api/',
    'http://[::1]:9/api/',
    'https://slack.example/api/',
  ])('may be %s', async (SLACK_API_URL) => {
    const config = await read({ ...slack, ...apiKey, SLACK_API_URL });
    expect(config.slack.apiUrl).toBe(SLACK_API_URL);
  });

  it.each([
    ['http://slack.com/api/', 'must begin with https:// unless the host is loopback'],
    ['http://127.0.0.1.example/', 'must begin with https:// unless the host is loopback'],
    ['http://localhost.example/', 'must begin with https:// unless the host is loopback'],
    ['http://127.0.0.1@slack.example/', 'must begin with https:// unless the host is loopback'],
    ['ftp://localhost/', 'must be a URL'],
    ['slack.com/api', 'must be a URL'],
    ['https://', 'must be a URL'],
    ['https://desk:pass@slack.example/', 'must be a URL without a user, a query or a fragment'],
    ['https://slack.example/api?a=1', 'must be a URL without a user, a query or a fragment'],
    ['https://slack.example/api#a', 'must be a URL without a user, a query or a fragment'],
    [
      'https://slack.example/api # ours',
      'must be a URL without a user, a query or a fragment; it has a space in it',
    ],
  ])('may not be %s', async (SLACK_API_URL, problem) => {
    expect(await problemsOf({ ...slack, ...apiKey, SLACK_API_URL })).toEqual([
      `SLACK_API_URL: ${problem}`,
    ]);
  });

  it.each(['SECURID_OAUTH_ISSUER_URL', 'SECURID_ADMIN_API_URL'])(
    'of the tenant must be https as well (%s)',
    async (name) => {
      const env = { ...slack, ...oauth, [name]: 'http://acme.example/' };
      expect(await problemsOf(env)).toEqual([
        `${name}: must begin with https:// unless the host is loopback`,
      ]);
    },
  );

  it.each([
    ['http://acme.example/restapi', 'must begin with https:// unless the host is loopback'],
    ['https://acme.example/?a=1', 'must be a URL without a user, a query or a fragment'],
  ])('in the key file must be as good: not %s', async (adminRestApiUrl, problem) => {
    const text = JSON.stringify({ ...keyFile, adminRestApiUrl });
    expect(await problemsOf({ ...slack, SECURID_API_KEY: text })).toEqual([
      `SECURID_API_KEY: adminRestApiUrl ${problem}`,
    ]);
  });
});

describe('the address of Redis', () => {
  it.each([
    'redis://127.0.0.1:6379',
    'redis://redis.internal/2',
    'rediss://desk:pass%40word@redis.example:6380',
  ])('may be %s', async (REDIS_URL) => {
    expect((await read({ ...slack, ...apiKey, REDIS_URL })).redisUrl).toBe(REDIS_URL);
  });

  it.each([
    'redis://:p%zz@redis.example',
    'redis://redis.example/a',
    'redis://redis.example?tls=1',
  ])('may not be %s, either', async (REDIS_URL) => {
    expect(await problemsOf({ ...slack, ...apiKey, REDIS_URL })).toEqual([
      'REDIS_URL: may hold only a user, a password and a database, with special characters percent-encoded',
    ]);
  });

  it.each([
    ['redis://redis.example', true],
    ['redis://user@10.0.0.7:6380/1', true],
    ['rediss://redis.example', true],
    ['redis://:word@redis.example', false],
    ['redis://localhost', false],
    ['redis://127.0.0.9', false],
    ['redis://[::1]:6379', false],
    ['redis://127.0.0.1.example', true],
  ])('at %s is open to others: %s', (url, isOpen) => {
    expect(isOpenRedis(url)).toBe(isOpen);
  });

  it.each([
    'https://redis.example',
    'redis.example:6379',
    'redis://',
    'redis:6379',
    'unix:///run/r',
  ])('may not be %s', async (REDIS_URL) => {
    expect(await problemsOf({ ...slack, ...apiKey, REDIS_URL })).toEqual([
      'REDIS_URL: must be a URL that begins with redis:// or rediss://',
    ]);
  });
});

describe('the API key', () => {
  it('is read from its text or its file with the same result', async () => {
    const fromText = await read({ ...slack, ...apiKey });
    const fromFile = await read({ ...slack, SECURID_API_KEY_FILE: '/run/secrets/key.json' });
    expect(fromFile).toEqual(fromText);
    expect(fromText.securid.credentials).toMatchObject({
      apiKey: { accessID: keyFile.accessID, adminRestApiUrl: keyFile.adminRestApiUrl },
    });
  });

  it('cannot come from both', async () => {
    const env = { ...slack, ...apiKey, SECURID_API_KEY_FILE: '/run/secrets/key.json' };
    expect(await problemsOf(env)).toEqual([
      'SECURID_API_KEY and SECURID_API_KEY_FILE: only one of the two can be used',
    ]);
  });

  it('in an unreadable file is one problem, without the path', async () => {
    expect(await problemsOf({ ...slack, SECURID_API_KEY_FILE: '/nowhere' })).toEqual([
      'SECURID_API_KEY_FILE: the file cannot be read',
    ]);
  });

  it('in a file of something else is reported by its variable', async () => {
    expect(await problemsOf({ ...slack, SECURID_API_KEY_FILE: '/run/secrets/jwk.json' })).toEqual([
      'SECURID_API_KEY_FILE: is not an API key file: check accessID, accessKey, adminRestApiUrl',
    ]);
  });

  it('cannot be combined with an OAuth client', async () => {
    expect(await problemsOf({ ...slack, ...apiKey, ...oauth })).toEqual([
      'SECURID_API_KEY and SECURID_OAUTH_…: only one kind of credential can be used',
    ]);
  });
});

describe('the OAuth client', () => {
  it('requests no scopes of its own unless told to', async () => {
    const { securid } = await read({ ...slack, ...oauth });
    expect(securid.credentials).toEqual({
      oauthClient: {
        issuerUrl: oauth.SECURID_OAUTH_ISSUER_URL,
        clientId: 'c7b0e6a4',
        privateKey: jwk,
        adminApiUrl: oauth.SECURID_ADMIN_API_URL,
      },
    });
  });

  it('reads its key from a file as well', async () => {
    const { SECURID_OAUTH_PRIVATE_KEY, ...rest } = oauth;
    const SECURID_OAUTH_PRIVATE_KEY_FILE = '/run/secrets/jwk.json';
    expect(await read({ ...slack, ...rest, SECURID_OAUTH_PRIVATE_KEY_FILE })).toEqual(
      await read({ ...slack, ...oauth }),
    );
    expect(await problemsOf({ ...slack, ...rest, SECURID_OAUTH_PRIVATE_KEY_FILE: '/x' })).toEqual([
      'SECURID_OAUTH_PRIVATE_KEY_FILE: the file cannot be read',
    ]);
  });

  it.each([
    '\uFEFF rsa.user.read\u00A0\u200Brsa.report.license.usage\n\uFFFC',
    'rsa.user.read+rsa.report.license.usage',
    'rsa.user.read, rsa.report.license.usage,',
    'rsa.user.read\r\nrsa.report.license.usage rsa.user.read',
    '["rsa.user.read","rsa.report.license.usage"]',
    'rsa.user.read%20rsa.report.license.usage',
    'rsa.user.read%2C%20rsa.report.license.usage%0a',
  ])('splits its scopes (%j)', async (SECURID_OAUTH_SCOPE) => {
    const { securid } = await read({ ...slack, ...oauth, SECURID_OAUTH_SCOPE });
    expect(securid.credentials).toMatchObject({
      oauthClient: { scope: 'rsa.user.read rsa.report.license.usage' },
    });
  });

  it.each(['SECURID_OAUTH_ISSUER_URL', 'SECURID_OAUTH_CLIENT_ID', 'SECURID_ADMIN_API_URL'])(
    'needs %s',
    async (name) => {
      expect(await problemsOf({ ...slack, ...oauth, [name]: undefined })).toEqual([
        `${name}: is missing`,
      ]);
    },
  );

  it('needs its key', async () => {
    expect(await problemsOf({ ...slack, ...oauth, SECURID_OAUTH_PRIVATE_KEY: '' })).toEqual([
      'SECURID_OAUTH_PRIVATE_KEY_FILE: is missing',
    ]);
  });
});

describe('a secret', () => {
  const { SLACK_APP_TOKEN, ...botToken } = slack;
  const http = { ...botToken, SLACK_SIGNING_SECRET: 'c0ffee00'.repeat(4) };
  /** A configuration that has it. */
  const having: Record<(typeof SECRETS)[number], Record<string, string | undefined>> = {
    SLACK_BOT_TOKEN: { ...slack, ...apiKey },
    SLACK_APP_TOKEN: { ...slack, ...apiKey },
    SLACK_SIGNING_SECRET: { ...http, ...apiKey },
    SECURID_API_KEY: { ...slack, ...apiKey },
    SECURID_OAUTH_PRIVATE_KEY: { ...slack, ...oauth },
    REDIS_URL: { ...slack, ...apiKey, REDIS_URL: 'rediss://desk:pass%40word@redis.example' },
    HTTPS_PROXY: { ...slack, ...apiKey, HTTPS_PROXY: 'http://desk:pass%40word@proxy.example:3128' },
  };

  function asFile(name: (typeof SECRETS)[number], content: string | (() => string)) {
    const env = { ...having[name], [name]: undefined, [`${name}_FILE`]: '/run/secrets/it' };
    return readConfig(env, () => (typeof content === 'string' ? content : content()));
  }

  async function problemsOfFile(...asked: Parameters<typeof asFile>): Promise<string[]> {
    const outcome = await asFile(...asked).catch((error: unknown) => error);
    return outcome instanceof ConfigError ? outcome.problems : ['none'];
  }

  it.each(SECRETS)('may be in the file that %s_FILE names', async (name) => {
    const text = `${having[name][name]}`;
    const usual = await read(having[name]);
    expect(await asFile(name, text)).toEqual(usual);
    expect(await asFile(name, `${text}\n`)).toEqual(usual);
    expect(await asFile(name, `\ufeff"${text}"\r\n\r\n`)).toEqual(usual);
  });

  it.each(SECRETS)('is not taken from both: %s', async (name) => {
    expect(await problemsOf({ ...having[name], [`${name}_FILE`]: '/run/secrets/it' })).toEqual([
      `${name} and ${name}_FILE: only one of the two can be used`,
    ]);
  });

  it.each(SECRETS)('in a file that cannot be used is one problem: %s', async (name) => {
    expect(await problemsOfFile(name, ' \n')).toEqual([`${name}_FILE: the file is empty`]);
    const utf16 = Buffer.from(`\ufeff${having[name][name]}\r\n`, 'utf16le').toString('utf8');
    expect(await problemsOfFile(name, utf16)).toEqual([
      `${name}_FILE: the file is not saved as UTF-8`,
    ]);
    const refuse = () => {
      throw Object.assign(new Error('EACCES: /run/secrets/it'), { code: 'EACCES' });
    };
    expect(await problemsOfFile(name, refuse)).toEqual([
      `${name}_FILE: the file cannot be read: this user may not read it`,
    ]);
  });

  it.each(SECRETS)('in a file of something else is reported by its variable: %s', async (name) => {
    const problems = await problemsOfFile(name, 'SECRET-9c1d something\nelse');
    expect(problems).toEqual([expect.stringMatching(`^${name}_FILE: `)]);
    expect(problems.join()).not.toContain('9c1d');
  });
});

describe('the file of a key', () => {
  const { SECURID_OAUTH_PRIVATE_KEY: text, ...rest } = oauth;
  const SECURID_OAUTH_PRIVATE_KEY_FILE = '/run/secrets/pasted';
  const env = { ...slack, ...rest, SECURID_OAUTH_PRIVATE_KEY_FILE };
  const readPasted = (content: string) => readConfig(env, () => content);

  async function problemOf(content: string): Promise<string> {
    const outcome = await readPasted(content).catch((error: unknown) => error);
    return outcome instanceof ConfigError ? outcome.problems.join() : 'none';
  }

  it.each<[string, string]>([
    ['a byte order mark and line ends of Windows', `\ufeff${JSON.stringify(jwk, null, 2)}\r\n`],
    ['a set of one', JSON.stringify({ keys: [jwk] })],
    ['a set of the private and the public key', JSON.stringify({ keys: [{ ...jwk, d: '' }, jwk] })],
    ['a string of JSON', JSON.stringify(text)],
    ['single quotes', `'${text}'`],
  ])('may contain %s', async (_, content) => {
    expect(await readPasted(content)).toEqual(await read({ ...slack, ...oauth }));
  });

  it.each<[string, string]>([
    ['', 'the file is empty'],
    ['-----BEGIN PRIVATE KEY-----', 'is not a private JWK of type RSA or EC; it is PEM'],
    [Buffer.from(text).toString('base64'), 'is not a private JWK of type RSA or EC; it is Base64'],
    ['/run/secrets/jwk.json', 'is not a private JWK of type RSA or EC; it is the path of a file'],
    [`${text}`.slice(0, 99), 'is not a private JWK of type RSA or EC; its end is missing'],
    [Buffer.from(text, 'utf16le').toString('utf8'), 'the file is not saved as UTF-8'],
    [
      JSON.stringify({ keys: [jwk, jwk] }),
      'is a set of 2 private JWKs; leave only the one that the OAuth client has',
    ],
    [JSON.stringify({ keys: [] }), 'is not a private JWK of type RSA or EC'],
  ])('says what it contains instead (%#)', async (content, problem) => {
    expect(await problemOf(content)).toBe(`SECURID_OAUTH_PRIVATE_KEY_FILE: ${problem}`);
  });

  it.each([
    ['ENOENT', ': there is no such file'],
    ['EACCES', ': this user may not read it'],
    ['EISDIR', ': it is a folder'],
    ['EIO', ''],
  ])('says why it cannot be read: %s', async (code, why) => {
    const refused = readConfig(env, () => {
      throw Object.assign(new Error(`${code}: /run/secrets/pasted`), { code });
    });
    const outcome = await refused.catch((error: unknown) => error);
    expect(outcome instanceof ConfigError && outcome.problems).toEqual([
      `SECURID_OAUTH_PRIVATE_KEY_FILE: the file cannot be read${why}`,
    ]);
  });
});

describe('the lists of people', () => {
  it.each(['jonas', 'C0CHANNEL', 'u0jonas', '@U0JONAS', 'S', 'U0JONAS;U0MIRA', 'U0JONAS U0MIRA'])(
    'do not accept %s',
    async (SECURID_AGENTS) => {
      expect(await problemsOf({ ...slack, ...apiKey, SECURID_AGENTS })).toEqual([
        'SECURID_AGENTS: must be Slack user-group ids (S…) and user ids (U…, W…), separated by commas',
      ]);
    },
  );
});

describe('domains that mean the same mailbox', () => {
  it.each<[string, string[][]]>([
    ['corp.example=example.com', [['corp.example', 'example.com']]],
    [
      ' Corp.Example. = EXAMPLE.com = x.test ,, münchen.test=muenchen.test',
      [
        ['corp.example', 'example.com', 'x.test'],
        ['xn--mnchen-3ya.test', 'muenchen.test'],
      ],
    ],
    ['a.test=b.test,c.test=d.test,d.test=a.test', [['a.test', 'b.test', 'c.test', 'd.test']]],
  ])('may be %s', async (SECURID_EMAIL_DOMAINS, emailDomains) => {
    expect(await read({ ...slack, ...apiKey, SECURID_EMAIL_DOMAINS })).toMatchObject({
      emailDomains,
    });
  });

  it.each([
    'corp.example',
    'corp.example=',
    'a.test=a.test',
    'a.test=A.test.',
    'a.test=@b.test',
    '*@a.test=*@b.test',
    'a.test=b..test',
    'a.test:b.test',
    'https://a.test=b.test',
  ])('are not %s', async (SECURID_EMAIL_DOMAINS) => {
    expect(await problemsOf({ ...slack, ...apiKey, SECURID_EMAIL_DOMAINS })).toEqual([
      `SECURID_EMAIL_DOMAINS: ${NO_DOMAINS}`,
    ]);
  });
});

describe('who is protected', () => {
  it('is read in one spelling', async () => {
    const SECURID_PROTECTED = 'S0BOARD,U0ALAN, Jane@MÜNCHEN.example. ,*@Münch\u200Ben.example';
    expect(await read({ ...slack, ...apiKey, SECURID_PROTECTED })).toMatchObject({
      protection: {
        groups: ['S0BOARD'],
        userIds: ['U0ALAN'],
        emails: ['jane@xn--mnchen-3ya.example'],
        domains: ['xn--mnchen-3ya.example'],
      },
    });
  });

  it.each([
    'jane',
    '*@',
    '@example.com',
    '*@*.example.com',
    'jane@ex ample.com',
    '*jane@example.com',
  ])('is not %s', async (SECURID_PROTECTED) => {
    expect(await problemsOf({ ...slack, ...apiKey, SECURID_PROTECTED })).toHaveLength(1);
  });
});

describe('a number', () => {
  it.each([
    ['PORT', '0', undefined],
    ['PORT', '65536', 'must be between 0 and 65535'],
    ['PORT', '3e3', 'must be a whole number'],
    ['PORT', ' 3000 ', undefined],
    ['PORT', '3 000', 'must be a whole number'],
    [
      'OPS_PORT',
      'tcp://10.0.0.7:9090',
      'must be a whole number; it is what Kubernetes sets for a Service of that name: set enableServiceLinks to false',
    ],
    ['SECURID_BURST', '1000', undefined],
    ['SECURID_VERIFICATION_MINUTES', '61', 'must be between 0 and 60'],
    ['SECURID_BURST', '1001', 'must be between 1 and 1000'],
    ['SECURID_CONCURRENCY', '101', 'must be between 1 and 100'],
    ['SECURID_EMERGENCY_HOURS', '168', undefined],
    ['SECURID_EMERGENCY_HOURS', '169', 'must be between 1 and 168'],
    ['SECURID_EMERGENCY_HOURS', '0', 'must be between 1 and 168'],
    ['SECURID_LICENSES_PURCHASED', '0', 'must be between 1 and 100000000'],
    ['SECURID_LICENSES_PURCHASED', '1,500', 'must be a whole number'],
    ['SECURID_REQUESTS_PER_SECOND', '9'.repeat(400), 'must be between 1 and 1000'],
  ])('%s may be %.20s: %s', async (name, value, problem) => {
    const env = { ...slack, ...apiKey, [name]: value };
    if (problem) expect(await problemsOf(env)).toEqual([`${name}: ${problem}`]);
    else expect(await read(env)).toBeDefined();
  });
});

describe('SECURID_WORKSPACES', () => {
  const MUST = 'SECURID_WORKSPACES: must be Slack workspace ids (T…), separated by commas';

  it.each([
    ['a name', 'acme', MUST],
    ['a user group', 'T0ACME,S0HELPDESK', `${MUST}; number 2 of 2 is not one`],
    [
      'an organization',
      'T0ACME,E0ACME',
      `${MUST}; an organization (E…) is not one: leave it empty for all of its workspaces`,
    ],
  ])('cannot be %s', async (_, SECURID_WORKSPACES, problem) => {
    expect(await problemsOf({ ...slack, ...apiKey, SECURID_WORKSPACES })).toEqual([problem]);
  });
});
