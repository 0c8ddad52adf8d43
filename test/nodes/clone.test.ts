import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { run, standIns } from '../support/process.ts';
import { ROOT } from '../support/sources.ts';
import { suiteFolder } from '../support/temp-folder.ts';
import { areInstalled, type Node, nodes } from './support/nodes.ts';

/** What a clone does not have. */
const NOT_CLONED = ['.git', 'node_modules', 'dist', 'coverage', '.test-output'];

/** A look-up, a change through the guard, and the license summary with its charts. */
const STORIES = [
  'test/operations/user-details.test.ts',
  'test/operations/unlock.test.ts',
  'test/operations/license-usage.test.ts',
];

describe.skipIf(!areInstalled()).each(nodes().map((node) => [node.version, node] as const))(
  'a clone, under Node %s',
  (_, node) => {
    const clone = suiteFolder();
    beforeAll(() => {
      const filter = (path: string) => !NOT_CLONED.includes(relative(ROOT, path));
      cpSync(ROOT, clone, { recursive: true, filter });
    });

    // `.npmrc` says `ignore-scripts`, so this is `npm ci --ignore-scripts` as well.
    it('is installed without a warning', async () => {
      const printed = await npm(node, clone, ['ci', '--prefer-offline', '--loglevel=notice']);
      expect(printed).toMatch(/added \d+ packages/);
      expect(printed).not.toMatch(/warn|deprecat|EBADENGINE|error/i);
    });

    it('is built, and answers in Slack without a warning of Node', async () => {
      await npm(node, clone, ['run', 'build']);
      const { workspace, env } = await standIns();
      const traced = { ...env, NODE_OPTIONS: '--trace-warnings' };
      const bot = run(traced, join(clone, 'dist/main.js'), [], node.binary);
      workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);

      const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
      expect(await asked.answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
      bot.child.kill('SIGTERM');
      expect(await bot.ended()).toBe(0);
      const lines = bot.printed().trimEnd().split('\n');
      expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);

      const doctor = run(traced, join(clone, 'dist/main.js'), ['doctor', '--json'], node.binary);
      await doctor.ended();
      expect(JSON.parse(doctor.printed())).toHaveProperty('checks');
    });

    it('shows the playground', async () => {
      const words = ['run', 'playground', '--', '--port', '0'];
      const playground = spawn(...command(node, words), {
        ...options(node, clone),
        detached: true,
      });
      const ended = once(playground, 'close');
      onTestFinished(async () => {
        // npm and what it started.
        if (playground.pid) process.kill(-playground.pid, 'SIGTERM');
        await ended;
      });
      let printed = '';
      for await (const chunk of playground.stdout) {
        printed += chunk;
        if (/Ctrl-C ends it/.test(printed)) break;
      }
      const [address = ''] = /http:\S+/.exec(printed) ?? [];
      expect(await (await fetch(address)).text()).toContain('<title>');
    });

    it('tells its stories', async () => {
      const vitest = join(clone, 'node_modules/vitest/vitest.mjs');
      const words = ['run', '--project', 'stories', ...STORIES];
      const { stdout } = await execute(node.binary, [vitest, ...words], options(node, clone));
      expect(stdout).toMatch(new RegExp(`Test Files\\s+${STORIES.length} passed`));
    });
  },
);

const execute = promisify(execFile);

/** As in a terminal of that Node: without what npm and Vitest have set for their own processes. */
function options({ binary }: Node, cwd: string) {
  const { PATH = '', HOME = '' } = process.env;
  return { cwd, env: { PATH: [dirname(binary), PATH].join(delimiter), HOME, NO_COLOR: '1' } };
}

const command = ({ binary, npm }: Node, words: string[]): [string, string[]] =>
  npm ? [binary, [npm, ...words]] : ['npm', words];

/** What npm prints about the clone, warnings included. Fails with all of it if npm fails. */
async function npm(node: Node, cwd: string, words: string[]): Promise<string> {
  const { stdout, stderr } = await execute(...command(node, words), options(node, cwd));
  // About this machine's own settings for npm.
  return (stdout + stderr).replaceAll(/^npm warn Unknown (?:user|global) config .*\n/gim, '');
}
