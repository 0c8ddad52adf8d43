import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { OUTPUT } from './support/printed.ts';

const read = (kind: string) =>
  readdirSync(OUTPUT, { withFileTypes: true })
    // A trail's lock beside it is a socket.
    .filter((entry) => entry.isFile() && entry.name.startsWith(kind))
    .map(({ name }) => readFileSync(join(OUTPUT, name), 'utf8'))
    .join('\n');

/** Searches for all secrets in one pass, by prefixes as long as the shortest secret. */
function findIn(text: string, secrets: string[]): string[] {
  const length = Math.min(...secrets.map((secret) => secret.length));
  const byBeginning = new Map<string, string[]>();
  for (const secret of secrets) {
    const beginning = secret.slice(0, length);
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), secret]);
  }
  const found = new Set<string>();
  for (let at = 0; at <= text.length - length; at++) {
    const candidates = byBeginning.get(text.slice(at, at + length)) ?? [];
    for (const secret of candidates) if (text.startsWith(secret, at)) found.add(secret);
  }
  return [...found];
}

const isWholeRun = inject('isWholeRun');
if (!isWholeRun) {
  console.log('test/secrets reads what all other tests printed, and is skipped: run npm test');
}

describe.skipIf(!isWholeRun)('everything that the suite printed', () => {
  let printed = '';
  let secrets: string[] = [];

  beforeAll(() => {
    // Among the digits of many hashes and times is, once in a few hundred runs, some code by chance.
    printed = read('printed-').replaceAll(/\b[\da-f]{64}\b|\.\d{10,}/g, '');
    secrets = [...new Set(read('secrets-').split('\n').filter(Boolean))];
  });

  it('was kept, and so were the secrets that were in use', () => {
    expect(printed).toContain('"operation":"code"');
    expect(printed).toContain('securid_desk_changes_total{operation="code",outcome="done"} 1');
    expect(printed).toContain('"ready":true');
    expect(printed).toContain('Nothing was changed.');
    expect(secrets.filter((secret) => /^\d{9}$/.test(secret))).not.toEqual([]);
    // An emergency code of the tenant in memory.
    expect(secrets.filter((secret) => /^[A-Z\d]{3}A7[A-Z\d]{3}$/.test(secret))).not.toEqual([]);
    expect(secrets.filter((secret) => secret.startsWith('eyJ'))).not.toEqual([]);
    expect(secrets.filter((secret) => secret.startsWith('xoxb-'))).not.toEqual([]);
  });

  it('holds no key, token, signing secret, registration code or emergency code', () => {
    // Compares counts: the message of a failed test is printed as well.
    expect(findIn(printed, secrets).length).toBe(0);
    expect(findIn(`a${secrets.at(-1)}b`, secrets).length).toBe(1);
  });
});
