import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inOrder, withRotated } from '../../src/audit/files.ts';
import { AuditError } from '../../src/audit/index.ts';
import { openKey } from '../../src/audit/key-file.ts';
import { verify } from '../../src/audit/verify.ts';
import { createLog } from '../../src/log.ts';
import { rowsIn } from '../support/rows.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { entry, newFile, openTrail, rotate } from './support.ts';

const problems = async (files: string[]) =>
  (await verify(files)).breaks.map(({ problem }) => problem);

describe('the audit trail', () => {
  it('writes a row with its place in the chain, readable by its owner only', async () => {
    const { file, audit } = await openTrail();

    await audit.write(entry('AAAA'));

    expect(rowsIn(file)).toEqual([
      {
        time: '2026-03-04T09:00:00.000Z',
        seq: 1,
        event: 'look-up',
        actor: 'U0JONAS',
        target: 'grace@acme.test',
        incident: 'AAAA',
        prev: '0'.repeat(64),
        key: expect.stringMatching(/^[\w-]{43}$/),
        sig: expect.stringMatching(/^[\w-]{86}$/),
      },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps the order of rows that are written at once', async () => {
    const { file, audit } = await openTrail();

    await Promise.all(Array.from({ length: 50 }, (_, index) => audit.write(entry(`${index}`))));

    expect(rowsIn(file).map(({ incident }) => incident)).toEqual(
      Array.from({ length: 50 }, (_, index) => `${index}`),
    );
    expect(await verify([file])).toMatchObject({ ok: true, rows: 50 });
  });

  it('continues where the previous process ended', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('before'));
    await audit.close();

    const later = await openTrail(file);
    await later.audit.write(entry('after'));

    expect(await verify([file])).toMatchObject({ ok: true, rows: 2 });
  });

  it('continues in a new file after the old one was moved away', async () => {
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

  it('finds rows in all its files, however old they are', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1', { event: 'lockdown on' }));
    await audit.write(entry('2', { event: 'reported', target: 'alan' }));
    await audit.write(entry('3', { event: 'intent' }));
    await audit.write(entry('4', { event: 'intent' }));
    for (const number of [3, 2, 1]) {
      rotate(file);
      await audit.write(entry('4', { event: number === 2 ? 'done' : 'look-up' }));
    }
    await audit.close();

    const later = await openTrail(file);

    expect(withRotated(file)).toHaveLength(4);
    const { rows } = await later.audit.search(['lockdown on', 'reported']);
    expect(rows).toMatchObject([
      { event: 'lockdown on', incident: '1' },
      { event: 'reported', incident: '2', target: 'alan' },
    ]);
    expect(rowsIn(file)).toMatchObject([{ event: 'look-up' }, { event: 'unknown', incident: '3' }]);
    expect(await verify(withRotated(file))).toMatchObject({ ok: true, rows: 8 });
  });

  it('finds rows although an older file is damaged, and names that file', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1', { event: 'reported', target: 'alan' }));
    rotate(file);
    await audit.write(entry('2', { event: 'reported', target: 'noor' }));
    await audit.close();
    writeFileSync(`${file}.2.gz`, 'Not Found');

    const { audit: later, logged } = await openTrail(file);
    const { rows } = await later.search(['reported']);

    expect(rows.map(({ target }) => target)).toEqual(['alan', 'noor']);
    expect(logged.join()).toContain(`"file":"${file}.2.gz"`);
  });

  it('continues if its last row is in an older file', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.close();
    rotate(file);
    writeFileSync(file, '');

    const later = await openTrail(file);
    await later.audit.write(entry('2'));

    expect(await verify(withRotated(file))).toMatchObject({ ok: true, rows: 2 });
  });

  it('drops a half row of any length, but nothing of the row before it', async () => {
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
    await audit.write(entry('done', { event: 'done' }));
    await audit.write(entry('cut short', { event: 'intent', ticket: 'T-1' }));
    await audit.close();

    const next = await openTrail(file);
    await next.audit.close();
    await openTrail(file);

    const unknown = rowsIn(file).filter(({ event }) => event === 'unknown');
    expect(unknown).toMatchObject([{ incident: 'cut short', ticket: 'T-1', actor: 'U0JONAS' }]);
    expect(next.logged.join()).toContain('unknown whether a change was made');
    expect(await verify([file])).toMatchObject({ ok: true, rows: 4 });
  });

  it.each([true, false])(
    'takes no other change of the same incident for the outcome of an intent, with a position: %s',
    async (hasPosition) => {
      const { file, audit } = await openTrail();
      await audit.write(entry('I', { event: 'intent', operation: 'code' }));
      // The user reported what came first, and the app ended their emergency access.
      await audit.write(entry('I', { event: 'intent', operation: 'end-emergency' }));
      await audit.write(entry('I', { event: 'done', operation: 'end-emergency' }));
      const after = audit.position();
      await audit.close();

      await openTrail(file, hasPosition ? after : undefined);

      expect(rowsIn(file).slice(3)).toMatchObject([{ event: 'unknown', operation: 'code' }]);
    },
  );

  it.skipIf(!existsSync('/dev/full'))(
    'says that the disk is full, and continues afterwards',
    async () => {
      const { audit, logged } = await openTrail('/dev/full');

      await expect(audit.write(entry('lost'))).rejects.toThrow(AuditError);
      await expect(audit.write(entry('lost'))).rejects.toThrow('ENOSPC');
      await audit.note(entry('noted'));

      expect(logged.join()).toContain('an audit row was not written');
    },
  );

  // A file that even root can open but not read from the start.
  it.skipIf(!existsSync('/proc/self/mem'))(
    'that cannot be read is not written to, and does not keep the app from starting',
    async () => {
      const { audit, logged } = await openTrail('/proc/self/mem');

      expect(logged.join()).toContain('no change will be made');
      await expect(audit.write(entry('lost'))).rejects.toThrow(AuditError);
    },
  );

  it('says at the start that it cannot be opened', async () => {
    const { audit, logged } = await openTrail(join(newFile(), 'no such folder', 'audit.jsonl'));

    expect(logged.join()).toContain('no change will be made');
    await expect(audit.write(entry('lost'))).rejects.toThrow('ENOENT');
  });

  it('does not wait for somebody to read the pipe that it is', async () => {
    const file = newFile();
    execFileSync('mkfifo', [file]);

    const { audit, logged } = await openTrail(file);

    expect(logged.join()).toContain('no change will be made');
    await expect(audit.write(entry('lost'))).rejects.toThrow('ENXIO');
  });

  it('says that its key is a pipe, and waits for none', async () => {
    const file = newFile();
    execFileSync('mkfifo', [`${file}.key`]);
    const log = createLog('silent');

    await expect(openKey(`${file}.key`, log)).rejects.toThrow('it is not a file');
  });
});

describe('a start', () => {
  const numbers = ({ past }: { past: { rows: { seq: number }[] } }) =>
    past.rows.map(({ seq }) => seq);

  it("gets the rows after a position, wherever the files went, and the trail's end", async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.write(entry('2'));
    const after = audit.position();
    await audit.write(entry('3'));
    renameSync(file, `${file}-20261101`);
    await audit.write(entry('4'));
    await audit.close();
    writeFileSync(`${file}-20261101.gz`, gzipSync(readFileSync(`${file}-20261101`)));
    rmSync(`${file}-20261101`);
    const end = audit.position();

    const later = await openTrail(file, after);

    expect(numbers(later)).toEqual([3, 4]);
    expect(later.past).toMatchObject({ end, gap: undefined });
    expect(await verify(await inOrder(withRotated(file)))).toMatchObject({ ok: true, rows: 4 });
  });

  it('continues the numbers of a trail that was moved away', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.close();
    const after = audit.position();
    renameSync(file, join(tempFolder(), 'elsewhere'));

    const later = await openTrail(file, after);
    await later.audit.write(entry('2'));

    expect(later.past).toMatchObject({
      rows: [],
      end: undefined,
      gap: 'row 1 of the audit trail is missing',
    });
    expect(rowsIn(file)).toMatchObject([{ seq: 2, prev: after.hash }]);
  });

  it('is told that the end was cut off or changed', async () => {
    const { file, audit } = await openTrail();
    for (const number of [1, 2, 3, 4]) await audit.write(entry(`${number}`));
    await audit.close();
    const lines = readFileSync(file, 'utf8').split('\n');
    const missing = `${file}-missing`;
    const changed = `${file}-changed`;
    writeFileSync(missing, `${lines.slice(0, 2).join('\n')}\n`);
    writeFileSync(changed, lines.join('\n').replace('"incident":"4"', '"incident":"5"'));

    copyFileSync(`${file}.key`, `${missing}.key`);

    const cut = await openTrail(missing, audit.position());
    const other = await openTrail(changed, audit.position());
    await cut.audit.write(entry('5'));

    expect(cut.past.gap).toBe('rows 3 to 4 of the audit trail are missing');
    expect(other.past.gap).toBe('row 4 of the audit trail was changed');
    expect(await problems([missing])).toEqual(['rows 3 to 4 were removed']);
  });

  it('finds an intent without an outcome that is older than its position', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('cut short', { event: 'intent' }));
    await audit.write(entry('answered', { event: 'intent' }));
    await audit.write(entry('answered', { event: 'done' }));
    const after = audit.position();
    await audit.close();

    const later = await openTrail(file, after);

    expect(numbers(later)).toEqual([]);
    expect(rowsIn(file).slice(3)).toMatchObject([{ event: 'unknown', incident: 'cut short' }]);
    expect(later.audit.position()).toEqual({ seq: 4, hash: expect.any(String) });
  });

  it('without a position reads the last thousand rows', async () => {
    const file = newFile();
    const row = { time: 'then', event: 'look-up', incident: 'I', prev: '0'.repeat(64) };
    const lines = Array.from({ length: 3000 }, (_, at) => JSON.stringify({ ...row, seq: at + 1 }));
    writeFileSync(file, `${lines.join('\n')}\n`);

    const later = await openTrail(file);

    expect(numbers(later)).toEqual(Array.from({ length: 1000 }, (_, at) => 2001 + at));
    expect(later.past.end?.seq).toBe(3000);
  });
});
