import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withRotated } from '../../src/audit/files.ts';
import { createSigner, readPrivateKey } from '../../src/audit/key.ts';
import { hashOf, signedLine } from '../../src/audit/row.ts';
import { verify } from '../../src/audit/verify.ts';
import { rowsIn } from '../support/rows.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { entry, openTrail, trailOf } from './support.ts';

const ANOTHER = 'the audit trail cannot be written (another process writes to it)';
const NOT_AS_LEFT =
  'the audit trail cannot be written (another process wrote to it, or it was cut or replaced)';

const said = (logged: string[], words: string) =>
  logged.filter((line) => line.includes(words)).length;

/** Writes a row as another process with the same key would. */
function writeAsAnother(file: string): void {
  const signer = createSigner(readPrivateKey(readFileSync(`${file}.key`, 'utf8')));
  const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  const row = { time: '2026-03-04T09:00:00.000Z', seq: JSON.parse(last).seq + 1 };
  const line = signedLine({ ...row, ...entry('another'), prev: hashOf(last) }, signer);
  appendFileSync(file, `${line}\n`);
}

describe('two processes on one trail', () => {
  it('do not both write: the second says so once, and takes over when the first has ended', async () => {
    const first = await openTrail();
    await first.audit.write(entry('first'));
    await first.audit.write(entry('waits', { event: 'intent' }));
    const second = await openTrail(first.file);

    await expect(second.audit.write(entry('second'))).rejects.toThrow(ANOTHER);
    await expect(second.audit.write(entry('second'))).rejects.toThrow(ANOTHER);
    await first.audit.write(entry('waits', { event: 'done' }));
    await first.audit.write(entry('given', { event: 'lockdown on' }));
    await first.audit.close();
    await second.audit.write(entry('second'));

    expect(said(second.logged, 'another process writes this audit trail')).toBe(1);
    expect(said(second.logged, 'this process writes the audit trail now')).toBe(1);
    expect(second.others).toMatchObject([{ event: 'done' }, { event: 'lockdown on' }]);
    expect(rowsIn(first.file).map(({ event }) => event)).toEqual([
      'look-up',
      'intent',
      'done',
      'lockdown on',
      'taken over',
      'look-up',
    ]);
    expect(await verify([first.file])).toMatchObject({ ok: true });
  });

  it('hand over even if nobody asks for anything', async () => {
    const first = await openTrail();
    await first.audit.write(entry('cut short', { event: 'intent' }));
    const second = await openTrail(first.file);
    await first.audit.close();

    second.clock.advance(2000);
    await second.audit.note(entry('after it'));

    expect(rowsIn(first.file).slice(1)).toMatchObject([
      { event: 'unknown', incident: 'cut short' },
      { event: 'taken over' },
      { incident: 'after it' },
    ]);
  });

  it('are told apart even if a path is long', async () => {
    const file = join(tempFolder(), 'x'.repeat(120));
    const first = await openTrail(file);
    const second = await openTrail(file);

    await expect(second.audit.write(entry('second'))).rejects.toThrow(ANOTHER);
    await first.audit.close();
    await second.audit.write(entry('second'));
  });

  it('are no conflict when the first was killed', async () => {
    const file = await trailOf(1);
    // A killed process leaves a socket on which nobody listens.
    const server = createServer().listen(`${file}.socket`);
    await new Promise((resolve) => server.once('listening', resolve));
    renameSync(`${file}.socket`, `${file}.lock`);
    await new Promise((resolve) => server.close(resolve));

    const { audit } = await openTrail(file);
    await audit.write(entry('2'));

    expect(await verify([file])).toMatchObject({ ok: true, rows: 2 });
  });
});

describe('a trail that was changed from outside', () => {
  it('is not written to until it has been unchanged for half a minute', async () => {
    const { file, audit, clock, logged, others } = await openTrail();
    await audit.write(entry('1'));
    writeAsAnother(file);

    await expect(audit.write(entry('2'))).rejects.toThrow(NOT_AS_LEFT);
    const wait = async (looks: number) => {
      for (let look = 0; look < looks; look++) {
        clock.advance(2000);
        await audit.write(entry(`look ${look}`)).catch(() => {});
      }
    };
    await wait(10);
    writeAsAnother(file);
    await wait(10);
    expect(rowsIn(file)).toHaveLength(3);
    await wait(6);

    expect(said(logged, 'is not as this process left it')).toBe(1);
    expect(others).toHaveLength(2);
    expect(rowsIn(file)[3]).toMatchObject({ event: 'taken over', seq: 4 });
    expect(await verify([file])).toMatchObject({ ok: true });
  });

  it('continues at once if it was copied and truncated for rotation', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    copyFileSync(file, `${file}-20261101`);
    truncateSync(file, 0);
    await audit.write(entry('2'));

    expect(await verify(withRotated(file))).toMatchObject({ ok: true, rows: 2 });
  });

  it('is not written to after it was emptied', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    writeFileSync(file, '');

    await expect(audit.write(entry('2'))).rejects.toThrow(NOT_AS_LEFT);
  });

  it('is not written to after it was replaced', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    const other = await trailOf(3);
    renameSync(other, file);

    await expect(audit.write(entry('2'))).rejects.toThrow(NOT_AS_LEFT);
  });

  it('is made readable by its owner only again, and that is logged', async () => {
    const file = await trailOf(1);
    chmodSync(file, 0o644);
    chmodSync(`${file}.key`, 0o640);
    const { audit, logged } = await openTrail(file);
    await audit.write(entry('2'));

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}.key`).mode & 0o777).toBe(0o600);
    expect(said(logged, 'others could read or write this file')).toBe(2);
  });
});
