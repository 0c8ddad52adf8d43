import type { HardwareToken } from '../../securid/index.ts';
import { day, oneLine } from '../../slack/mrkdwn.ts';

const LENGTH = 60;

/**
 * An expired token cannot be used to sign in, even if activated. `now` in milliseconds since 1970.
 */
export const hasExpired = ({ expiryDate }: HardwareToken, now: number) =>
  expiryDate !== undefined && expiryDate.getTime() <= now;

/** RSA says `Enabled` or `Disabled`. A missing status needs no warning. */
export const isEnabled = (status: string | undefined) =>
  status === undefined || /^enabled$/i.test(status);

/** Assigned, but its owner has not activated it on My Page. */
export const isPending = ({ tokenState }: HardwareToken) =>
  /^activation pending$/i.test(tokenState ?? '');

/** A token's state. What keeps its owner from signing in comes first, marked. */
export function stateWords(token: HardwareToken, now: number): string[] {
  const { tokenState, tokenStatus, expiryDate } = token;
  const expired = expiryDate && hasExpired(token, now) && `⚠️ Expired on ${day(expiryDate)}`;
  return [expired, disabled(tokenStatus), tokenState && oneLine(tokenState, LENGTH)].flatMap(
    (words) => words || [],
  );
}

/** A status other than `Enabled`, marked. */
export const disabled = (status: string | undefined) =>
  isEnabled(status) ? undefined : `🔴 ${oneLine(status ?? '', LENGTH)}`;
