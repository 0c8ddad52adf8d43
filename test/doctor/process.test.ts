import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificate } from '../support/certificate.ts';
import { build, run, standIns } from '../support/process.ts';
import { startProxy } from '../support/proxy.ts';
import { tempFolder } from '../support/temp-folder.ts';

beforeAll(build);

describe('node dist/main.js', () => {
  it.each(['doctr', 'Doctor', '--doctor', '', 'constructor'])(
    'does not start for %j, and ends with 2',
    async (word) => {
      const asked = run({}, 'main.js', [word]);

      expect(await asked.ended()).toBe(2);
      expect(asked.printed()).toMatch(/^There is no such command\.\n\nnode dist\/main\.js {2}/);
    },
  );

  it('says what it can be asked for', async () => {
    const asked = run({}, 'main.js', ['--help']);

    expect(await asked.ended()).toBe(0);
    expect(asked.printed()).toContain('node dist/main.js doctor');
  });
});

describe('node dist/main.js doctor', () => {
  it('names every problem of a configuration with its remedy, prints no value and ends with 1', async () => {
    const asked = run({ SLACK_BOT_TOKEN: 'oops-7f3a', SECURID_AGENT: 'S0X' }, 'main.js', [
      'doctor',
    ]);

    expect(await asked.ended()).toBe(1);
    expect(asked.printed()).toMatch(/✗ SLACK_BOT_TOKEN +must be a bot token \(xoxb-…\)/);
    expect(asked.printed().replaceAll(/\s+/g, ' ')).toContain(
      '! SECURID_AGENT is not read: did you mean SECURID_AGENTS? → Look it up in docs/configuration.md, and correct it unless this is intended.',
    );
    expect(asked.printed()).not.toContain('oops');
    for (const line of asked.printed().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('looks at everything, leaves nothing behind and ends with 0', async () => {
    const { env } = await standIns();
    const folder = tempFolder();
    const settings = { ...env, AUDIT_FILE: join(folder, 'audit.jsonl') };

    const asked = run(settings, 'main.js', ['doctor']);

    expect(await asked.ended()).toBe(0);
    expect(asked.printed()).toMatch(/✓ bot token +Slack accepts it\n/);
    expect(asked.printed()).toMatch(/✓ API key +127\.0\.0\.1:\d+ accepts it\n/);
    expect(asked.printed()).toMatch(
      /\nNo problems, \d+ warnings, \d+ fine\. Nothing was changed\./,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('tries the other hosts of Slack, too', async () => {
    const { workspace, env } = await standIns();
    const ca = createCertificate('Corp CA');
    const caFile = join(tempFolder(), 'corp-ca.pem');
    writeFileSync(caFile, ca.cert);
    const proxy = await startProxy({ opensTls: createCertificate('slack.com', ca) });
    proxy.knows['slack.com:443'] = workspace.port;
    proxy.refuse({ status: 403 }, (target) => target !== 'slack.com:443');

    const asked = run(
      {
        ...env,
        SLACK_API_URL: 'https://slack.com/api/',
        HTTPS_PROXY: proxy.url,
        NODE_EXTRA_CA_CERTS: caFile,
      },
      'main.js',
      ['doctor', '--json'],
    );

    expect(await asked.ended()).toBe(1);
    expect(JSON.parse(asked.printed()).checks).toContainEqual(
      expect.objectContaining({
        name: 'proxy',
        result: 'failed',
        says: expect.stringMatching(
          /(hooks|files)\.slack\.com and (hooks|files)\.slack\.com \(403\)$/,
        ),
      }),
    );
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const { tenant, workspace, env } = await standIns();
    workspace.setAlways(() => 'hang');
    tenant.setAlways('hang');
    const folder = tempFolder();
    const settings = { ...env, AUDIT_FILE: join(folder, 'audit.jsonl') };

    const asked = run(settings, 'main.js', ['doctor']);
    await asked.says('Waiting for answers');
    asked.child.kill('SIGINT');

    await asked.ended();
    expect(asked.child.signalCode).toBe('SIGINT');
    expect(asked.printed()).toBe('Waiting for answers. This takes 24 s at most.\n');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('prints one document with --json', async () => {
    const asked = run({}, 'main.js', ['doctor', '--json']);

    expect(await asked.ended()).toBe(1);
    expect(JSON.parse(asked.printed())).toMatchObject({
      ok: false,
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'SLACK_BOT_TOKEN', result: 'failed', says: 'is missing' }),
      ]),
    });
  });

  it('says what it understands, and ends with 2 for anything else', async () => {
    const help = run({}, 'main.js', ['doctor', '--help']);
    const wrong = run({}, 'main.js', ['doctor', '--jsn']);

    expect(await help.ended()).toBe(0);
    expect(help.printed()).toContain('changes nothing');
    expect(await wrong.ended()).toBe(2);
    expect(wrong.printed()).toMatch(
      /^Unknown option '--jsn'\.\n\nnode dist\/main\.js doctor \[--json\]/,
    );
  });
});
