import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAsFarAsPossible } from '../src/config/config.ts';
import { readSecretFile } from '../src/secret-file.ts';
import { tempFolder } from './support/temp-folder.ts';

function pipe(): string {
  const path = join(tempFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

describe('the file of a secret', () => {
  it('may be a pipe, also while it is being written to', async () => {
    const path = pipe();
    // Keeps what is written before anybody reads.
    const end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    onTestFinished(() => closeSync(end));
    const writer = spawn('sh', ['-c', 'exec > "$0"; echo >&2; read _; echo one; echo two', path]);
    await once(writer.stderr, 'data');
    writer.stdin.write('go on\n');

    expect(readSecretFile(path)).toBe('one\ntwo\n');
  });

  it.each([
    ['a folder', 'EISDIR', () => tempFolder()],
    ['a device', 'DEVICE', () => '/dev/zero'],
    ['a pipe that nobody writes to', 'SILENT', pipe],
    [
      'a file without an end in sight',
      'TOO_LARGE',
      () => {
        const path = join(tempFolder(), 'large');
        writeFileSync(path, '');
        truncateSync(path, 1_000_000_000);
        return path;
      },
    ],
  ])('is refused: %s', (_, code, make) => {
    const path = make();
    expect(() => readSecretFile(path)).toThrow(expect.objectContaining({ code }));
  });

  it('is named by its variable, with the reason', async () => {
    const env = { SLACK_BOT_TOKEN_FILE: pipe(), SLACK_APP_TOKEN_FILE: '/dev/null' };

    const { problems } = await readAsFarAsPossible(env, readSecretFile);

    expect(problems).toContain(
      'SLACK_BOT_TOKEN_FILE: the file cannot be read: it is a pipe, and no text came out of it in time',
    );
    expect(problems).toContain('SLACK_APP_TOKEN_FILE: the file cannot be read: it is a device');
  });
});
