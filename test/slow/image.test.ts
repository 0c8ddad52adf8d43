import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { bytesIn, filesIn } from '../deploy/support/dockerfile.ts';
import { canIsolate, makeImage } from '../deploy/support/image.ts';
import { standIns } from '../support/process.ts';
import { suiteFolder } from '../support/temp-folder.ts';

const folder = suiteFolder();
let image: ReturnType<typeof makeImage>;

beforeAll(() => {
  image = makeImage(folder);
}, 600_000);

/** What the kernel says of a process: its number and user inside, and how its root is mounted. */
function stateOf(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
  return {
    pid: /^NSpid:.*\t(\d+)$/m.exec(status)?.[1],
    user: /^Uid:\t(\d+)/m.exec(status)?.[1],
    root: /^\S+ \S+ \S+ \S+ \/ (r[ow])/m.exec(mounts)?.[1],
  };
}

describe('the image', () => {
  it('adds at most 40 MB to its base, and nothing that does not run', () => {
    const app = join(image.root, 'app');
    const names = readdirSync(app).toSorted();
    console.log(`the app layer has ${(bytesIn(app) / 1e6).toFixed(1)} MB: ${names.join(', ')}`);

    expect(bytesIn(app)).toBeLessThanOrEqual(40e6);
    expect(names).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'THIRD-PARTY.md',
        'health.js',
        'main.js',
        'sbom.cdx.json',
      ]),
    );
    expect(
      filesIn(app).filter((file) => /\.tsx?$|\.map$|node_modules|playground/.test(file)),
    ).toEqual([]);
    expect(filesIn(app).filter((file) => statSync(file).mode & 0o022)).toEqual([]);
  });

  it('answers, is healthy, and ends with 0 on SIGTERM', async () => {
    const { workspace, env } = await standIns();
    const { AUDIT_FILE: _, ...rest } = env;
    const volume = image.newVolume();
    const bot = image.run(rest, [], volume);
    const OPS_PORT = await bot.says('"opsPort":(\\d+)');
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);

    const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');

    expect(await asked.answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
    expect(await image.checkHealth({ OPS_PORT })).toBe(0);
    expect(await image.checkHealth({ OPS_PORT: `"${OPS_PORT}"`, OPS_HOST: '0.0.0.0' })).toBe(0);
    const first = image.firstProcess(bot.child.pid ?? 0);
    if (canIsolate) expect(stateOf(first)).toEqual({ pid: '1', user: '65532', root: 'ro' });
    process.kill(first, 'SIGTERM');
    expect(await bot.ended()).toBe(0);
    expect(await image.checkHealth({ OPS_PORT })).toBe(1);
    expect(readdirSync(volume)).toEqual(expect.arrayContaining(['audit.jsonl', 'audit.jsonl.key']));
    if (canIsolate) expect(statSync(join(volume, 'audit.jsonl')).uid).toBe(65532);

    const audit = image.run({}, ['audit', '/var/lib/securid-desk/audit.jsonl'], volume);
    expect(await audit.ended()).toBe(0);
    expect(audit.printed()).toContain('rows, unbroken.');
  });

  it('checks the installation with `doctor`', async () => {
    const { AUDIT_FILE: _, ...env } = (await standIns()).env;
    const doctor = image.run(env, ['doctor']);
    expect([0, 1]).toContain(await doctor.ended());
    expect(doctor.printed()).toMatch(/^\s*[✓!✗] /m);
  });

  it('names every problem of its configuration, and ends with 2', async () => {
    const bot = image.run({});
    expect(await bot.ended()).toBe(2);
    expect(bot.printed()).toContain('SLACK_BOT_TOKEN: is missing');
  });
});
