import { Cron } from 'croner';

export type LicenseSchedule = {
  /** If missing, nothing is posted. */
  channel: string | undefined;
  cron: string;
  /** IANA name. */
  timeZone: string;
};

/** Recurring times, in milliseconds since 1970. */
export type Times = {
  /** The first time after `time`. */
  after(time: number): number | undefined;
  /** The last time up to and including `time`. */
  upTo(time: number): number | undefined;
};

/**
 * 09:00 on the first working day of the month. `1W` is the working day
 * nearest to the 1st within the month.
 */
export const FIRST_WORKING_DAY = '0 9 1W * *';
export const EVERY_DAY = '0 9 * * *';

const SECOND = 1000;

/**
 * @param cron five fields, in local time of that time zone
 */
export function createTimes(cron: string, timeZone: string): Times {
  const job = read(cron, timeZone);
  return {
    after: (time) => job.nextRun(new Date(time))?.getTime(),
    upTo(time) {
      // croner looks only before the given time.
      const next = (Math.floor(time / SECOND) + 1) * SECOND;
      return job.previousRuns(1, new Date(next))[0]?.getTime();
    },
  };
}

/** croner also accepts a point in time and dates such as February 30, but neither recurs. */
export const isCron = (text: string) =>
  works(() => read(text, 'UTC').nextRuns(2, new Date(0)).length === 2);

/** Newer versions of Node also accept `+02:00`, which has no daylight saving time. */
export const isTimeZone = (text: string) =>
  /^[a-z]/i.test(text) && works(() => createTimes(EVERY_DAY, text).after(0) !== undefined);

/** Without a function, croner sets no timer. */
const read = (cron: string, timezone: string) => new Cron(cron, { timezone, mode: '5-part' });

function works(isSo: () => boolean): boolean {
  try {
    return isSo();
  } catch {
    return false;
  }
}
