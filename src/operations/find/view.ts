import type { Unusable } from '../../desk/part.ts';
import { nameOf } from '../../desk/user.ts';
import { LONGEST_EMAIL, looksLikeSerial } from '../../desk/words.ts';
import type { FoundUsers, UserDetails } from '../../securid/index.ts';
import {
  actions,
  context,
  type Fallback,
  type Message,
  option,
  select,
  sentence,
  verbatim,
  verbatimContext,
  verbatimSentence,
} from '../../slack/blocks.ts';
import { dateTime, escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';

/** `action_id` of the list to choose from. */
export const CHOOSE = 'find:choose';

const EXAMPLE = 'such as `jane` or `doe@example.com`';

export const problems: Record<Unusable, Message> = {
  'several words': sentence(
    `SecurID searches for one part of an e-mail address, without spaces, ${EXAMPLE}.`,
  ),
  'one person': sentence(
    'A mention is one person: type `/securid user` and the mention. To search, type a part of an e-mail address.',
  ),
  nobody: sentence(
    `A group or a channel has no e-mail address. Type a part of somebody’s address, ${EXAMPLE}.`,
  ),
  wildcards: sentence(`SecurID searches for the part as it is, without wildcards, ${EXAMPLE}.`),
  'too long': sentence(
    `No e-mail address is longer than ${LONGEST_EMAIL} characters. Type a part of one, ${EXAMPLE}.`,
  ),
  'too short': sentence(`Type at least two letters or digits of the e-mail address, ${EXAMPLE}.`),
};

export const tooMany = (next: Date): Message =>
  sentence(
    `You have searched too often within an hour. The next search is possible after ${dateTime(next, 'moment')}. \`/securid user\` with a whole address still works.`,
  );

export const nobody = (part: string): Message => {
  const other =
    looksLikeSerial(part) === 'hardly anything else'
      ? `If it is the serial number of a token, type /securid token ${part}.`
      : 'Check the spelling, or type less of it.';
  return verbatimSentence(`SecurID has no user whose e-mail address contains “${part}”. ${other}`);
};

/** The card of the only user found. */
export function theOnly<M extends Message>(card: M, part: string): M {
  const note = verbatimContext(`The only user whose e-mail address contains “${part}”.`);
  const noted = <F extends Fallback>(one: F): F => ({
    ...one,
    blocks: [...one.blocks, note],
    ...(one.fallback && { fallback: noted(one.fallback) }),
  });
  return noted(card);
}

type Found = {
  part: string;
  /** How many users SecurID returns at most. */
  most: number;
  /** What stands for each user; without it they cannot be chosen. */
  words: readonly (string | undefined)[];
};

/** A list to choose from. */
export function found({ users, total }: FoundUsers, { part, most, words }: Found): Message {
  const whole = howMany(users.length, total, part);
  const options = users.flatMap((user, index) => {
    const word = words[index];
    return word === undefined ? [] : [option(nameOf(user), word, described(user))];
  });
  const others = users.filter((_, index) => words[index] === undefined);
  const isCut = total === undefined || total > users.length;
  return {
    text: escapeMrkdwn(whole),
    blocks: [
      verbatim(whole),
      ...(options.length > 0 ? [actions(select(CHOOSE, 'Choose a user', options))] : []),
      ...(others.length > 0
        ? [verbatimContext(`Cannot be opened from here: ${others.map(nameOf).join('; ')}`)]
        : []),
      ...(isCut ? [context(`SecurID shows at most ${most}. ${NARROW}`)] : []),
    ],
  };
}

const NARROW = 'If the user is not in the list, type more of their address.';

function howMany(shown: number, total: number | undefined, part: string): string {
  const whose = `${total === 1 ? 'user' : 'users'} whose e-mail address contains “${part}”`;
  if (total === undefined) return `The first ${shown} ${whose}; there may be more.`;
  return total > shown ? `The first ${shown} of ${total} ${whose}.` : `${shown} ${whose}.`;
}

/** What tells people of the same name apart, and what an agent should know before opening the card. */
function described(user: UserDetails): string {
  const { emailAddress, principalUsername, userStatus, markDeleted } = user;
  const address = emailAddress ?? principalUsername ?? '';
  const state = [
    userStatus === 'Disabled' && 'disabled',
    markDeleted === true && 'pending deletion',
  ].filter((word) => word !== false);
  const behind = state.map((word) => `, ${word}`).join('');
  return `${oneLine(address, 75 - behind.length)}${behind}`;
}
