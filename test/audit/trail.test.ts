import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AuditError, createAudit, type Entry } from '../../src/audit/index.ts';
import { verify, withRotated } from '../../src/audit/verify.ts';
import { createLog } from '../../src/log.ts';
import { manualClock } from '../support/manual-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

const newFile = () => join(tempFolder(), 'audit.jsonl');
const entry = (incident: string, more: Partial<Entry> = {}): Entry => ({
  event: 'look-up',
  actor: 'U0JONAS',
  target: 'grace@acme.test',
  incident,
  ...more,
});

async function openTrail(file = newFile()) {
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const audit = createAudit({ file, clock: manualClock(), log });
  const history = await audit.open();
  onTestFinished(() => audit.close());
  return { file, audit, logged, history };
}

const rowsOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Moves a file and those moved before it one on, as logrotate does. */
function rotate(file: string): void {
  const files = withRotated(file);
  for (const [index, one] of files.entries()) renameSync(one, `${file}.${files.length - index}`);
}

/** A file with that many rows. */
async function trailOf(rows: number): Promise<string> {
  const { file, audit } = await openTrail();
  for (let number = 1; number <= rows; number++) await audit.write(entry(`incident ${number}`));
  return file;
}

/** Changes the lines of a file and says what the check makes of it. */
async function tamper(file: string, change: (lines: string[]) => string[]) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${change(lines).join('\n')}\n`);
  return verify([file]);
}

describe('the audit trail', () => {
  it('writes a row with its place in the chain, for its owner’s eyes', async () => {
    const { file, audit } = await openTrail();

    await audit.write(entry('AAAA'));

    expect(rowsOf(file)).toEqual([
      {
        time: '2026-03-04T09:00:00.000Z',
        seq: 1,
        event: 'look-up',
        actor: 'U0JONAS',
        target: 'grace@acme.test',
        incident: 'AAAA',
        prev: '0'.repeat(64),
      },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps the order of rows that are written at once', async () => {
    const { file, audit } = await openTrail();

    await Promise.all(Array.from({ length: 50 }, (_, index) => audit.write(entry(`${index}`))));

    expect(rowsOf(file).map(({ incident }) => incident)).toEqual(
      Array.from({ length: 50 }, (_, index) => `${index}`),
    );
    expect(await verify([file])).toMatchObject({ ok: true, rows: 50 });
  });

  it('goes on where the process before ended', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('before'));
    await audit.close();

    const later = await openTrail(file);
    await later.audit.write(entry('after'));

    expect(await verify([file])).toMatchObject({ ok: true, rows: 2 });
  });

  it('goes on in a new file when the old one was moved away', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    renameSync(file, `${file}.1`);
    await audit.write(entry('2'));
    renameSync(`${file}.1`, `${file}.2`);
    renameSync(file, `${file}.1`);
    await audit.close();

    const later = await openTrail(file);
    await later.audit.write(entry('3'));

    expect(withRotated(file)).toEqual([`${file}.2`, `${file}.1`, file]);
    expect(await verify(withRotated(file))).toMatchObject({ ok: true, rows: 3 });
  });

  it('remembers the orders of all its files, however long ago they were given', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1', { event: 'lockdown on' }));
    await audit.write(entry('2', { event: 'reported', target: 'alan' }));
    await audit.write(entry('3', { event: 'intent' }));
    await audit.write(entry('4', { event: 'intent' }));
    for (const number of [3, 2, 1]) {
      rotate(file);
      await audit.write(entry('4', { event: number === 2 ? 'issued' : 'look-up' }));
    }
    await audit.close();

    const later = await openTrail(file);

    expect(withRotated(file)).toHaveLength(4);
    expect(later.history).toMatchObject([
      { event: 'lockdown on', incident: '1' },
      { event: 'reported', incident: '2', target: 'alan' },
    ]);
    expect(rowsOf(file)).toMatchObject([{ event: 'look-up' }, { event: 'unknown', incident: '3' }]);
    expect(await verify(withRotated(file))).toMatchObject({ ok: true, rows: 8 });
  });

  it('goes on where the last of its rows is in an older file', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.close();
    rotate(file);
    writeFileSync(file, '');

    const later = await openTrail(file);
    await later.audit.write(entry('2'));

    expect(await verify(withRotated(file))).toMatchObject({ ok: true, rows: 2 });
  });

  it('drops half a row however long, and nothing of the row before it', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('whole', { reason: 'ü'.repeat(100_000) }));
    await audit.close();
    appendFileSync(file, `{"reason":"${'ü'.repeat(100_000)}`);

    const later = await openTrail(file);
    await later.audit.write(entry('next'));

    expect(await verify([file])).toMatchObject({ ok: true, rows: 2 });
  });

  it('drops the half row that a power cut left, and says so', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('whole'));
    await audit.close();
    appendFileSync(file, '{"time":"2026-03-');

    const later = await openTrail(file);
    await later.audit.write(entry('next'));

    expect(await verify([file])).toMatchObject({ ok: true, rows: 2 });
    expect(later.logged.join()).toContain('half a row');
  });

  it('reports an intent without an outcome as unknown, once', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('done', { event: 'intent' }));
    await audit.write(entry('done', { event: 'issued' }));
    await audit.write(entry('cut short', { event: 'intent', ticket: 'T-1' }));
    await audit.close();

    const next = await openTrail(file);
    await next.audit.close();
    await openTrail(file);

    const unknown = rowsOf(file).filter(({ event }) => event === 'unknown');
    expect(unknown).toMatchObject([{ incident: 'cut short', ticket: 'T-1', actor: 'U0JONAS' }]);
    expect(next.logged.join()).toContain('unknown whether a registration code was issued');
    expect(await verify([file])).toMatchObject({ ok: true, rows: 4 });
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says that the disk is full, and writes on after it',
    async () => {
      const { audit, logged } = await openTrail('/dev/full');

      await expect(audit.write(entry('lost'))).rejects.toThrow(AuditError);
      await expect(audit.write(entry('lost'))).rejects.toThrow('ENOSPC');
      await audit.note(entry('noted'));

      expect(logged.join()).toContain('an audit row was not written');
    },
  );

  // A file that root, too, may open and nobody can read from its start.
  it.skipIf(!existsSync('/proc/self/mem'))(
    'that cannot be read is not written to either, and does not keep the app from starting',
    async () => {
      const { audit, logged } = await openTrail('/proc/self/mem');

      expect(logged.join()).toContain('no registration code will be issued');
      await expect(audit.write(entry('lost'))).rejects.toThrow(AuditError);
    },
  );

  it('says at the start that it cannot be opened', async () => {
    const { audit, logged } = await openTrail(join(newFile(), 'no such folder', 'audit.jsonl'));

    expect(logged.join()).toContain('no registration code will be issued');
    await expect(audit.write(entry('lost'))).rejects.toThrow('ENOENT');
  });
});

describe('the check of a trail', () => {
  it('finds it unbroken and gives the hash that the next row would hold', async () => {
    const file = await trailOf(3);

    expect(await verify([file])).toEqual({
      ok: true,
      rows: 3,
      hash: expect.stringMatching(/^[\da-f]{64}$/),
    });
  });

  it('names a changed row', async () => {
    const changed = await tamper(await trailOf(4), (lines) =>
      lines.map((line, index) => (index === 1 ? line.replace('grace', 'alan') : line)),
    );
    expect(changed).toMatchObject({ ok: false, problem: 'row 2 was changed' });
  });

  it('names removed rows', async () => {
    const one = await tamper(await trailOf(4), (lines) => lines.filter((_, index) => index !== 1));
    const two = await tamper(await trailOf(4), ([first = '', , , last = '']) => [first, last]);
    const first = await tamper(await trailOf(3), (lines) => lines.slice(1));

    expect([one, two, first]).toMatchObject([
      { problem: 'row 2 was removed' },
      { problem: 'rows 2 to 3 were removed' },
      { problem: 'row 1 was removed' },
    ]);
  });

  it('names an inserted row, and one that is none', async () => {
    const twice = await tamper(await trailOf(3), ([a = '', b = '', c = '']) => [a, b, b, c]);
    const nonsense = await tamper(await trailOf(3), ([a = '', b = '', c = '']) => [a, 'x', b, c]);

    expect([twice, nonsense]).toMatchObject([
      { problem: 'row 2 was inserted or moved' },
      { problem: 'row 2 was changed: it is no audit row' },
    ]);
  });

  it('names a row that is missing between two files', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.write(entry('2'));
    renameSync(file, `${file}.1`);
    await audit.write(entry('3'));
    const [first = ''] = readFileSync(`${file}.1`, 'utf8').split('\n');
    writeFileSync(`${file}.1`, `${first}\n`);

    expect(await verify(withRotated(file))).toMatchObject({
      where: `${file}:1`,
      problem: 'row 2 was removed',
    });
  });
});
