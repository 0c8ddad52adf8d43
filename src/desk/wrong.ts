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

/** Something that is wrong, with its sign, in our own words. */
export type Wrong = { sign: string; words: string; since?: Date | undefined };

/** What is wrong with a user according to the record. Empty if nothing stands out. */
export function wrongWith(user: UserDetails): Wrong[] {
  const { userStatus, markDeleted, markDeletedAt, highRiskUser } = user;
  const locked = Object.entries(SHORT_NAMES).flatMap(([lock, name]) =>
    user[lock as keyof Locks] ? [name] : [],
  );
  return [
    userStatus === 'Disabled' && { sign: ':red_circle:', words: 'Disabled' },
    userStatus === undefined && { sign: ':grey_question:', words: 'Status unknown' },
    markDeleted && { sign: ':warning:', words: 'Pending deletion', since: markDeletedAt },
    locked.length > 0 && { sign: ':lock:', words: `${inWords(locked)} locked` },
    highRiskUser && { sign: ':warning:', words: 'High risk' },
  ].filter((one) => typeof one === 'object');
}

/** The first line of a card: what is wrong, or that nothing stands out. */
export function firstLine(wrong: readonly Wrong[], otherwise = 'Nothing stands out.'): Block {
  const parts = wrong.map(({ sign, words, since }) =>
    [sign, `*${words}*`, since && `since ${dateTime(since, 'day')}`].filter(Boolean).join(' '),
  );
  return paragraph(parts.join(' · ') || otherwise);
}

/** `OTP, SMS and Voice`. */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
