import { describe, expect, it } from 'vitest';
import { type Lead, leads, openMenu } from '../../src/desk/leads.ts';
import { validate } from '../../src/playground/workspace/index.ts';
import { createSeal } from '../../src/slack/seal.ts';
import { manualClock } from '../support/manual-clock.ts';

const HOUR = 60 * 60_000;

const clock = manualClock();
const seal = createSeal('a secret', clock);

const grace = { who: { email: 'grace@acme.test' } };
const letters = 'abcdefghijk'.split('');
const some = (count: number, input: Record<string, unknown> = grace): Lead[] =>
  letters.slice(0, count).map((operation) => ({ label: `Do ${operation}`, operation, input }));

type Row = {
  block_id?: string;
  elements: { type: string; text?: { text: string }; options?: { value: string }[] }[];
};

/** Each row: its buttons, and the values in its menu. */
async function rowsOf(all: Lead[]) {
  const blocks = await leads(seal, all);
  expect(validate(blocks, 'message')).toEqual([]);
  return (blocks as unknown as Row[]).map(({ block_id, elements }) => ({
    blockId: block_id ?? '',
    buttons: elements.filter(({ type }) => type === 'button').map(({ text }) => text?.text),
    menu: elements.flatMap(({ options = [] }) => options.map(({ value }) => value)),
  }));
}

describe('what a card leads to', () => {
  it.each([
    [0, []],
    [1, [[1, 0]]],
    [5, [[5, 0]]],
    // A menu has no less than two options.
    [6, [[4, 2]]],
    [7, [[5, 2]]],
    [10, [[5, 5]]],
    [
      11,
      [
        [5, 0],
        [6, 0],
      ],
    ],
  ])('%i times is at most five buttons and a menu of five', async (count, shape) => {
    const rows = await rowsOf(some(count));

    expect(rows.map(({ buttons, menu }) => [buttons.length, menu.length])).toEqual(shape);
    const shown = rows.flatMap(({ buttons, menu }) => [
      ...buttons.map((text) => text?.slice(-1)),
      ...menu,
    ]);
    expect(shown).toEqual(letters.slice(0, count));
  });

  it('comes back from a menu with its input, for a working day', async () => {
    const [row] = await rowsOf(some(8));
    const blockId = row?.blockId ?? '';
    expect(blockId).not.toContain('grace');
    const chosen = { blockId, value: 'h' };

    expect(await openMenu(seal, chosen)).toEqual({ operation: 'h', input: grace });
    const later = manualClock(clock.now() + 12 * HOUR);
    expect(await openMenu(createSeal('a secret', later), chosen)).toBeUndefined();
  });

  it('is not opened if the app did not seal it, or sealed it for something else', async () => {
    const value = 'h';
    const other = await createSeal('another secret', clock).close('menu', grace, HOUR);
    const button = await seal.close('follow-up', { operation: 'h', input: grace }, HOUR);

    for (const blockId of ['', 'auto-3', 'a.b.c', ...[other, button].flatMap(bothForms)]) {
      expect(await openMenu(seal, { blockId, value })).toBeUndefined();
    }
  });

  it('is a second row of buttons where the menu has no room for the input', async () => {
    const long = { who: { email: `${'a'.repeat(64)}@${'b'.repeat(60)}.test` } };
    const usual = { who: { email: `${'a'.repeat(40)}@${'b'.repeat(35)}.test` } };

    expect((await rowsOf(some(8, usual))).map(({ menu }) => menu.length)).toEqual([3]);
    expect((await rowsOf(some(8, long))).map(({ buttons }) => buttons.length)).toEqual([5, 3]);
  });

  it('may be the same operation with different inputs', async () => {
    const [one] = some(1);
    const all = [1, 2, 3].map((serial) => ({ ...one, input: { serial } }) as Lead);

    expect(await rowsOf(all)).toMatchObject([{ buttons: ['Do a', 'Do a', 'Do a'] }]);
  });

  it('is a second row of buttons where the inputs differ', async () => {
    const all = some(7);
    all.push({ label: 'Do h', operation: 'h', input: { serial: '000123456789' } });

    expect((await rowsOf(all)).map(({ buttons }) => buttons.length)).toEqual([5, 3]);
  });
});

const bothForms = (sealed: string) => [sealed, sealed.slice(sealed.indexOf('..') + 2)];
