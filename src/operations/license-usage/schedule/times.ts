import { Cron } from 'croner';

export type LicenseSchedule = {
  /** Without one nothing is posted. */
  channel: string | undefined;
  cron: string;
  /** IANA name. */
  timeZone: string;
};

/** When something is due, again and again: in milliseconds since 1970. */
export type Times = {
  /** The first time after that one. */
  after(time: number): number | undefined;
  /** The last time up to that one. */
  upTo(time: number): number | undefined;
};

/** 09:00 on the first working day of the month: `1W` is the working day nearest to the 1st within the month. */
export const FIRST_WORKING_DAY = '0 9 1W * *';
export const EVERY_DAY = '0 9 * * *';

const SECOND = 1000;

/** @param cron five fields, read as a clock on a wall in that time zone shows them */
export function createTimes(cron: string, timeZone: string): Times {
  const job = read(cron, timeZone);
  return {
    after: (time) => job.nextRun(new Date(time))?.getTime(),
    upTo(time) {
      // croner's is the last one before.
      const next = (Math.floor(time / SECOND) + 1) * SECOND;
      return job.previousRuns(1, new Date(next))[0]?.getTime();
    },
  };
}

/** A point in time, which croner reads as well, and a 30th of February do not come again and again. */
export const isCron = (text: string) =>
  works(() => read(text, 'UTC').nextRuns(2, new Date(0)).length === 2);

/** Newer versions of Node know `+02:00` as well, which has no daylight saving time. */
export const isTimeZone = (text: string) =>
  /^[a-z]/i.test(text) && works(() => createTimes(EVERY_DAY, text).after(0) !== undefined);

/** Without a function to run croner sets no timer. */
const read = (cron: string, timezone: string) => new Cron(cron, { timezone, mode: '5-part' });

function works(isSo: () => boolean): boolean {
  try {
    return isSo();
  } catch {
    return false;
  }
}
