import { describe, expect, it } from 'vitest';
import { validate } from '../../src/playground/workspace/index.ts';
import { facts, table } from '../../src/slack/blocks.ts';
import { objectsIn } from '../support/nested.ts';

const rows = (count: number, letters: number) =>
  Array.from({ length: count }, (_, index) => [String(index), 'x'.repeat(letters)]);

/** The last row, and how many rows are below the header. */
function shown(made: ReturnType<typeof table>) {
  expect(validate([made], 'message')).toEqual([]);
  const texts = made.rows.map((row) =>
    row.map((cell) => objectsIn(cell).find(({ text }) => typeof text === 'string')?.text),
  );
  return { count: texts.length - 1, last: texts.at(-1) };
}

describe('a table', () => {
  it.each([
    ['99 rows', rows(99, 10), 99, ['98', 'x'.repeat(10)]],
    ['100 rows', rows(100, 10), 99, ['… and 2 more', '-']],
    ['2,000 rows', rows(2000, 1), 99, ['… and 1,902 more', '-']],
    ['10,000 characters', [['0', 'x'.repeat(9993)]], 1, ['0', 'x'.repeat(9993)]],
    ['10,001 characters', [['0', 'x'.repeat(9994)]], 1, ['… and 1 more', '-']],
    ['cells of 1,000 characters', rows(30, 1000), 10, ['… and 21 more', '-']],
  ])('of %s contains what Slack accepts, and counts the rest', (_, body, count, last) => {
    expect(shown(table([['No', 'Text'], ...body]))).toEqual({ count, last });
  });

  it('has as many cells in each row, and as many settings, as columns', () => {
    const made = table([['A', ''], ['1'], ['1', '2', '3']], [{ wrap: true }, {}, {}]);

    expect(shown(made)).toEqual({ count: 2, last: ['1', '2'] });
    expect(made.column_settings).toHaveLength(2);
  });
});

describe('a fact', () => {
  const shown = (value: string) => facts([['Name', value]]).flatMap(({ fields = [] }) => fields)[0];

  it.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['ada_lovelace@acme.test', 'ada_lovelace@acme.test'],
    ['R&D <x>', 'R&amp;D &lt;x&gt;'],
    ['17:30 to 18:00', '17:30 to 18:00'],
  ])('shows %j under a bold label', (value, text) => {
    expect(shown(value)).toEqual({ type: 'mrkdwn', text: `*Name*\n${text}`, verbatim: true });
  });

  it.each(['*x*', '_x_', 'a _b_ c', '`x`', '~x~', ':lock: safe'])(
    'shows %j as written, since Slack would read markup in it',
    (value) => {
      expect(shown(value)).toEqual({ type: 'plain_text', text: `Name\n${value}`, emoji: false });
    },
  );

  it('is beside the next one, ten to a section', () => {
    const rows = Array.from({ length: 11 }, (_, index): [string, string] => [`${index}`, 'x']);
    expect(facts(rows).map(({ fields = [] }) => fields.length)).toEqual([10, 1]);
  });
});
