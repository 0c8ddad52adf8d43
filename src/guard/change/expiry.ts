import type { Clock } from '../../clock.ts';

/**
 * The console's codes live five minutes, which cannot be changed. With what the form and an approval may
 * take before, that is within the half hour in which Slack lets a message be replaced.
 * @see https://community.securid.com/s/article/How-to-extend-expire-in-setting-for-registration-code-during-MFA-enrollment
 */
const USUAL_LIFETIME = 5 * 60_000;

/** No secret lives longer; a later time from RSA is a mistake or a clock difference. */
const LONGEST_LIFETIME = 60 * 60_000;

/**
 * When a secret expires: when RSA says, unless that is over or too far away to be believed; then after the
 * usual time. Its message goes by then, and after the usual time at the latest.
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
