import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../src/clock.ts';
import * as company from '../src/playground/company.ts';
import { startTenant } from '../src/playground/tenant/index.ts';
import { startWorkspace } from '../src/playground/workspace/index.ts';
import { BOT_TOKEN, SIGNING_SECRET } from './support/help-desk.ts';
import { OUTPUT, PRINTED, SECRETS } from './support/printed.ts';
import { ROOT } from './support/sources.ts';

const DIST = join(OUTPUT, 'dist');

beforeAll(() => {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', DIST], {
    cwd: ROOT,
  });
});

describe('node dist/main.js', () => {
  it('names every problem of its configuration, prints no value and ends with 2', async () => {
    const bot = run({
      SLACK_BOT_TOKEN: 'oops-7f3a',
      SECURID_AGENTS: 'help-desk-9c1d',
      SECURID_API_KEY: '{"accessKey":"5e8b"}',
    });

    expect(await bot.ended()).toBe(2);
    expect(bot.printed()).toMatchInlineSnapshot(`
      "The configuration has problems:
        SLACK_BOT_TOKEN: must be a bot token (xoxb-…)
        SECURID_AGENTS: must be Slack user-group ids (S…) and user ids (U…, W…), separated by commas
        SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode): one of the two is needed
        SECURID_API_KEY: is not an API key file: check accessID, adminRestApiUrl
      "
    `);
  });

  it('lets a running command finish on SIGTERM and ends with 0', async () => {
    const { tenant, workspace, env } = await standIns();
    const bot = run(env);
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
    const lookup = tenant.hold('POST /v1/users/lookup');
    const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
    await lookup.arrived();

    bot.child.kill('SIGTERM');
    await bot.says('stopping');
    lookup.release();

    expect((await asked.answer()).kind).toBe('message');
    expect(await bot.ended()).toBe(0);
  });

  it('says that its port is taken and ends with 1', async () => {
    const { env } = await standIns();
    const first = run(env);
    const second = run({ ...env, PORT: String(await first.port()) });

    expect(await second.ended()).toBe(1);
    expect(second.printed()).toContain('PORT');
  });
});

type Env = Record<string, string>;

/** A bot in a process of its own. */
function run(env: Env) {
  const child: ChildProcess = spawn(process.execPath, [join(DIST, 'main.js')], {
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk;
      appendFileSync(PRINTED, chunk);
      for (const look of waiting) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number);

  function matching(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(printed);
        if (found) resolve(found[1] ?? found[0]);
      };
      waiting.add(look);
      ended.then(() => reject(new Error(`ended before it said ${pattern}: ${printed}`)));
      look();
    });
  }

  return {
    child,
    printed: () => printed,
    ended: () => ended,
    says: (word: string) => matching(new RegExp(word)),
    port: async () => Number(await matching(/on port (\d+)/)),
  };
}

async function standIns() {
  const clock = systemClock;
  const tenant = await startTenant({ clock });
  const workspace = await startWorkspace({
    clock,
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    ...company.slackCompany(),
  });
  onTestFinished(async () => {
    appendFileSync(SECRETS, `${[...tenant.secrets(), BOT_TOKEN, SIGNING_SECRET].join('\n')}\n`);
    await tenant.stop();
    await workspace.stop();
  });
  const env: Env = {
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: workspace.apiUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    SECURID_API_KEY: JSON.stringify(tenant.apiKey),
    SECURID_AGENTS: company.HELP_DESK_GROUP,
    SECURID_MANAGERS: company.IT_MANAGERS_GROUP,
  };
  return { tenant, workspace, env };
}
