import { runInNewContext } from 'node:vm';

/** In milliseconds; far more than a sensible pattern needs. */
const MATCH_TIMEOUT = 100;

/** A pattern that takes too long counts as no match, so that it cannot block the process. */
export const patient = (pattern: RegExp): Pick<RegExp, 'test'> => ({
  test(text) {
    try {
      const given = { pattern, text };
      return runInNewContext('pattern.test(text)', given, { timeout: MATCH_TIMEOUT }) === true;
    } catch {
      return false;
    }
  },
});
