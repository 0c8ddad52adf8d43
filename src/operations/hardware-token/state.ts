import type { HardwareToken } from '../../securid/index.ts';
import { day, oneLine } from '../../slack/mrkdwn.ts';

const LENGTH = 60;

/** Whether its time is over: then it signs nobody in, however activated. `now` in milliseconds since 1970. */
export const hasExpired = ({ expiryDate }: HardwareToken, now: number) =>
  expiryDate !== undefined && expiryDate.getTime() <= now;

/** RSA says `Enabled` or `Disabled`; where it says nothing there is nothing to warn of. */
export const isEnabled = (status: string | undefined) =>
  status === undefined || /^enabled$/i.test(status);

/** What state a token is in: first, and marked, what keeps its owner from signing in. */
export function stateWords(token: HardwareToken, now: number): string[] {
  const { tokenState, tokenStatus, expiryDate } = token;
  const expired = expiryDate && hasExpired(token, now) && `⚠️ Expired on ${day(expiryDate)}`;
  return [expired, disabled(tokenStatus), tokenState && oneLine(tokenState, LENGTH)].flatMap(
    (words) => words || [],
  );
}

/** A status that is not `Enabled`, marked. */
export const disabled = (status: string | undefined) =>
  isEnabled(status) ? undefined : `🔴 ${oneLine(status ?? '', LENGTH)}`;
