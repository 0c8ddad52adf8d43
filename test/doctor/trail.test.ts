import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { build, DIST, run, runCommand } from '../support/process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { examine, standIns } from './support/examine.ts';

beforeAll(build);

/** A trail with rows, a key and a state, left by an instance that has stopped. */
async function used() {
  const { workspace, env } = await standIns();
  const file = join(tempFolder(), 'audit.jsonl');
  const settings = { ...env, AUDIT_FILE: file };
  const bot = run(settings);
  workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
  for (const who of ['grace', 'alan']) {
    const asked = await workspace.person(company.JONAS).types(`/securid user ${who}@acme.test`);
    await asked.answer();
  }
  bot.child.kill('SIGTERM');
  await bot.ended();
  return { env: settings, file };
}

describe('the doctor, of the audit trail', () => {
  it('says what will be created', async () => {
    const { env } = await standIns();
    const folder = tempFolder();

    const { about } = await examine({ ...env, AUDIT_FILE: join(folder, 'audit.jsonl') });

    expect(about('AUDIT_FILE')).toMatchObject([
      { result: 'ok', says: `${folder}/audit.jsonl will be created` },
    ]);
    expect(about('AUDIT_KEY_FILE')).toMatchObject([{ result: 'ok' }]);
    expect(about('STATE_FILE')).toMatchObject([{ result: 'ok' }]);
    expect(about('chain')).toEqual([]);
  });

  it('says that it cannot be created', async () => {
    const { env } = await standIns();
    const folder = join(tempFolder(), 'none');

    const { about } = await examine({ ...env, AUDIT_FILE: join(folder, 'audit.jsonl') });

    expect(about('AUDIT_FILE')).toMatchObject([
      {
        result: 'failed',
        says: `${folder}/audit.jsonl cannot be created: there is no such folder`,
      },
    ]);
  });

  it('checks the chain, and gives the anchor of the last row', async () => {
    const { env, file } = await used();

    const { about, code } = await examine(env);

    expect(about('AUDIT_FILE')).toMatchObject([{ result: 'ok', says: file }]);
    expect(about('AUDIT_KEY_FILE')).toMatchObject([
      { result: 'ok', says: expect.stringMatching(/, fingerprint [\da-f]{32}$/) },
    ]);
    expect(about('chain')).toMatchObject([{ result: 'ok', says: '2 rows, unbroken' }]);
    expect(about('anchor')).toMatchObject([{ says: expect.stringMatching(/^2:[\da-f]{64}$/) }]);
    expect(code).toBe(0);
  });

  it('says that a row was changed, that rows are missing, and that all are gone', async () => {
    const { env, file } = await used();
    const rows = readFileSync(file, 'utf8');

    writeFileSync(file, rows.replace('grace', 'alana'));
    const changed = await examine(env);
    writeFileSync(file, rows.slice(0, rows.indexOf('\n') + 1));
    const cut = await examine(env);
    truncateSync(file);
    const emptied = await examine(env);
    rmSync(file);
    const gone = await examine(env);

    for (const { about, code } of [changed, cut, emptied, gone]) {
      expect(about('chain')).toMatchObject([{ result: 'failed' }]);
      expect(code).toBe(1);
    }
    expect(changed.about('chain')).toMatchObject([{ says: expect.stringContaining('row 1') }]);
    expect(gone.about('chain')).toMatchObject([
      { says: 'the trail is gone: the state knows of 2 rows' },
    ]);
  });

  it('follows the chain through a file that was rotated away', async () => {
    const { env, file } = await used();
    renameSync(file, `${file}.1`);

    const { about } = await examine(env);

    expect(about('AUDIT_FILE')).toMatchObject([{ result: 'ok', says: `${file}, rotated` }]);
    expect(about('chain')).toMatchObject([{ result: 'ok', says: '2 rows, unbroken' }]);
  });

  it('warns of files that others can read', async () => {
    const { env, file } = await used();
    chmodSync(file, 0o644);
    chmodSync(`${file}.key`, 0o640);

    const { about } = await examine(env);

    expect(about('AUDIT_FILE')).toMatchObject([
      { result: 'warning', says: `${file}: others can read or write it (mode 644)` },
    ]);
    expect(about('AUDIT_KEY_FILE')).toMatchObject([{ result: 'warning' }]);
  });

  it('says that the next start begins in lockdown, or with another key', async () => {
    const { env, file } = await used();
    writeFileSync(`${file}.state`, '{"version":1,"par');
    writeFileSync(
      `${file}.key`,
      '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n',
    );
    const broken = await examine(env);
    rmSync(`${file}.state`);
    rmSync(`${file}.key`);
    const gone = await examine(env);

    expect(broken.about('STATE_FILE')).toMatchObject([
      {
        result: 'failed',
        says: 'cannot be read: the next start will be in lockdown',
      },
    ]);
    expect(broken.about('AUDIT_KEY_FILE')).toMatchObject([
      { result: 'failed', says: expect.stringContaining('holds no Ed25519 private key in PEM') },
    ]);
    expect(gone.about('STATE_FILE')).toMatchObject([
      { result: 'failed', says: 'is gone: the next start will be in lockdown' },
    ]);
    expect(gone.about('AUDIT_KEY_FILE')).toMatchObject([
      { result: 'warning', says: 'is gone: a new key will sign from the next start on' },
    ]);
  });

  it('does not mistake a device for a trail', async () => {
    const { env } = await standIns();
    const folder = tempFolder();

    const { about } = await examine({
      ...env,
      AUDIT_FILE: '/dev/full',
      AUDIT_KEY_FILE: join(folder, 'key'),
      STATE_FILE: join(folder, 'state'),
    });

    expect(about('AUDIT_FILE')).toMatchObject([{ result: 'warning' }]);
    expect(about('chain')).toEqual([]);
  });

  it('names a folder, and a place where nothing stays', async () => {
    const { env } = await standIns();
    const folder = tempFolder();

    const inFolder = await examine({ ...env, AUDIT_FILE: folder });
    const inDev = await examine({ ...env, AUDIT_FILE: '/dev/stdout' });

    expect(inFolder.about('AUDIT_FILE')).toMatchObject([
      { result: 'failed', says: `${folder} is a folder: no change will be made` },
    ]);
    expect(inDev.about('STATE_FILE')).toMatchObject([
      { result: 'failed', says: 'no state can be kept at /dev/stdout.state' },
    ]);
  });

  it('says that a file of the trail cannot be read', async () => {
    const { env, file } = await used();
    mkdirSync(`${file}.1`);

    expect((await examine(env)).about('chain')).toMatchObject([
      { result: 'failed', says: 'cannot be read (EISDIR)' },
    ]);
  });

  it('does not take for lost what another user may see', async () => {
    const { env, file } = await used();
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
    const modes = nobody ? { read: 0o600, see: 0o700 } : { read: 0, see: 0 };
    async function ask() {
      const command = [join(DIST, 'main.js'), 'doctor'];
      const asked = runCommand(env, process.execPath, command, nobody);
      await asked.ended();
      return asked.printed().replace(/\s+/g, ' ');
    }

    for (const name of [file, `${file}.key`, `${file}.state`]) chmodSync(name, modes.read);
    chmodSync(dirname(file), 0o755);
    const unread = await ask();
    chmodSync(dirname(file), modes.see);
    const unseen = await ask();
    chmodSync(dirname(file), 0o700);

    expect(unread).toContain(`✗ AUDIT_FILE ${file} cannot be written by this user`);
    expect(unread).toContain(`✗ AUDIT_KEY_FILE ${file}.key cannot be read by this user`);
    expect(unread).toContain(`✗ STATE_FILE ${file}.state cannot be read by this user`);
    expect(unread).toContain('✗ chain cannot be read (EACCES)');
    for (const name of ['', '.key', '.state']) {
      expect(unseen).toContain(`${file}${name} cannot be seen by this user`);
    }
    expect(unread + unseen).not.toContain('will be in lockdown');
  });

  it('does not wait for a pipe', async () => {
    const { env } = await standIns();
    const folder = tempFolder();
    for (const name of ['audit.jsonl', 'audit.jsonl.key', 'audit.jsonl.state']) {
      execFileSync('mkfifo', [join(folder, name)]);
    }

    const { about } = await examine({ ...env, AUDIT_FILE: join(folder, 'audit.jsonl') });

    expect(about('AUDIT_FILE')).toMatchObject([{ result: 'warning' }]);
    expect(about('AUDIT_KEY_FILE')).toMatchObject([{ result: 'failed' }]);
    expect(about('STATE_FILE')).toMatchObject([{ result: 'failed' }]);
  });

  it.each([
    { free: 1_000_000, result: 'failed' },
    { free: 90_000_000, result: 'warning' },
    { free: 40_000_000_000, result: 'ok' },
  ])('judges $free free bytes', async ({ free, result }) => {
    const { env } = await standIns();

    const { about } = await examine(env, { freeBytes: async () => free });

    expect(about('space')).toMatchObject([{ result }]);
  });
});

/** Each file with what is in it and when it was written. */
const everythingIn = (folder: string) =>
  readdirSync(folder).map((name) => {
    const path = join(folder, name);
    const { mtimeMs, mode, size } = statSync(path);
    const text = statSync(path).isFile() ? readFileSync(path, 'utf8') : '';
    return { name, mtimeMs, mode, size, text };
  });

describe('the doctor beside a running instance', () => {
  it('changes nothing, takes nothing and posts nothing', async () => {
    const { tenant, workspace, env } = await standIns();
    const file = join(tempFolder(), 'audit.jsonl');
    const first = run({ ...env, AUDIT_FILE: file });
    const opsPort = await first.says('"opsPort":(\\d+)');
    const port = await first.port();
    workspace.deliverTo(`http://127.0.0.1:${port}/slack/events`);
    const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
    await asked.answer();
    const before = everythingIn(dirname(file));
    const posted = workspace.messages.length;
    const called = workspace.apiCalls.length;
    const requested = tenant.calls().length;

    const beside = await examine({
      ...env,
      AUDIT_FILE: file,
      PORT: String(port),
      OPS_PORT: opsPort,
      AUDIT_CHANNEL: company.SECURID_AUDIT,
      SECURID_CHANGES: 'code, unlock, delete, emergency, user, token, fido, sync',
    });

    expect(beside.about('AUDIT_FILE')).toMatchObject([
      { result: 'ok', says: `${file}, written by a running instance` },
    ]);
    expect(beside.about('OPS_PORT')).toMatchObject([
      { result: 'ok', says: `127.0.0.1:${opsPort} is taken by SecurID Desk, which is running` },
    ]);
    expect(beside.about('PORT')).toMatchObject([{ result: 'ok' }]);
    expect(everythingIn(dirname(file))).toEqual(before);
    expect(workspace.messages.length).toBe(posted);
    const methods = workspace.apiCalls.slice(called).map(({ method }) => method);
    expect(methods.filter((method) => /post|update|open|delete|upload/i.test(method))).toEqual([]);
    const changing = /^(?:PUT|PATCH|DELETE)|Code$|sync/;
    expect(
      tenant
        .calls()
        .slice(requested)
        .filter((call) => changing.test(call)),
    ).toEqual([]);

    const again = await workspace.person(company.JONAS).types('/securid user alan@acme.test');
    expect(await again.answer()).toMatchObject({ text: expect.stringMatching(/^Alan/) });
    first.child.kill('SIGTERM');
    expect(await first.ended()).toBe(0);
  });
});
