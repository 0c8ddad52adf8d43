import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMAND } from '../src/desk/command.ts';
import { BOT_SCOPES } from '../src/playground/workspace/index.ts';
import { ALL_SCOPES } from '../src/slack/scopes.ts';
import { ROOT, sources } from './support/sources.ts';

const file = (name: string) => readFileSync(join(ROOT, name), 'utf8');

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
        description: z.string().max(2000),
        usage_hint: z.string().max(1000),
        should_escape: z.literal(true),
      }),
    ),
  }),
  oauth_config: z.strictObject({
    scopes: z.strictObject({ bot: z.array(z.string()) }),
  }),
  settings: z.strictObject({
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.literal(true),
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

describe('manifest.yml', () => {
  const manifest = Manifest.parse(parse(file('manifest.yml')));

  it('registers the one command that the app handles', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND]);
  });

  it('requests the scopes of the methods that are called, and no others', () => {
    const called = sources('slack')
      .flatMap(({ text }) =>
        [...text.matchAll(/client\.([a-zA-Z.\d]+)\(/g)].map(([, method = '']) => method),
      )
      .filter((method) => !OF_THE_SOCKET.has(method));
    expect(called.filter((method) => !(method in NEEDED))).toEqual([]);
    const needed = new Set(['commands', ...called.flatMap((method) => NEEDED[method] ?? [])]);
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
  });

  it('requests what the app expects of its token', () => {
    expect(ALL_SCOPES).toEqual(manifest.oauth_config.scopes.bot);
  });

  it('requests what the workspace in memory grants, so that a missing scope is noticed', () => {
    expect(BOT_SCOPES).toEqual(manifest.oauth_config.scopes.bot);
  });
});
