/** A month as RSA wrote it; `undefined` if it cannot be read. */
export type MonthWritten = { year?: number | undefined; month: number } | undefined;

const NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads a month of License Usage, Version 2, whose format is undocumented: `2026-03`,
 * `2026-03-01T…`, `03/2026`, `Mar 2026`, `March`, `3`.
 */
export function readMonth(text: string | undefined): MonthWritten {
  const [, year, month] = /^(\d{4})-(\d{1,2})(?:\D|$)/.exec(text ?? '') ?? [];
  if (month) return inYear(Number(month), Number(year));
  const [, first, after] = /^(\d{1,2})(?:[/.-](\d{4}))?$/.exec(text ?? '') ?? [];
  if (first) return inYear(Number(first), after ? Number(after) : undefined);
  const [, name = '', later] = /^([a-z]{3,9})\.?,?(?:[ -](\d{4}))?$/i.exec(text ?? '') ?? [];
  const index = NAMES.indexOf(name.slice(0, 3).toLowerCase());
  return index < 0 ? undefined : inYear(index + 1, later ? Number(later) : undefined);
}

const inYear = (month: number, year: number | undefined): MonthWritten =>
  month >= 1 && month <= 12 ? { month, year } : undefined;

export type Dated = { written: MonthWritten; counted: Date | undefined };

/** A month in sequence. If no year is known at all, the years only keep the months apart. */
export type Placed<T> = Omit<T, 'written'> & { year: number; month: number; yearIsKnown: boolean };

/**
 * Sorts months, oldest first, and keeps the latest count of each. A month without a year is the
 * most recent of its name before RSA counted; of two such months one is a year older, because RSA
 * returns thirteen. An unreadable month is the one in which RSA counted.
 */
export function inOrder<T extends Dated>(months: T[]): Placed<T>[] {
  const newestFirst = isNewestFirst(months);
  const oldestFirst = newestFirst ? months.toReversed() : months;
  const reference = newestCount(months) ?? inferredEnd(oldestFirst);

  const placed = oldestFirst.flatMap((one): Placed<T>[] => {
    const { written, ...rest } = one;
    const { counted } = rest;
    if (!written) {
      if (!counted) return [];
      const [year, month] = [counted.getUTCFullYear(), counted.getUTCMonth() + 1];
      return [{ ...rest, year, month, yearIsKnown: true }];
    }
    const { month } = written;
    const yearIsKnown = written.year !== undefined || reference.isKnown;
    const year = written.year ?? lastYearOf(month, reference) - olderTwin(oldestFirst, one);
    return [{ ...rest, year, month, yearIsKnown }];
  });

  const once = new Map<number, Placed<T>>();
  for (const one of placed) {
    const index = monthIndex(one);
    const before = once.get(index);
    if (before && timeOf(before.counted) > timeOf(one.counted)) continue;
    once.set(index, one);
  }
  return [...once.values()].sort((a, b) => monthIndex(a) - monthIndex(b));
}

/** Months since year 0, for arithmetic. */
export const monthIndex = ({ year, month }: { year: number; month: number }) => year * 12 + month;

const timeOf = (date: Date | undefined) => date?.getTime() ?? Number.NEGATIVE_INFINITY;

type Reference = { year: number; month: number; isKnown: boolean };

function newestCount(months: Dated[]): Reference | undefined {
  const newest = Math.max(...months.map(({ counted }) => timeOf(counted)));
  if (!Number.isFinite(newest)) return undefined;
  const date = new Date(newest);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, isKnown: true };
}

/** If there is no year to go by, any will do. */
function inferredEnd(oldestFirst: Dated[]): Reference {
  const month = oldestFirst.findLast(({ written }) => written)?.written?.month ?? 12;
  return { year: 2000, month, isKnown: false };
}

const lastYearOf = (month: number, { year, month: last }: Reference) =>
  month <= last ? year : year - 1;

/** 1 for the older of exactly two months with the same name and no year, else 0. */
function olderTwin(oldestFirst: Dated[], one: Dated): number {
  const same = oldestFirst.filter(
    ({ written }) => written?.month === one.written?.month && written?.year === undefined,
  );
  if (same.length !== 2) return 0;
  const [first, second] = same as [Dated, Dated];
  const older = timeOf(first.counted) > timeOf(second.counted) ? second : first;
  return older === one ? 1 : 0;
}

/** Whether months without a year run backward, judging by most of their steps. */
function isNewestFirst(months: Dated[]): boolean {
  const known = months.flatMap(({ written }) => (written ? [written.month] : []));
  const steps = known.slice(1).map((month, index) => (month - (known[index] ?? 0) + 12) % 12);
  const back = steps.filter((step) => step === 11).length;
  return back > steps.filter((step) => step === 1).length;
}
