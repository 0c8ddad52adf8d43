import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { build, DIST, run } from '../support/process.ts';
import { ROOT } from '../support/sources.ts';

beforeAll(build);

describe('node dist/main.js manifest', () => {
  it('prints only the manifest to standard output', async () => {
    const asked = run({}, 'main.js', ['manifest']);
    let printed = '';
    asked.child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk;
    });

    expect(await asked.ended()).toBe(0);
    expect(printed).toBe(readFileSync(join(ROOT, 'manifest.yml'), 'utf8'));
    expect(asked.printed()).toContain('No role is set yet');
  });

  it('ends with 2 if it is not understood', async () => {
    const asked = run({ SECURID_AGENTS: 'jonas' }, 'main.js', ['manifest']);

    expect(await asked.ended()).toBe(2);
    expect(asked.printed()).toContain('SECURID_AGENTS: must be Slack user-group ids');
  });

  it('is in a file of its own, which a start of the app does not read', () => {
    expect(readdirSync(DIST)).toContain('commands.js');
    const start = readFileSync(join(DIST, 'main.js'), 'utf8');
    expect(start).not.toContain('org_deploy_enabled');
    expect(start).not.toContain('YAMLParseError');
  });
});
