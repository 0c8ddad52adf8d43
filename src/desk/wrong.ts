import { LOCK_OF, type Locks, type UserDetails } from '../securid/index.ts';
import { type Block, paragraph } from '../slack/blocks.ts';
import { dateTime } from '../slack/mrkdwn.ts';

/** What agents call each method in a line that has little room. */
const SHORT_NAMES: Record<keyof Locks, string> = {
  [LOCK_OF.TOKEN]: 'OTP',
  [LOCK_OF.SMS]: 'SMS',
  [LOCK_OF.VOICE]: 'Voice',
  isApproveLocked: 'Approve',
  isFingerprintLocked: 'Fingerprint',
};

/** What is wrong with a user, each with its sign, as mrkdwn. Empty if nothing in the record stands out. */
export function wrongWith(user: UserDetails): string[] {
  const { userStatus, markDeleted, markDeletedAt: since, highRiskUser } = user;
  const locked = Object.entries(SHORT_NAMES).flatMap(([lock, name]) =>
    user[lock as keyof Locks] ? [name] : [],
  );
  return [
    userStatus === 'Disabled' && ':red_circle: Disabled',
    userStatus === undefined && ':grey_question: Status unknown',
    markDeleted && `:warning: Pending deletion${since ? ` since ${dateTime(since, 'day')}` : ''}`,
    locked.length > 0 && `:lock: ${inWords(locked)} locked`,
    highRiskUser && ':warning: High risk',
  ].filter((one) => typeof one === 'string');
}

/** The first line of a card: what is wrong, or that nothing stands out. */
export const firstLine = (wrong: readonly string[], otherwise = 'Nothing stands out.'): Block =>
  paragraph(wrong.length > 0 ? `*${wrong.join(' · ')}*` : otherwise);

/** `OTP, SMS and Voice`. */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
