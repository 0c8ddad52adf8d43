import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readAsFarAsPossible } from '../../src/config/config.ts';
import { slackUseOf } from '../../src/config/slack-use.ts';
import { COMMAND } from '../../src/desk/command.ts';
import { createChanges } from '../../src/guard/change/changes.ts';
import { manifest } from '../../src/manifest/manifest.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import { HELP_DESK_GROUP, JONAS, MIRA } from '../../src/playground/company.ts';
import { BOT_SCOPES } from '../../src/playground/workspace/index.ts';
import { ALL_SCOPES, scopesFor } from '../../src/slack/scopes.ts';
import { openHelpDesk } from '../support/help-desk.ts';
import { ROOT, sources } from '../support/sources.ts';

const PATH = /^https:\/\/[^\s?#]+$/;

/** The part of Slack's manifest schema 2 that this app uses, with Slack's limits. */
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.number() }),
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().max(32).startsWith('/'),
        url: z.string().regex(PATH).max(3000).optional(),
        description: z.string().max(2000),
        usage_hint: z.string().max(1000),
        should_escape: z.literal(true),
      }),
    ),
  }),
  oauth_config: z.strictObject({
    scopes: z.strictObject({ bot: z.array(z.string()).max(255) }),
  }),
  settings: z.strictObject({
    interactivity: z.strictObject({
      is_enabled: z.literal(true),
      request_url: z.string().regex(PATH).max(3000).optional(),
    }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});

/** The methods of Slack's Socket Mode client that `src/slack/socket.ts` calls: not part of the Web API. */
const OF_THE_SOCKET = new Set(['disconnect', 'on', 'once']);

/** The scopes that each Web API method needs: https://docs.slack.dev/reference/methods */
const NEEDED: Record<string, string[]> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  filesUploadV2: ['files:write'],
  'users.info': ['users:read', 'users:read.email'],
  'users.lookupByEmail': ['users:read.email'],
  'usergroups.users.list': ['usergroups:read'],
  'views.open': [],
  'views.update': [],
};

type Env = Record<string, string>;

function runs(args: string[], env: Env = {}) {
  const [printed, complained]: string[][] = [[], []];
  const code = manifest({
    args,
    env,
    print: (text) => printed?.push(text),
    complain: (text) => complained?.push(text),
  });
  return { code, printed: printed?.join('') ?? '', complained: complained?.join('') ?? '' };
}

const prints = (env: Env, ...args: string[]) => Manifest.parse(parse(runs(args, env).printed));

const AGENTS = { SECURID_AGENTS: JONAS };

describe('manifest.yml', () => {
  const file = readFileSync(join(ROOT, 'manifest.yml'), 'utf8');
  const asked = Manifest.parse(parse(file));

  it('is what the default configuration prints', () => {
    expect(runs([]).printed).toBe(file);
  });

  it('registers the one command that the app handles', () => {
    expect(asked.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND]);
  });

  it('requests the scopes of the methods that are called, and no others', () => {
    const called = sources('slack')
      .flatMap(({ text }) =>
        [...text.matchAll(/client\.([a-zA-Z.\d]+)\(/g)].map(([, method = '']) => method),
      )
      .filter((method) => !OF_THE_SOCKET.has(method));
    expect(called.filter((method) => !(method in NEEDED))).toEqual([]);
    const needed = new Set(['commands', ...called.flatMap((method) => NEEDED[method] ?? [])]);
    expect(asked.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
  });

  it('requests every scope that the app may need', () => {
    expect(asked.oauth_config.scopes.bot).toEqual(ALL_SCOPES);
  });

  it('requests what the workspace in memory grants, so that a missing scope is noticed', () => {
    expect(BOT_SCOPES).toEqual(asked.oauth_config.scopes.bot);
  });
});

describe('the manifest of a configuration', () => {
  it('asks for no more than the configuration uses', () => {
    expect(prints(AGENTS).oauth_config.scopes.bot).toEqual([
      'chat:write',
      'commands',
      'users:read',
      'users:read.email',
    ]);
    expect(
      prints({ SECURID_AGENTS: HELP_DESK_GROUP, SECURID_CHANGES: 'sync' }).oauth_config.scopes.bot,
    ).toEqual(['commands', 'users:read', 'users:read.email', 'usergroups:read']);
  });

  it('asks for what the doctor expects, and is one that Slack takes, whatever is switched on', async () => {
    const settings: Env[] = [
      { SECURID_MANAGERS: MIRA },
      { SECURID_APPROVERS: HELP_DESK_GROUP },
      { SECURID_PROTECTED: 'S0BOARD,*@acme.test' },
      { SECURID_CHANGES: 'sync' },
      { SECURID_CHANGES: 'code,unlock,delete,emergency,user,token,fido,sync' },
      { SECURID_APPROVAL_CHANNEL: 'C0APPROVE' },
      { AUDIT_CHANNEL: 'C0AUDIT' },
      { SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' },
    ];
    for (let chosen = 0; chosen < 2 ** settings.length; chosen += 1) {
      const some = settings.filter((_, at) => (chosen >> at) % 2 === 1);
      const env: Env = Object.assign({}, AGENTS, ...some);
      const { config } = await readAsFarAsPossible(env, () => '');
      const use = slackUseOf(config, createChanges(CHANGES, config.changes).on);

      expect(prints(env).oauth_config.scopes.bot).toEqual(scopesFor(use));
    }
  });

  it('has no direct messages where nobody gets one', () => {
    expect(
      prints({ ...AGENTS, SECURID_CHANGES: 'sync' }).features.app_home.messages_tab_enabled,
    ).toBe(false);
    expect(prints(AGENTS).features.app_home.messages_tab_enabled).toBe(true);
  });

  it('hints at what may be typed', async () => {
    const hint = (env: Env) => prints(env).features.slash_commands[0]?.usage_hint;
    expect(hint(AGENTS)).toBe('user | find | authenticators | history | token | code | help');
    const env = { ...AGENTS, SECURID_MANAGERS: MIRA, SECURID_CHANGES: 'delete,unlock' };
    expect(hint(env)).toBe(
      'user | find | authenticators | history | token | unlock | delete | license | help',
    );

    const { names } = (await openHelpDesk({ env })).app;
    expect(names).toEqual(expect.arrayContaining(hint(env)?.split(' | ') ?? []));
  });

  it('has the request URLs of HTTP mode', () => {
    const made = prints({ ...AGENTS, SLACK_PATH: '/desk/events/' }, '--url', 'https://acme.test');
    const url = 'https://acme.test/desk/events';
    expect(made.features.slash_commands[0]?.url).toBe(url);
    expect(made.settings).toMatchObject({
      interactivity: { request_url: url },
      socket_mode_enabled: false,
    });
  });

  it.each([
    ['https://acme.test', 'https://acme.test/slack/events'],
    ['https://acme.test/', 'https://acme.test/slack/events'],
    ['https://acme.test:8443', 'https://acme.test:8443/slack/events'],
    ['https://172.32.0.1', 'https://172.32.0.1/slack/events'],
    ['https://10.acme.test', 'https://10.acme.test/slack/events'],
    ['https://acme.test/behind/a/proxy/', 'https://acme.test/behind/a/proxy/slack/events'],
    ['https://acme.test/slack/events', 'https://acme.test/slack/events'],
    ['https://acme.test/slack/events/', 'https://acme.test/slack/events'],
  ])('takes %s', (base, url) => {
    expect(prints(AGENTS, '--url', base).settings.interactivity.request_url).toBe(url);
  });

  it('has no URL in Socket Mode', () => {
    const made = prints({ ...AGENTS, SLACK_APP_TOKEN: 'xapp-1' });
    expect(made.settings.interactivity).toEqual({ is_enabled: true });
    expect(made.settings.socket_mode_enabled).toBe(true);
  });

  it.each(['SLACK_SIGNING_SECRET', 'SLACK_SIGNING_SECRET_FILE'])(
    'shows where the URL belongs in HTTP mode, which %s chooses',
    (name) => {
      const { code, printed, complained } = runs([], { ...AGENTS, [name]: 'anything' });
      expect(code).toBe(0);
      expect(parse(printed).settings.interactivity.request_url).toBe(
        'https://securid-desk.example.com/slack/events',
      );
      expect(complained).toContain('Give the address at which Slack reaches the app (--url)');
    },
  );

  it('may be deployed in a whole organization on request', () => {
    expect(prints(AGENTS, '--org-wide').settings.org_deploy_enabled).toBe(true);
    expect(prints(AGENTS).settings.org_deploy_enabled).toBe(false);
  });

  it('may be deployed there if people of several workspaces use the app', () => {
    const deploys = (SECURID_WORKSPACES: string) =>
      prints({ ...AGENTS, SECURID_WORKSPACES }).settings.org_deploy_enabled;
    expect(deploys('T0ACME,T0EMEA')).toBe(true);
    expect(deploys('T0ACME')).toBe(false);
  });

  it('comes as JSON for the API', () => {
    const { printed } = runs(['--json'], AGENTS);
    expect(Manifest.parse(JSON.parse(printed))).toEqual(prints(AGENTS));
  });

  it('needs no token, and ignores what does not matter to it', () => {
    const odd = { SLACK_BOT_TOKEN: 'no token', REDIS_URL: 'nowhere', SECURID_API_KEY: '{' };
    expect(runs([], odd)).toEqual(runs([]));
  });

  it('names every bad value that matters to it, and prints none', () => {
    const { code, printed, complained } = runs([], {
      SECURID_AGENTS: 'help-desk-9c1d',
      AUDIT_CHANNEL: '#audit-9c1d',
      SLACK_PATH: 'events-9c1d',
    });
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
    expect(complained).toMatchInlineSnapshot(`
      "The configuration has problems:
        SLACK_PATH: must be a path that begins with /, such as /slack/events
        SECURID_AGENTS: must be Slack user-group ids (S…) and user ids (U…, W…), separated by commas
        AUDIT_CHANNEL: must be a channel id (C… or G…); it is a name; the id is at the foot of the channel’s details
      "
    `);
  });

  it('asks for what any role may need while there is none, and says so', () => {
    const { complained } = runs([]);
    expect(complained).toMatchInlineSnapshot(`
      "Create the app from this manifest at https://api.slack.com/apps, or replace the manifest of the one you have and install it again.
      No role is set yet (SECURID_AGENTS, SECURID_MANAGERS, SECURID_APPROVERS), so the manifest asks for what any of them may need.
      "
    `);
    expect(runs([], AGENTS).complained).not.toContain('No role');
  });

  it('points to where GovSlack has its apps', () => {
    const env = { ...AGENTS, SLACK_API_URL: 'https://slack-gov.com/api/' };
    expect(runs([], env).complained).toContain('https://api.slack-gov.com/apps');
  });

  it.each([
    [['--org'], "Unknown option '--org'."],
    [['yaml'], "Unexpected argument 'yaml'."],
    [['--url'], "Option '--url <value>' argument missing."],
    [['--json=yes'], "Option '--json' does not take an argument."],
    [['--url', 'acme.test'], '--url must be a URL, such as https://desk.example.com.'],
    [['--url', 'http://acme.test'], '--url must begin with https://: Slack accepts nothing else.'],
    [['--url', 'https://me:secret@acme.test'], '--url must have no user and no password.'],
    ...[
      'localhost:3000',
      '10.0.0.7',
      '192.168.1.2',
      '172.31.0.1',
      '[::1]',
      'desk',
      'desk.local',
    ].map((host): [string[], string] => [
      ['--url', `https://${host}`],
      '--url must be an address that Slack can reach from outside.',
    ]),
    [['--url', 'https://acme.test/?a=b'], '--url must have nothing after its path.'],
  ])('refuses %j in a sentence', (args, sentence) => {
    const { code, printed, complained } = runs(args);
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
    expect(complained).toMatch(/^[^\n]+\n\nnode dist\/main\.js manifest/);
    expect(complained.split('\n')[0]).toBe(sentence);
  });

  it('refuses a URL where Socket Mode is chosen', () => {
    const env = { ...AGENTS, SLACK_APP_TOKEN: 'xapp-1' };
    const { code, complained } = runs(['--url', 'https://acme.test'], env);
    expect(code).toBe(2);
    expect(complained).toMatch(/^SLACK_APP_TOKEN is set, so the app uses Socket Mode/);
  });

  it('explains itself', () => {
    expect(runs(['--help'])).toMatchObject({
      code: 0,
      printed: expect.stringContaining('--org-wide'),
    });
  });
});
