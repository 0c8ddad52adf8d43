import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { locked } from '../supply/support.ts';
import { run, standIns } from '../support/process.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { ROOT } from '../support/sources.ts';
import { suiteFolder } from '../support/temp-folder.ts';

/** Outside the repository, so that no package is found. */
const bundle = suiteFolder();

const text = (name: string) => readFileSync(join(bundle, name), 'utf8');

beforeAll(() => {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', 'src', '--outDir', bundle], { cwd: ROOT });
  copyFileSync(join(ROOT, 'package.json'), join(bundle, 'package.json'));
});

/** What Vite wrote: a heading for each package, and the text of its license. */
const licensesIn = (page: string) =>
  page
    .split(/^(?=## \S+ - \d)/m)
    .slice(1)
    .map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      const [, name = '', , version = ''] = heading.split(' ');
      return { name, version, words: lines.join(' ') };
    });

describe('the bundle', () => {
  it.skipIf(!redisInstalled)('needs no package beside it, with Redis as well', async () => {
    const { workspace, env } = await standIns();
    const redis = await startRedis();
    const bot = run({ ...env, REDIS_URL: redis.url }, join(bundle, 'main.js'));
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);

    const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');

    expect(await asked.answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
    bot.child.kill('SIGTERM');
    expect(await bot.ended()).toBe(0);
    expect(bot.printed()).not.toMatch(/Redis is away|Cannot find|unhandled/);
  });

  it('has the license of each package that is in it', () => {
    const code = readdirSync(bundle)
      .filter((name) => name.endsWith('.js'))
      .map(text)
      .join('\n');
    const inside = code.matchAll(
      /^\/\/ node_modules\/(?:.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)/gm,
    );
    const packages = [...new Set([...inside].map(([, name = '']) => name))];
    const licenses = licensesIn(text('THIRD-PARTY.md'));
    const licensed = licenses.map(({ name }) => name);

    expect(packages).toEqual(expect.arrayContaining(['@slack/bolt', 'ioredis', 'pino', 'zod']));
    expect(packages.filter((name) => !licensed.includes(name))).toEqual([]);
    expect(licenses.filter(({ words }) => !/copyright|\(c\)/i.test(words))).toEqual([]);
  });

  it('holds no package of the tools, which no list of what ships would name', () => {
    const shipped = locked().flatMap(({ dev, name, version }) =>
      dev ? [] : [`${name} ${version}`],
    );
    const inside = licensesIn(text('THIRD-PARTY.md')).map(
      ({ name, version }) => `${name} ${version}`,
    );
    expect(inside.filter((one) => !shipped.includes(one))).toEqual([]);
  });
});
