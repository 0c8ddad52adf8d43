import { monthIndex, type UsageMonth } from '../../securid/index.ts';

/** How many months a meaningful trend needs. */
const ENOUGH = 6;

/** In months. A line that takes longer to reach the limit counts as flat for planning purchases. */
const HORIZON = 5 * 12;

export type Month = { year: number; month: number };

/**
 * Estimates, by least squares, when the licenses run out if usage continues as before.
 *
 * With x the number of a month and y the licenses used in it, the line y = a + bx has the slope
 * b = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)² and goes through (x̄, ȳ). It reaches the purchased number p at
 * x = x̄ + (p − ȳ) / b. The licenses run out in the month of that point, rounded up, but not before
 * the month after the last. Missing months leave a gap and do not bend the line.
 * @returns `undefined` with fewer than six months, if the line is flat or falls, if it takes more
 *   than five years, and if the licenses have run out already
 */
export function runsOutIn(months: UsageMonth[], purchased: number): Month | undefined {
  const points = months.flatMap((one) =>
    one.mfaLicensesUsed === undefined ? [] : [{ x: monthIndex(one), y: one.mfaLicensesUsed }],
  );
  const last = points.at(-1);
  if (!last || points.length < ENOUGH || last.y >= purchased) return undefined;

  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const slope =
    sum(points.map((point) => (point.x - x) * (point.y - y))) /
    sum(points.map((point) => (point.x - x) ** 2));
  if (!(slope > 0)) return undefined;

  const at = Math.max(Math.ceil(x + (purchased - y) / slope), last.x + 1);
  if (at - last.x > HORIZON) return undefined;
  // `monthIndex` counts December as the last month of its year.
  return { year: Math.ceil(at / 12) - 1, month: ((at - 1) % 12) + 1 };
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]) => sum(values) / values.length;

/** The share of the purchased licenses in use; `undefined` if either number is unknown. */
export function shareUsed(
  latest: UsageMonth | undefined,
  purchased: number | undefined,
): number | undefined {
  const used = latest?.mfaLicensesUsed;
  return used === undefined || purchased === undefined ? undefined : used / purchased;
}

const DAY = 24 * 60 * 60_000;

/**
 * Whether the last month's figures are incomplete: the month was not over when RSA
 * counted, or, if RSA does not say when that was, is not over now. RSA's last count
 * of a month comes within its last day.
 * @param now in milliseconds since 1970
 */
export function isPartOfMonth(
  { year, month, yearIsKnown, counted }: UsageMonth,
  now: number,
): boolean {
  if (!yearIsKnown) return month === new Date(now).getUTCMonth() + 1;
  const end = Date.UTC(year, month);
  const at = counted?.getTime() ?? now;
  return at < end && !(now >= end && end - at <= DAY);
}
