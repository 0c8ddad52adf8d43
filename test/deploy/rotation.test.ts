import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { build, DIST, run, standIns } from '../support/process.ts';
import { ROOT } from '../support/sources.ts';
import { tempFolder } from '../support/temp-folder.ts';

const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const [, section = ''] = /^## Rotate a trail\n(.*?)^## /ms.exec(page) ?? [];
const [rename = '', copy = '', remove = ''] = [
  ...section.matchAll(/node --eval '(.*?)'(?: >|$)/gm),
].map(([, script]) => script);

beforeAll(build);

/** What the page lets the container's Node do, in the folder of the trail. */
const evaluate = (folder: string, script: string) =>
  execFileSync(process.execPath, ['--eval', script], { cwd: folder });

const check = (folder: string, ...args: string[]) => {
  const command = [join(DIST, 'main.js'), 'audit', ...args];
  const { status, stdout } = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, said: stdout };
};

const rotatedIn = (folder: string) =>
  readdirSync(folder).filter((name) => name.startsWith('audit.jsonl-'));

/** A bot with its trail in a folder, as in a container. */
async function start(folder: string) {
  const { workspace, env } = await standIns();
  const bot = run({ ...env, AUDIT_FILE: join(folder, 'audit.jsonl') });
  workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
  return {
    async looksUp() {
      const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
      expect(await asked.answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
    },
    async stop() {
      bot.child.kill('SIGTERM');
      expect(await bot.ended()).toBe(0);
      expect(bot.printed()).not.toMatch(/missing|cut or replaced|"level":[56]0/);
    },
  };
}

// Three processes, one after the other.
it('rotates the trail of a running app, as the page says', async () => {
  const folder = tempFolder();
  const first = await start(folder);
  await first.looksUp();
  evaluate(folder, rename);
  const [old = ''] = rotatedIn(folder);
  await first.looksUp();

  expect(check(folder, 'audit.jsonl')).toMatchObject({
    status: 0,
    said: expect.stringContaining('unbroken'),
  });

  // Again, and no row since: the next start finds the end of the trail in the old file.
  evaluate(folder, rename);
  await first.stop();
  expect(rotatedIn(folder)).toHaveLength(2);
  const second = await start(folder);
  await second.looksUp();

  const named = (script: string) => script.replace('audit.jsonl-2026-11-01T00:00:00.000', old);
  const [anchor = ''] = /\d+:[0-9a-f]{16,}/.exec(check(folder, old).said) ?? [];
  const copied = evaluate(folder, named(copy));
  const [, next = ''] = rotatedIn(folder).toSorted();
  expect(check(folder, next).status).toBe(1);
  expect(check(folder, next, '--anchor', anchor).status).toBe(0);
  expect(copied).toEqual(readFileSync(join(folder, old)));
  evaluate(folder, named(remove));
  await second.looksUp();
  await second.stop();

  const third = await start(folder);
  await third.looksUp();
  await third.stop();
  const left = check(folder, 'audit.jsonl', '--anchor', anchor);
  expect(left).toMatchObject({ status: 0, said: expect.stringContaining('Begins at row') });
  // What was copied completes it.
  writeFileSync(join(folder, 'audit.jsonl-2026-11-01'), copied);
  expect(check(folder, 'audit.jsonl')).toMatchObject({ status: 0 });
}, 180_000);
