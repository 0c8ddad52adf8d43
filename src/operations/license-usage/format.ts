import type { UsageMonth } from '../../securid/index.ts';
import type { Month } from './judgement.ts';

export const number = (value: number) => value.toLocaleString('en-GB');

export const percent = (share: number) =>
  share.toLocaleString('en-GB', { style: 'percent', maximumFractionDigits: 1 });

export const signed = (share: number) =>
  share.toLocaleString('en-GB', {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  });

export const monthName = ({ year, month }: Month) => format({ year, month }, 'long', true);
export const name = ({ year, month, yearIsKnown }: UsageMonth) =>
  format({ year, month }, 'long', yearIsKnown);
export const shortName = ({ year, month, yearIsKnown }: UsageMonth) =>
  format({ year, month }, 'short', yearIsKnown);

/** Short, because thirteen of them stand side by side. */
export const axisName = ({ year, month, yearIsKnown }: UsageMonth) =>
  yearIsKnown
    ? `${format({ year, month }, 'short', false)} ’${String(year).slice(-2)}`
    : format({ year, month }, 'short', false);

const format = ({ year, month }: Month, style: 'long' | 'short', withYear: boolean) =>
  // British English abbreviates September to four letters.
  new Date(Date.UTC(year, month - 1)).toLocaleDateString('en-US', {
    month: style,
    ...(withYear && { year: 'numeric' }),
    timeZone: 'UTC',
  });
