import type { Clock } from '../../clock.ts';
import type { Secret } from './asked.ts';

/**
 * RSA's codes live five minutes, which cannot be configured. Together with the time for the form
 * and an approval, that is within the half hour in which Slack lets a message be replaced.
 * @see https://community.securid.com/s/article/How-to-extend-expire-in-setting-for-registration-code-during-MFA-enrollment
 */
const USUAL_LIFETIME = 5 * 60_000;

/** No secret lives longer, unless its change says so. A later time from RSA is a mistake or a clock difference. */
const LONGEST_LIFETIME = 60 * 60_000;

type Expiry = {
  expiresAt: Date;
  /** By `clock.elapsed()`. */
  erasesBy: number;
  /** Whether it is still valid once it is erased. */
  outlives: boolean;
};

/**
 * When a secret expires: RSA's time, or the usual lifetime if RSA's time is past or implausibly far
 * away. Its message is erased then, but no later than after the usual lifetime.
 */
export function expiryOf(secret: Secret | undefined, clock: Clock): Expiry {
  const { expiresAt, longest } = secret ?? {};
  const now = clock.now();
  const usual = now + USUAL_LIFETIME;
  const told = expiresAt?.getTime() ?? Number.NaN;
  const isPlausible = told > now && told <= now + (longest ?? LONGEST_LIFETIME);
  const at = isPlausible ? told : usual;
  return {
    expiresAt: new Date(at),
    erasesBy: clock.elapsed() + Math.min(at, usual) - now,
    outlives: longest !== undefined && !(isPlausible && told <= usual),
  };
}
