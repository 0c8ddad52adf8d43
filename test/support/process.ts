import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import * as company from '../../src/playground/company.ts';
import { startTenant } from '../../src/playground/tenant/index.ts';
import { startWorkspace, type Workspace } from '../../src/playground/workspace/index.ts';
import { BOT_TOKEN, SIGNING_SECRET } from './help-desk.ts';
import { patientPerson } from './patient-person.ts';
import { OUTPUT, PRINTED, SECRETS } from './printed.ts';
import { ROOT } from './sources.ts';

export const DIST = join(OUTPUT, 'dist');

/**
 * The files that the processes run. Whoever asks first in a run builds them, and the others wait, so that no process
 * starts from a half-built file.
 */
export async function build(): Promise<void> {
  mkdirSync(OUTPUT, { recursive: true });
  const run = process.env.TEST_RUN;
  // Before the tests of a project, when nobody else asks.
  if (run === undefined) return make();
  const built = join(OUTPUT, `built-${run}`);
  if (isFirst(`${built}.begun`)) {
    make();
    writeFileSync(built, '');
  } else await vi.waitUntil(() => existsSync(built), { timeout: 235_000, interval: 100 });
}

/** Only one process can make the file. */
function isFirst(path: string): boolean {
  try {
    writeFileSync(path, '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

function make(): void {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', DIST], {
    cwd: ROOT,
  });
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const bundle = ['build', 'src', '--outDir', DIST];
  execFileSync(process.execPath, [vite, ...bundle], { cwd: ROOT });
}

export type Env = Record<string, string>;

/** Makes Node load a file of the project first. As a URL, since a space in a path ends an option. */
export const preloading = (path: string): Env => ({
  NODE_OPTIONS: `--import ${pathToFileURL(join(ROOT, path))}`,
});

/** Settings of a process whose clock is fast by so many milliseconds. */
export const fastBy = (ms: number): Env => ({
  ...preloading('test/chaos/support/preload.mjs'),
  CHAOS_SKEW: String(ms),
});

/** A bot in its own process, by the running Node or another. */
export function run(
  env: Env,
  script = 'main.js',
  args: string[] = [],
  binary: string = process.execPath,
) {
  return runCommand(env, binary, [resolve(DIST, script), ...args]);
}

/** A bot that is started in another way, or as another user. */
export function runCommand(
  env: Env,
  command: string,
  args: string[],
  user: { uid?: number; gid?: number } = {},
) {
  const child: ChildProcess = spawn(command, args, {
    ...user,
    // Any free port, because several run side by side.
    env: { PATH: process.env.PATH ?? '', OPS_PORT: '0', ...env },
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

type StandIns = {
  appToken?: string;
  team?: object;
  /** Their addresses for the bot; by default loopback. */
  urls?: { tenant: string; slack: string };
};

/** A tenant, a workspace, and the environment for a bot between them. */
export async function standIns({ appToken, team, urls }: StandIns = {}) {
  const clock = systemClock;
  const tenant = await startTenant({ clock, url: urls?.tenant });
  const slack = company.slackCompany();
  const inMemory = await startWorkspace({
    clock,
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    ...(appToken && { appToken }),
    ...(urls && { url: urls.slack }),
    ...slack,
    team: { ...slack.team, ...team },
  });
  const workspace: Workspace = {
    ...inMemory,
    person: (id) => patientPerson(inMemory.person(id)),
  };
  onTestFinished(async () => {
    appendFileSync(
      SECRETS,
      `${[...tenant.secrets(), BOT_TOKEN, SIGNING_SECRET, ...(appToken ? [appToken] : [])].join('\n')}\n`,
    );
    await tenant.stop();
    await workspace.stop();
  });
  const env: Env = {
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: workspace.apiUrl,
    AUDIT_FILE: join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`),
    HOST: '127.0.0.1',
    PORT: '0',
    OPS_PORT: '0',
    SECURID_API_KEY: JSON.stringify(tenant.apiKey),
    SECURID_AGENTS: company.HELP_DESK_GROUP,
    SECURID_MANAGERS: company.IT_MANAGERS_GROUP,
  };
  return { tenant, workspace, env };
}
