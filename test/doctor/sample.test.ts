import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { APP_TOKEN } from '../support/help-desk.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { ROOT } from '../support/sources.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { ask, standIns, withOAuth } from './support/examine.ts';

const collapsed = (text: string) => text.replace(/\s+/g, ' ').trim();

describe.runIf(redisInstalled)('docs/operations.md', () => {
  it('shows what the doctor prints', async () => {
    const { tenant, workspace, env } = await standIns({ appToken: APP_TOKEN });
    const redis = await startRedis();
    await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.ask('CONFIG', 'SET', 'appendonly', 'yes');
    workspace.groups[0]?.users.push(company.GUEST);
    tenant.oauth.scopes.splice(tenant.oauth.scopes.indexOf('rsa.user.factor.manage'), 1);
    const folder = tempFolder();
    const { SLACK_SIGNING_SECRET: _, ...others } = withOAuth(env, tenant);

    const { code, printed } = await ask(
      {
        ...others,
        SLACK_APP_TOKEN: APP_TOKEN,
        SECURID_APPROVERS: company.SANA,
        SECURID_CHANGES: 'code, unlock',
        AUDIT_FILE: join(folder, 'audit.jsonl'),
        AUDIT_CHANNEL: company.SECURID_AUDIT,
        REDIS_URL: redis.url,
      },
      { freeBytes: async () => 38e9 },
    );

    const [, sample = ''] =
      /```text\n(Configuration\n[\s\S]+?)```/.exec(
        readFileSync(join(ROOT, 'docs/operations.md'), 'utf8'),
      ) ?? [];
    const shown = printed
      .replaceAll(new URL(tenant.url).host, 'acme.access.securid.com')
      .replaceAll(new URL(redis.url).host, 'redis.acme.example:6379')
      .replaceAll(folder, '/var/lib/securid-desk')
      .replace('any port that is free', '127.0.0.1:9090 is free')
      .replaceAll(/\b\d+(?= ms)/g, '38')
      .replaceAll(/\d+\.\d+\.\d+(?= at redis)/g, '8.0.2')
      .replaceAll(/\(\d+\.\d s\)/g, '(1.2 s)');
    expect(code).toBe(1);
    expect(collapsed(sample)).toBe(collapsed(shown));
  });
});
