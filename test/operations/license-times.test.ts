import { describe, expect, it } from 'vitest';
import {
  createTimes,
  FIRST_WORKING_DAY,
  isCron,
  isTimeZone,
} from '../../src/operations/license-usage/schedule/times.ts';

const at = (iso: string) => Date.parse(iso);
const iso = (time: number | undefined) => time && new Date(time).toISOString();

describe('09:00 on the first working day, in Berlin,', () => {
  const times = createTimes(FIRST_WORKING_DAY, 'Europe/Berlin');

  it.each([
    ['Wednesday the 1st', '2026-04-01T07:00:00.000Z'],
    ['Friday the 1st', '2026-05-01T07:00:00.000Z'],
    ['Monday the 3rd, after a Saturday', '2026-08-03T07:00:00.000Z'],
    ['Monday the 2nd, after a Sunday, in winter', '2026-02-02T08:00:00.000Z'],
    ['Monday the 2nd, in winter, after a summer’s October', '2026-11-02T08:00:00.000Z'],
  ])('is on %s', (_, expected) => {
    const month = at(`${expected.slice(0, 7)}-01T00:00:00Z`) - 2 * 60 * 60_000;
    expect(iso(times.after(month))).toBe(expected);
    expect(times.after(at(expected))).toBeGreaterThan(at(expected));
    expect(iso(times.upTo(at(expected)))).toBe(expected);
    expect(iso(times.upTo(at(expected) + 500))).toBe(expected);
    expect(times.upTo(at(expected) - 1)).toBeLessThan(month);
  });

  it('comes twelve times a year', () => {
    const found: number[] = [];
    for (let time = times.after(at('2026-01-01T00:00:00Z')); time; time = times.after(time)) {
      if (time >= at('2027-01-01T00:00:00Z')) break;
      found.push(time);
    }
    expect(found).toHaveLength(12);
    for (const time of found) {
      expect(new Date(time).getUTCDay() % 6).not.toBe(0);
      expect(times.upTo(time + 1)).toBe(time);
    }
  });
});

describe('a time affected by daylight saving', () => {
  const times = createTimes('30 2 * * *', 'Europe/Berlin');

  it('that is skipped comes as soon as the clock has jumped', () => {
    expect(iso(times.after(at('2026-03-28T12:00:00Z')))).toBe('2026-03-29T01:00:00.000Z');
  });

  it('that is repeated comes once', () => {
    expect(iso(times.after(at('2026-10-24T12:00:00Z')))).toBe('2026-10-25T00:30:00.000Z');
    expect(iso(times.after(at('2026-10-25T00:30:00Z')))).toBe('2026-10-26T01:30:00.000Z');
  });
});

describe('a schedule', () => {
  it.each(['0 9 1W * *', '*/5 8-18 * * MON-FRI', '0 9 L * *', '@monthly'])('may be %s', (cron) => {
    expect(isCron(cron)).toBe(true);
  });

  it.each(['nine', '0 25 * * *', '0 0 9 1 * *', '0 0 30 2 *', '2027-01-01T09:00:00'])(
    'may not be %s',
    (cron) => {
      expect(isCron(cron)).toBe(false);
    },
  );
});

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/New_York'])('may be %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['Mars/Base', '+02:00', 'Berlin'])('may not be %s', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
