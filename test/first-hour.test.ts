import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as company from '../src/playground/company.ts';
import { APP_TOKEN, BOT_TOKEN } from './support/help-desk.ts';
import { build, type Env, run, standIns } from './support/process.ts';
import { ROOT } from './support/sources.ts';
import { tempFolder } from './support/temp-folder.ts';

const PAGE = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');

/** The variables that each block of settings names, in the page's order. */
const BLOCKS = [...PAGE.matchAll(/```ini\n([\s\S]*?)```/g)].map(([, block = '']) =>
  [...block.matchAll(/^\s*([A-Z_]+)=/gm)].map(([, name = '']) => name),
);
const [WITH_KEY = [], OAUTH = []] = BLOCKS;
const WITH_CLIENT = [...WITH_KEY.filter((name) => name !== 'SECURID_API_KEY_FILE'), ...OAUTH];

beforeAll(build);

/** What the two administrators found, under the names of the page, between stand-ins. */
async function settings(names: string[]) {
  const { tenant, workspace, env } = await standIns({ appToken: APP_TOKEN });
  const folder = tempFolder();
  const keep = (name: string, content: object) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
    return path;
  };
  const found: Env = {
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_APP_TOKEN: APP_TOKEN,
    SECURID_API_KEY_FILE: keep('securid.key', tenant.apiKey),
    SECURID_AGENTS: company.HELP_DESK_GROUP,
    SECURID_MANAGERS: company.MIRA,
    SECURID_OAUTH_ISSUER_URL: tenant.oauth.issuerUrl,
    SECURID_OAUTH_CLIENT_ID: tenant.oauth.clientId,
    SECURID_OAUTH_PRIVATE_KEY_FILE: keep('private.jwk', tenant.oauth.rsaPrivateKey),
    SECURID_ADMIN_API_URL: tenant.oauth.adminApiUrl,
  };
  const { SLACK_API_URL = '', AUDIT_FILE = '' } = env;
  const chosen = names.map((name) => [name, found[name] ?? '']);
  return { workspace, env: { ...Object.fromEntries(chosen), SLACK_API_URL, AUDIT_FILE } };
}

describe.each([
  ['an API key', WITH_KEY],
  ['an OAuth client', WITH_CLIENT],
])('the first fifteen minutes of docs/install.md, with %s', (_, names) => {
  it('lead to a doctor without a failure, and to the first answer', async () => {
    expect(names.length).toBeGreaterThan(3);
    const { workspace, env } = await settings(names);

    const doctor = run(env, 'main.js', ['doctor']);
    expect(await doctor.ended(), doctor.printed()).toBe(0);

    const bot = run(env);
    await Promise.all([bot.says('ready'), workspace.connected()]);
    const agent = workspace.person(company.JONAS);
    const help = await (await agent.types('/securid help')).answer();
    expect(help).toMatchObject({ text: expect.stringContaining('/securid user') });
    const answer = await (await agent.types('/securid user grace@acme.test')).answer();
    expect(answer).toMatchObject({ text: expect.stringMatching(/^Grace/) });
    bot.child.kill('SIGTERM');
    expect(await bot.ended()).toBe(0);
  });
});

describe('the manifest of the first fifteen minutes', () => {
  it('is printed before there is any setting', async () => {
    const printed = run({}, 'main.js', ['manifest']);
    expect(await printed.ended()).toBe(0);
    expect(printed.printed()).toContain('socket_mode_enabled: true');
  });
});
