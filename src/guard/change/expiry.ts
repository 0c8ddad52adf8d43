import type { Clock } from '../../clock.ts';

/**
 * RSA's codes live five minutes, which cannot be configured. Together with the time for the form
 * and an approval, that is within the half hour in which Slack lets a message be replaced.
 * @see https://community.securid.com/s/article/How-to-extend-expire-in-setting-for-registration-code-during-MFA-enrollment
 */
const USUAL_LIFETIME = 5 * 60_000;

/** No secret lives longer. A later time from RSA is a mistake or a clock difference. */
const LONGEST_LIFETIME = 60 * 60_000;

/**
 * When a secret expires: RSA's time, or the usual lifetime if RSA's time is past or implausibly far
 * away. Its message is erased then, but no later than after the usual lifetime.
 */
export function expiryOf(
  expirationDate: Date | undefined,
  clock: Clock,
): { expiresAt: Date; erasesBy: number } {
  const now = clock.now();
  const usual = now + USUAL_LIFETIME;
  const told = expirationDate?.getTime() ?? Number.NaN;
  const at = told > now && told <= now + LONGEST_LIFETIME ? told : usual;
  return {
    expiresAt: new Date(at),
    erasesBy: clock.elapsed() + Math.min(at, usual) - now,
  };
}
