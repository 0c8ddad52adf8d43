import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OUTPUT } from './support/printed.ts';

const read = (kind: string) =>
  readdirSync(OUTPUT, { withFileTypes: true })
    // Beside a trail stands its lock, a socket.
    .filter((entry) => entry.isFile() && entry.name.startsWith(kind))
    .map(({ name }) => readFileSync(join(OUTPUT, name), 'utf8'))
    .join('\n');

describe('everything that the suite printed', () => {
  const printed = read('printed-');
  const secrets = [...new Set(read('secrets-').split('\n').filter(Boolean))];

  it('was kept, and so were the secrets that were in use', () => {
    expect(printed).toContain('"operation":"code"');
    expect(printed).toContain('securid_desk_codes_total{outcome="issued"} 1');
    expect(printed).toContain('{"ready":true,"checks":{"slack":"ok","securid":"ok"}}');
    expect(secrets.filter((secret) => /^\d{9}$/.test(secret))).not.toEqual([]);
    expect(secrets.filter((secret) => secret.startsWith('eyJ'))).not.toEqual([]);
    expect(secrets.filter((secret) => secret.startsWith('xoxb-'))).not.toEqual([]);
  });

  it('holds no key, token, signing secret or registration code', () => {
    expect(secrets.filter((secret) => printed.includes(secret)).length).toBe(0);
  });
});
