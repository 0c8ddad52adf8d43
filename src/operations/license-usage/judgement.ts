import { monthIndex, type UsageMonth } from '../../securid/index.ts';

/** From how many months on a trend means something. */
const ENOUGH = 6;

/** A line that needs longer than this to get there is flat for whoever plans purchases. */
const HORIZON = 5 * 12;

export type Month = { year: number; month: number };

/**
 * When the licenses run out if they go on as they went: an estimate, by least squares.
 *
 * With x the number of a month and y the licenses used in it, the line y = a + bx has the slope
 * b = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)² and goes through (x̄, ȳ). It reaches the purchased number p at
 * x = x̄ + (p − ȳ) / b; the licenses run out in the month that this point lies in, rounded up, and at the
 * earliest in the month after the last. Months that are missing leave a gap and bend nothing.
 * @returns `undefined` with fewer than six months, when the line is flat or falls, when it needs more than
 * five years, and when the licenses have run out already
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
  // `monthIndex` counts December of a year as the last of its twelve.
  return { year: Math.ceil(at / 12) - 1, month: ((at - 1) % 12) + 1 };
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]) => sum(values) / values.length;

/** Used licenses as a part of the purchased ones; `undefined` where either is not known. */
export function shareUsed(
  latest: UsageMonth | undefined,
  purchased: number | undefined,
): number | undefined {
  const used = latest?.mfaLicensesUsed;
  return used === undefined || purchased === undefined ? undefined : used / purchased;
}

const DAY = 24 * 60 * 60_000;

/**
 * Whether the figures of the last month are of a part of it: it was not over when RSA counted, or is not
 * over now where RSA says nothing of that. RSA's last count of a month comes within its last day.
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
