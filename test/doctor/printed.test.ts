import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { configuration } from '../../src/doctor/checks/configuration.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { asText } from '../../src/doctor/report.ts';
import { SYMPTOMS, see } from '../../src/troubleshooting.ts';
import { BOT_TOKEN, SIGNING_SECRET } from '../support/help-desk.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { ask, standIns } from './support/examine.ts';
import { impostor } from './support/impostor.ts';

describe('what the doctor prints', () => {
  it('fits a terminal of 80 columns, and says where each remedy is explained', async () => {
    const { env } = await standIns();

    // In a path without a space, where a line could end.
    const AUDIT_FILE = join(tempFolder(), 'audit.jsonl');
    const faulty = { SECURID_APPROVERS: 'S0GONE', SLACK_PATH: 'x y' };
    const { printed } = await ask({ ...env, AUDIT_FILE, ...faulty });

    expect(printed).toMatch(/^Configuration\n {2}✗ SLACK_PATH/);
    expect(printed).toContain('docs/troubleshooting.md#slack-has-no-such-user-group\n');
    expect(printed).toMatch(
      /\n\n2 problems, \d+ warnings?, \d+ fine\. Nothing was changed\. \(\d+\.\d s\)\n$/,
    );
    const long = printed.split('\n').filter((line) => line.length > 80);
    // A path stays whole, to be copied.
    expect(long.filter((line) => !/^ +\/|AUDIT_|STATE_|space/.test(line))).toEqual([]);
  });

  it('fits each link into 80 columns', () => {
    for (const symptom of SYMPTOMS) {
      const name = 'rsa.user.factor.manage';
      const findings: Finding[] = [{ name, result: 'failed', says: '', see: see(symptom) }];
      const printed = asText([{ check: configuration, findings }], { colors: false, took: 0 });
      expect(printed).toMatch(new RegExp(`^ +${see(symptom)}$`, 'm'));
      expect(printed.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it('is colored if that can be seen', async () => {
    const { env } = await standIns();

    const { printed } = await ask(env, { colors: true });

    expect(printed).toContain('\u001b[1mSlack\u001b[22m');
    expect(printed).toContain('\u001b[32m✓\u001b[39m bot token');
  });

  it('holds no secret and moves no cursor, whatever answers', async () => {
    const { env } = await standIns();
    const flood = `\u001b[2J\u202e${BOT_TOKEN} ${SIGNING_SECRET}\r`;

    const refused = await impostor({ ok: false, error: flood });
    const named = await impostor({ ok: true, team: flood, team_id: 'T0', bot_id: 'B0' });

    for (const url of [refused, named]) {
      const { printed } = await ask({ ...env, SLACK_API_URL: url });
      expect(printed).toContain(url === named ? '[redacted]' : 'as Slack does');
      expect(printed).not.toContain(BOT_TOKEN);
      expect(printed).not.toContain(SIGNING_SECRET);
      expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it('does not wait for long, and says meanwhile that it does', async () => {
    const { env } = await standIns();
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as AddressInfo;
    const hasty = { after: (ms: number, run: () => void) => systemClock.after(ms / 40, run) };

    const { code, printed, complained } = await ask(
      {
        ...env,
        SLACK_API_URL: `http://127.0.0.1:${port}/api/`,
        REDIS_URL: `redis://127.0.0.1:${port}`,
      },
      { args: ['--json'], clock: hasty },
    );

    expect(code).toBe(1);
    expect(complained).toBe('Waiting for answers. This takes 24 s at most.\n');
    const { checks } = JSON.parse(printed) as { checks: Finding[] };
    for (const name of ['bot token', 'Redis']) {
      expect(checks).toContainEqual({
        name,
        result: 'failed',
        says: 'no answer within 12 s',
        remedy: expect.stringContaining('firewall, proxy, DNS'),
      });
    }
  });

  it('holds no password of Redis', async () => {
    const { env } = await standIns();

    const { printed } = await ask({ ...env, REDIS_URL: 'redis://app:s%40cret-77@127.0.0.1:1' });

    expect(printed).toContain('no answer from 127.0.0.1:1 (ECONNREFUSED)');
    expect(printed).not.toMatch(/s%40cret|s@cret/);
  });
});
