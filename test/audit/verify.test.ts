import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { withRotated } from '../../src/audit/files.ts';
import { createSigner, fingerprint, newPrivateKey, readPublicKeys } from '../../src/audit/key.ts';
import { hashOf, type Row, signedLine } from '../../src/audit/row.ts';
import { verify } from '../../src/audit/verify.ts';
import { rowsIn } from '../support/rows.ts';
import { entry, newFile, openTrail, trailOf } from './support.ts';

const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');
const write = (file: string, lines: string[]) =>
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));

type Change = (lines: string[]) => string[];

/** Changes the lines of a file and returns what the check says. */
async function tamper(file: string, change: Change, options?: Parameters<typeof verify>[1]) {
  write(file, change(linesOf(file)));
  return (await verify([file], options)).breaks.map(({ problem }) => problem);
}

const replace =
  (number: number, from: string, to: string): Change =>
  (lines) =>
    lines.map((line, index) => (index === number - 1 ? line.replace(from, to) : line));

/** Rebuilds the chain after a change, and signs the rows if there is a key. */
function forge(signer?: ReturnType<typeof createSigner>, change = (row: Row) => row): Change {
  let prev = '0'.repeat(64);
  return (lines) =>
    lines.map((line) => {
      const { key: _, sig: __, ...row } = JSON.parse(line);
      const made = { ...change(row), prev };
      const text = signer ? signedLine(made, signer) : JSON.stringify(made);
      prev = hashOf(text);
      return text;
    });
}

const publicKeys = (file: string) => readPublicKeys(readFileSync(`${file}.key.pub`, 'utf8'));
const newPem = () =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

describe('the check of a trail', () => {
  it('finds it unbroken and returns the hash that the next row would contain', async () => {
    const file = await trailOf(3);

    expect(await verify([file])).toMatchObject({
      ok: true,
      rows: 3,
      seq: 3,
      hash: hashOf(linesOf(file)[2] ?? ''),
      unsigned: 0,
    });
  });

  it('reports every row that was changed, even the last', async () => {
    const changed = await tamper(await trailOf(6), (lines) =>
      [2, 4, 6].reduce((all, number) => replace(number, 'grace', 'alan')(all), lines),
    );

    expect(changed).toEqual(['row 2 was changed', 'row 4 was changed', 'row 6 was changed']);
  });

  it('reports removed rows', async () => {
    const one = await tamper(await trailOf(4), (lines) => lines.filter((_, index) => index !== 1));
    const two = await tamper(await trailOf(4), ([first = '', , , last = '']) => [first, last]);
    const first = await tamper(await trailOf(3), (lines) => lines.slice(1));

    expect(one).toEqual(['row 2 was removed']);
    expect(two).toEqual(['rows 2 to 3 were removed']);
    expect(first).toEqual([
      'the trail begins at row 2: row 1 was removed, or is in a file that is not here',
    ]);
  });

  it('begins with a later row if an anchor of the one before it was kept', async () => {
    const file = await trailOf(5);
    const [first = '', second = '', ...rest] = linesOf(file);
    const anchors = [
      { seq: 1, hash: hashOf(first) },
      { seq: 2, hash: hashOf(second) },
    ];
    write(file, rest);

    expect(await verify([file], { anchors })).toMatchObject({ ok: true, rows: 3, begins: 3 });
    expect((await verify([file], { anchors: anchors.slice(0, 1) })).ok).toBe(false);
    expect(await tamper(file, (lines) => lines.slice(1), { anchors })).toContain(
      'the trail begins at row 4: rows 1 to 3 were removed, or are in a file that is not here',
    );
  });

  it('reports an inserted row, and a line that is not a row', async () => {
    const twice = await tamper(await trailOf(3), ([a = '', b = '', c = '']) => [a, b, b, c]);
    const nonsense = await tamper(await trailOf(3), ([a = '', b = '', c = '']) => [a, 'x', b, c]);
    const again = await tamper(await trailOf(5), (all) => [...all, ...all.slice(0, 3)]);

    expect(twice).toEqual(['row 2 was inserted or moved']);
    expect(nonsense).toEqual(['row 2 was changed: it is not an audit row']);
    expect(again).toEqual(['rows 1 to 3 were inserted or moved']);
  });

  it('continues after a break', async () => {
    const many = await tamper(await trailOf(9), (lines) =>
      replace(7, 'grace', 'alan')(lines).filter((_, index) => index !== 1 && index !== 4),
    );

    expect(many).toEqual(['row 2 was removed', 'row 5 was removed', 'row 7 was changed']);
  });

  it('reports a row that is missing between two files', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.write(entry('2'));
    renameSync(file, `${file}.1`);
    await audit.write(entry('3'));
    write(`${file}.1`, linesOf(`${file}.1`).slice(0, 1));

    expect((await verify(withRotated(file))).breaks).toEqual([
      { where: `${file}:1`, problem: 'row 2 was removed' },
    ]);
  });

  it('accepts files in any order, compressed or not', async () => {
    const { file, audit } = await openTrail();
    for (const suffix of ['-20261101', '-20261201', '.1']) {
      await audit.write(entry(suffix));
      renameSync(file, `${file}${suffix}`);
    }
    await audit.write(entry('4'));
    writeFileSync(`${file}-20261101.gz`, gzipSync(readFileSync(`${file}-20261101`)));
    const files = [file, `${file}.1`, `${file}-20261101.gz`, `${file}-20261201`];

    expect(await verify(files)).toMatchObject({ ok: true, rows: 4 });
  });

  it.each<[string, (packed: Buffer) => Buffer]>([
    ['cut', (packed) => packed.subarray(0, packed.length / 2)],
    ['no packed file at all', () => Buffer.from('Not Found')],
  ])('names a compressed file that is %s, and what else is wrong', async (_, damage) => {
    const file = await trailOf(6);
    const lines = linesOf(file);
    const packed = gzipSync(
      lines
        .slice(0, 3)
        .map((line) => `${line}\n`)
        .join(''),
    );
    writeFileSync(`${file}.1.gz`, damage(packed));

    const problems = await tamper(file, (all) => replace(6, 'grace', 'alan')(all).slice(3), {});
    const { breaks } = await verify([file, `${file}.1.gz`]);

    expect(problems).toContain('row 6 was changed');
    expect(breaks.map(({ problem }) => problem)).toEqual(
      expect.arrayContaining(['the file is damaged from here on', 'row 6 was changed']),
    );
    expect(breaks.find(({ problem }) => problem.includes('damaged'))?.where).toMatch(
      /audit\.jsonl\.1\.gz:\d+$/,
    );
  });

  it('says that an emptied file has no rows', async () => {
    expect(await tamper(await trailOf(3), () => [])).toEqual([
      'there is no row; if there ever was one, the trail was emptied',
    ]);
  });

  it('compares it with anchors that were kept elsewhere', async () => {
    const file = await trailOf(4);
    const anchors = linesOf(file).map((line, index) => ({ seq: index + 1, hash: hashOf(line) }));
    const untouched = await tamper(file, (lines) => lines, { anchors });
    const cut = await tamper(file, (lines) => lines.slice(0, 2), { anchors: anchors.slice(3) });
    const emptied = await tamper(file, () => [], { anchors: anchors.slice(3) });
    const other = await tamper(await trailOf(4), (lines) => lines, {
      anchors: anchors.slice(2, 3),
    });

    const last = `4:${anchors[3]?.hash}`;
    expect(untouched).toEqual([]);
    expect(cut).toEqual([`rows 3 to 4 were cut off: there is an anchor ${last}`]);
    expect(emptied).toEqual([`rows 1 to 4 were cut off: there is an anchor ${last}`]);
    expect(other).toEqual([`row 3 differs from the anchor 3:${anchors[2]?.hash}`]);
  });
});

describe('the signature of a row', () => {
  it('uses a key that is made at the first start, readable by its owner only, and logged', async () => {
    const { file, audit, logged } = await openTrail();
    await audit.write(entry('1'));
    await audit.close();
    const again = await openTrail(file);

    const [key = ''] = publicKeys(file);
    expect(rowsIn(file)).toMatchObject([{ key }]);
    expect(statSync(`${file}.key`).mode & 0o777).toBe(0o600);
    expect(logged.join()).toContain(fingerprint(key));
    expect(again.logged.join()).not.toContain(fingerprint(key));
    expect(await verify([file], { trusted: [key] })).toMatchObject({ ok: true });
  });

  it('shows that all rows were chained again', async () => {
    const file = await trailOf(3);
    const trusted = publicKeys(file);
    const grace = (row: Row) => ({ ...row, actor: 'U0MIRA' });
    const theirs = createSigner(newPrivateKey());
    const original = linesOf(file);
    const from = async (change: Change, options?: Parameters<typeof verify>[1]) => {
      write(file, original);
      return tamper(file, change, options);
    };

    expect(await from(forge(undefined, grace), { trusted })).toEqual([
      'no row is signed, though there is a key',
    ]);
    expect(await from(forge(theirs, grace), { trusted })).toEqual([
      `row 1 is signed by the key ${fingerprint(theirs.key)}, which is none of those given`,
    ]);
    const [last] = trusted;
    expect(await from(forge(theirs, grace), { last })).toHaveLength(1);
    expect(await from(forge(undefined, grace), { last })).toHaveLength(1);
    // Without a separately kept key, nobody can tell.
    expect(await from(forge(theirs, grace))).toEqual([]);
  });

  it('shows that a signature was removed, or belongs to another row', async () => {
    const file = await trailOf(3);
    const [first = '', second = '', third = ''] = linesOf(file);
    const bare = second.replace(/,"key":.*/, '}');
    const { key: _, sig: __, ...row } = JSON.parse(second);
    const theirs = createSigner(newPrivateKey());
    const foreign = signedLine(row, theirs);

    expect(await tamper(file, () => [first, bare, third])).toContain('row 2 is not signed');
    expect(await tamper(file, () => [first, foreign, third])).toContain(
      `row 2 is signed by the key ${fingerprint(theirs.key)}, which no row before it names`,
    );
  });

  it('begins where an older version’s rows end, and says so', async () => {
    const file = await trailOf(2);
    write(file, forge()(linesOf(file)));
    const { audit } = await openTrail(file);
    await audit.write(entry('3'));

    expect(rowsIn(file).slice(2)).toMatchObject([
      { seq: 3, event: 'key introduced' },
      { seq: 4, event: 'look-up' },
    ]);
    const verdict = await verify([file], { trusted: publicKeys(file) });
    expect(verdict).toMatchObject({ ok: true, rows: 4, unsigned: 2 });
  });

  it('continues with a new key that the old one announces', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.close();
    const old = publicKeys(file);
    writeFileSync(`${file}.key.next`, newPem());

    const later = await openTrail(file);
    await later.audit.write(entry('2'));

    const [key = ''] = publicKeys(file);
    expect(old).not.toContain(key);
    expect(existsSync(`${file}.key.next`)).toBe(false);
    expect(rowsIn(file)).toMatchObject([
      { event: 'look-up' },
      { event: 'key replaced', newKey: key, key: old[0] },
      { event: 'look-up', key },
    ]);
    expect(await verify([file], { trusted: old })).toMatchObject({
      ok: true,
      keys: [{ trust: 'given' }, { key, from: 3, trust: 'named by a row' }],
    });
    expect(await verify([file], { last: key })).toMatchObject({ ok: true });
  });

  it('continues with the old key if the new one is not valid', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.close();
    writeFileSync(`${file}.key.next`, 'no key');

    const later = await openTrail(file);
    await later.audit.write(entry('2'));

    expect(later.logged.join()).toContain('the new key cannot be used');
    expect(await verify([file], { trusted: publicKeys(file) })).toMatchObject({
      ok: true,
      rows: 2,
    });
  });

  it('reports a key that was not announced, and one that came back', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.close();
    const old = publicKeys(file);
    const pem = readFileSync(`${file}.key`, 'utf8');
    writeFileSync(`${file}.key`, newPem());
    const later = await openTrail(file);
    await later.audit.close();
    const [key = ''] = publicKeys(file);

    expect(later.logged.join()).toContain('signed by another key');
    const named = `row 2 is signed by the key ${fingerprint(key)}, which no row before it names`;
    expect(await tamper(file, (lines) => lines, { trusted: old })).toEqual([named]);
    expect(await verify([file], { trusted: [...old, key] })).toMatchObject({ ok: true });

    writeFileSync(`${file}.key`, pem);
    await (await openTrail(file)).audit.close();
    const back = `row 3 is signed by the key ${fingerprint(old[0] ?? '')}, which had been replaced`;
    expect(await tamper(file, (lines) => lines, { trusted: [...old, key] })).toEqual([back]);
  });

  it('is missing if the key is not valid: then nothing is written until there is one', async () => {
    const file = newFile();
    writeFileSync(`${file}.key`, 'no key');
    const { audit, logged } = await openTrail(file);

    expect(logged.join()).toContain('no change will be made');
    await expect(audit.write(entry('1'))).rejects.toThrow('it holds no Ed25519 private key');

    writeFileSync(`${file}.key`, newPem());
    await audit.write(entry('1'));
    expect(await verify([file])).toMatchObject({ ok: true, rows: 1 });
  });
});
