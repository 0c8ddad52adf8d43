export type Row = {
  name: string;
  value: number;
  unit?: string;
  /** The target, in words. */
  must: string;
  holds: boolean;
  /** The same for something to compare with, or the figures behind the value. */
  beside?: Record<string, number>;
};

type More = Pick<Row, 'unit' | 'beside'>;

export const atMost = (name: string, value: number, limit: number, more: More = {}): Row =>
  row(name, value, `≤ ${limit}`, value <= limit, more);

export const atLeast = (name: string, value: number, limit: number, more: More = {}): Row =>
  row(name, value, `≥ ${limit}`, value >= limit, more);

const row = (name: string, value: number, must: string, holds: boolean, more: More): Row => ({
  name,
  value: short(value),
  must,
  holds,
  ...more,
  ...(more.beside && { beside: inShort(more.beside) }),
});

const inShort = (figures: Record<string, number>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, short(value)]));

/** Three digits: no measurement here is more precise. */
const short = (value: number) => Number(value.toPrecision(3));
