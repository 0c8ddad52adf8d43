import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { withRotated } from '../../src/audit/files.ts';
import { createSigner, readPrivateKey, readPublicKeys } from '../../src/audit/key.ts';
import { FIRST_PREV, hashOf } from '../../src/audit/row.ts';
import { verify } from '../../src/audit/verify.ts';
import { rowsIn } from '../support/rows.ts';
import { entry, openTrail, rotate } from './support.ts';

const FORM = 'registration-code:issue';

/** As the previous version wrote them, which had one change only. */
const EARLIER = [
  { event: 'intent', operation: FORM, target: 'alan', platform: 'ios', incident: 'A' },
  { event: 'issued', operation: FORM, target: 'alan', platform: 'ios', incident: 'A' },
  { event: 'refusal', operation: FORM, target: 'noor', reason: 'protected', incident: 'B' },
  { event: 'intent', operation: FORM, target: 'grace', platform: 'android', incident: 'C' },
  { event: 'not issued', operation: FORM, target: 'grace', platform: 'android', incident: 'C' },
];
const LEFT = { event: 'intent', operation: FORM, target: 'ada', platform: 'macos', incident: 'D' };

/** Adds rows as another version would, signed with the trail's key. */
function writeAs(file: string, rows: Record<string, unknown>[]): void {
  const { key, sign } = createSigner(readPrivateKey(readFileSync(`${file}.key`, 'utf8')));
  const before = readFileSync(file, 'utf8').trimEnd().split('\n').filter(Boolean);
  let prev = before.length > 0 ? hashOf(before.at(-1) ?? '') : FIRST_PREV;
  let seq = before.length > 0 ? JSON.parse(before.at(-1) ?? '').seq : 0;
  for (const row of rows) {
    seq += 1;
    const line = JSON.stringify({ time: '2026-03-04T09:00:00.000Z', seq, ...row, prev, key });
    const signed = `${line.slice(0, -1)},"sig":"${sign(line)}"}`;
    prev = hashOf(signed);
    appendFileSync(file, `${signed}\n`);
  }
}

/** A trail that begins with these rows. */
async function trailOf(rows: Record<string, unknown>[]): Promise<string> {
  const { file, audit } = await openTrail();
  await audit.write(entry('makes the key'));
  await audit.close();
  writeFileSync(file, '');
  writeAs(file, rows);
  return file;
}

const check = (file: string) =>
  verify(withRotated(file), { trusted: readPublicKeys(readFileSync(`${file}.key.pub`, 'utf8')) });

function pack(file: string): void {
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
  rmSync(file);
}

describe('a trail of the previous version', () => {
  it("is read in this version's words, and its signatures still hold", async () => {
    const { audit, past } = await openTrail(await trailOf(EARLIER));

    const { rows, isProven } = await audit.search(['intent', 'done', 'not done', 'refusal']);

    const ios = { operation: 'code', input: { platform: 'ios' } };
    const android = { operation: 'code', input: { platform: 'android' } };
    expect(rows).toMatchObject([
      { event: 'intent', target: 'alan', ...ios },
      { event: 'done', target: 'alan', ...ios },
      { event: 'refusal', operation: FORM, reason: 'protected' },
      { event: 'intent', target: 'grace', ...android },
      { event: 'not done', target: 'grace', ...android },
    ]);
    expect(rows.filter(isProven)).toEqual(rows);
    expect(past.rows.map(({ event }) => event)).toEqual(rows.map(({ event }) => event));
  });

  it.each(['registration-code:confirm', 'approval:approve'])(
    'is about registration codes, whatever button asked for one: %s',
    async (operation) => {
      const { audit } = await openTrail(
        await trailOf([
          { event: 'intent', operation, incident: 'A' },
          { event: 'unknown', operation, incident: 'A' },
          { event: 'look-up', operation: 'user', incident: 'B' },
          { event: 'refusal', operation, incident: 'C' },
        ]),
      );

      const { rows } = await audit.search(['intent', 'unknown', 'look-up', 'refusal']);

      expect(rows.map((row) => row.operation)).toEqual(['code', 'code', 'user', operation]);
    },
  );

  it('is verified together with rows of this version, rotated and compressed', async () => {
    const file = await trailOf([...EARLIER, LEFT]);
    rotate(file);
    const { audit } = await openTrail(file);
    await audit.write(entry('E', { event: 'intent', operation: 'code', target: 'alan' }));
    rotate(file);
    await audit.write(entry('E', { event: 'done', operation: 'code', target: 'alan' }));
    await audit.close();
    pack(`${file}.2`);

    expect(await check(file)).toMatchObject({ ok: true, rows: 9 });
    const { rows, isProven } = await (await openTrail(file)).audit.search(['done', 'unknown']);
    expect(rows).toMatchObject([
      { event: 'done', incident: 'A' },
      { event: 'unknown', incident: 'D' },
      { event: 'done', incident: 'E' },
    ]);
    expect(rows.filter(isProven)).toEqual(rows);
  });

  it("gets one outcome for each intent, in this version's words", async () => {
    const file = await trailOf([...EARLIER, LEFT]);
    for (let start = 1; start <= 2; start += 1) await (await openTrail(file)).audit.close();

    expect(rowsIn(file).slice(EARLIER.length + 1)).toMatchObject([
      { event: 'unknown', operation: 'code', target: 'ada', input: { platform: 'macos' } },
    ]);
    expect(rowsIn(file).at(-1)).not.toHaveProperty('platform');
  });

  it("is reported if a row was rewritten in this version's words", async () => {
    const file = await trailOf(EARLIER);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"issued"', '"done"'));

    const { breaks } = await check(file);

    expect(breaks.map(({ problem }) => problem)).toEqual(['row 2 was changed']);
  });

  it('is taken over from a process of that version, once that has ended', async () => {
    const first = await openTrail();
    await first.audit.write(entry('first'));
    const second = await openTrail(first.file);
    writeAs(first.file, [...EARLIER, LEFT]);
    await first.audit.close();

    await second.audit.write(entry('second'));

    expect(second.others.map(({ event }) => event)).toEqual([
      ...['intent', 'done', 'refusal', 'intent', 'not done', 'intent'],
    ]);
    expect(rowsIn(first.file).slice(-3)).toMatchObject([
      { event: 'unknown', incident: 'D', operation: 'code' },
      { event: 'taken over' },
      { event: 'look-up', incident: 'second' },
    ]);
    expect(await check(first.file)).toMatchObject({ ok: true });
  });
});

describe('a trail of a newer version', () => {
  const NEWER = [
    { event: 'shredded', operation: 'delete', incident: 'F' },
    { event: 'done', operation: 'delete', input: { device: ['a', 'b'] }, incident: 'G' },
    { event: 'constructor', incident: 'H' },
  ];

  it('is verified, and continues after rows that this version does not know', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('E', { event: 'intent' }));
    await audit.close();
    writeAs(file, NEWER);

    const later = await openTrail(file, { seq: 1, hash: hashOf(firstLine(file)), openSince: 1 });
    await later.audit.write(entry('after'));
    await later.audit.close();

    expect(rowsIn(file).map(({ event }) => event)).toEqual([
      ...['intent', 'shredded', 'done', 'constructor'],
      ...['unknown', 'look-up'],
    ]);
    expect(await check(file)).toMatchObject({ ok: true, rows: 6 });
  });

  it('learns nothing from them', async () => {
    const file = await trailOf(NEWER);
    const { audit, past } = await openTrail(file);

    expect((await audit.search(['done', 'reported', 'lockdown off'])).rows).toEqual([]);
    expect(new Set(past.rows.map(({ event }) => event))).toEqual(new Set(['not known here']));
  });

  it('is still reported if such a row was changed', async () => {
    const file = await trailOf(NEWER);
    writeFileSync(file, readFileSync(file, 'utf8').replace('shredded', 'look-up'));

    const { breaks } = await check(file);

    expect(breaks.map(({ problem }) => problem)).toEqual(['row 1 was changed']);
  });
});

const firstLine = (file: string) => readFileSync(file, 'utf8').split('\n')[0] ?? '';
