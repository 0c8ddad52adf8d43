import { describe, expect, it } from 'vitest';
import { runsOutIn, shareUsed } from '../../src/operations/license-usage/judgement.ts';
import type { UsageMonth } from '../../src/securid/index.ts';

/** Months from March 2025 on, with the number of licenses used in each; `undefined` is a gap. */
const months = (...used: (number | undefined)[]): UsageMonth[] =>
  used.flatMap((mfaLicensesUsed, index) =>
    mfaLicensesUsed === undefined
      ? []
      : [
          {
            year: 2025 + Math.floor((index + 2) / 12),
            month: ((index + 2) % 12) + 1,
            yearIsKnown: true,
            mfaLicensesUsed,
            activeUsers: 0,
            counted: undefined,
          },
        ],
  );

const growing = (from: number, by: number, count = 6) =>
  Array.from({ length: count }, (_, index) => from + by * index);

describe('runsOutIn', () => {
  it('names the month in which a straight line reaches the purchased licenses', () => {
    // 100 in March, 150 in August, 200 in January.
    expect(runsOutIn(months(...growing(100, 10)), 200)).toEqual({ year: 2026, month: 1 });
  });

  it('rounds up to the month in which it happens', () => {
    expect(runsOutIn(months(...growing(100, 10)), 191)).toEqual({ year: 2026, month: 1 });
    expect(runsOutIn(months(...growing(100, 10)), 190)).toEqual({ year: 2025, month: 12 });
  });

  it('may be in December', () => {
    expect(runsOutIn(months(...growing(100, 10, 13)), 310)).toEqual({ year: 2026, month: 12 });
  });

  it('fits the line by least squares', () => {
    // x̄ = 3.5, ȳ = 13; Σ(x − x̄)(y − ȳ) = 39, Σ(x − x̄)² = 17.5; 40 is reached at x = 15.6.
    const used = [8, 10, 11, 15, 14, 20];
    expect(runsOutIn(months(...used), 40)).toEqual({ year: 2026, month: 6 });
  });

  it('is not distorted by missing months', () => {
    const gaps = months(100, 110, undefined, undefined, 140, 150, 160, 170);
    expect(runsOutIn(gaps, 200)).toEqual({ year: 2026, month: 1 });
  });

  it('is in the next month at the earliest', () => {
    const steep = months(0, 100, 200, 300, 400, 500, 500, 500);
    expect(runsOutIn(steep, 510)).toEqual({ year: 2025, month: 11 });
  });

  it.each([
    ['fewer than six months', months(...growing(100, 10, 5)), 200],
    ['a flat line', months(...growing(100, 0, 13)), 200],
    ['a falling line', months(...growing(300, -10, 13)), 400],
    ['nothing used at all', months(...growing(0, 0, 13)), 200],
    ['a line that takes more than five years', months(...growing(100, 1)), 300],
    ['licenses that have run out', months(...growing(100, 20)), 200],
    ['no months', [], 200],
    [
      'months without licenses',
      months(...growing(1, 1)).map((one) => ({ ...one, mfaLicensesUsed: undefined })),
      200,
    ],
  ])('is unknown for %s', (_, all, purchased) => {
    expect(runsOutIn(all, purchased)).toBeUndefined();
  });
});

describe('shareUsed', () => {
  const [latest] = months(90);

  it('is a fraction of one', () => {
    expect(shareUsed(latest, 100)).toBe(0.9);
  });

  it('is unknown if one of the two is', () => {
    expect(shareUsed(latest, undefined)).toBeUndefined();
    expect(shareUsed(undefined, 100)).toBeUndefined();
  });
});
