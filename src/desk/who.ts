import { type SecurID, SecurIDError, type UserDetails, type UserKey } from '../securid/index.ts';
import {
  type Fallback,
  type Message,
  sentence,
  verbatimContext,
  verbatimSentence,
} from '../slack/blocks.ts';
import { mentionUser } from '../slack/mrkdwn.ts';
import type { People } from '../slack/people.ts';
import type { Call, DeskServices } from './operation.ts';
import { isHome } from './roles.ts';
import { slackTrouble } from './slack-trouble.ts';
import {
  CAPITAL,
  isBracketed,
  looksLikeId,
  readNobody,
  readWho,
  splitList,
  type Who,
} from './words.ts';

/** How RSA can find somebody: by a key that it looks up, or by the id it gave them. */
export type Target = UserKey | { userId: string };

/** Somebody's record, and the key that leads to it: the only one by which a change may go on. */
export type Found = { user: UserDetails; key: UserKey };

/**
 * Turns a Slack mention into the e-mail address of that person's Slack profile; the rest stays.
 * @returns a problem in place of the target when Slack has no address to trust
 */
async function findTarget(who: Who, people: People): Promise<Target | { problem: Message }> {
  if (!('mention' in who)) return who;

  const [workspace, person] = await Promise.all([people.workspace(), people.find(who.mention)]);
  const them = mentionUser(who.mention);
  if (!person) return instead('Slack does not know that person.');
  if (person.isBot) return instead(`${them} is an app, not a person.`);
  // Another company's administrators can write any address into their people's profiles.
  if (!isHome(workspace, person)) return instead(`${them} belongs to another company.`);
  if (!person.email && people.hidesAddresses()) return { problem: NO_ADDRESSES };
  if (!person.email) return instead(`Slack shows no e-mail address for ${them}.`);
  return { email: person.email };
}

const NO_ADDRESSES = sentence(slackTrouble({ kind: 'scope', scopes: ['users:read.email'] }));

const instead = (why: string) => ({
  problem: sentence(
    `${why} Type the e-mail address or the SecurID user name instead, such as \`jane@example.com\`.`,
  ),
});

/** Looks somebody up, on record; what the asker reads instead where nobody is found. */
export async function findUser(
  {
    securid,
    identities,
    slack: { people },
  }: Pick<DeskServices, 'securid' | 'slack' | 'identities'>,
  who: Who,
  call: Call,
): Promise<Found | { problem: Message }> {
  const target = await findTarget(who, people);
  if ('problem' in target) return target;
  if ('userId' in target) return { problem: NO_LOOK_UP_BY_ID };

  void call.audit.note('look-up', { target: targetWords(target) });
  const found = await findByKey(securid, target, call);
  if (found) return found;
  if (!('mention' in who && 'email' in target)) return { problem: nobody(target) };
  const others = identities.addresses.spellings(target.email).slice(1);
  return findOne(securid, others, call).then((one) => one ?? { problem: nobody(target) });
}

/** The one person with any of these addresses. */
async function findOne(
  securid: SecurID,
  emails: string[],
  call: Call,
): Promise<Found | Problem | undefined> {
  const found = await Promise.all(emails.map((email) => findByKey(securid, { email }, call)));
  const [one, ...others] = found.filter((each) => each !== undefined);
  if (one && others.some(({ user }) => user.id !== one.user.id)) {
    return instead('SecurID has more than one user for that person’s e-mail address.');
  }
  return one;
}

const NO_LOOK_UP_BY_ID = sentence(
  'SecurID finds a user by e-mail address or user name, not by user id. A user id works for `/securid authenticators`.',
);

/**
 * What nobody has as an e-mail address may be a user name: where the directory has userPrincipalNames,
 * those look alike. One person's may be another's address, so the key says which it was.
 */
async function findByKey(securid: SecurID, key: UserKey, call: Call): Promise<Found | undefined> {
  const user = await securid.users.find(key, call.securid);
  if (user) return { user, key };
  if (!('email' in key)) return undefined;
  const username = { username: key.email };
  const named = await securid.users.find(username, call.securid).catch((error) => {
    // A user name that this tenant takes for none finds nobody.
    if (error instanceof SecurIDError && error.code === 'INVALID_REQUEST') return undefined;
    throw error;
  });
  return named && { user: named, key: username };
}

/** A message about somebody, which says so where an address found them that is not their e-mail address. */
export function saying<M extends Message>({ key }: { key: Target }, message: M): M {
  if (!('username' in key && key.username.includes('@'))) return message;
  const note = verbatimContext(`Found by user name, not by e-mail address: ${key.username}`);
  const noted = <F extends Fallback>(part: F): F => {
    const [first, ...rest] = part.blocks;
    const { fallback } = part;
    return {
      ...part,
      blocks: first ? [first, note, ...rest] : [note],
      ...(fallback && { fallback: noted(fallback) }),
    };
  };
  return noted(message);
}

type Problem = { problem: Message };

/**
 * One person, and what an operation makes of the words behind them. A name before an address in brackets
 * is dropped: `Grace Hopper <grace@example.com>`. So is a name of several words before or behind an address,
 * or before a user name in brackets.
 * @param readMore `undefined` for words that it does not know
 * @returns `undefined` is a matter for the usage line
 */
export function readPerson<More extends object>(
  words: string[],
  readMore: (more: string[]) => More | undefined,
): ({ who: Who } & More) | Problem | undefined {
  const read = readOne(words.map(withoutBrackets), readMore);
  if (read && 'who' in read) return read;
  const named = fromUserName(words);
  const other = named && readOne(named, readMore);
  return other && 'who' in other ? other : read;
}

function readOne<More extends object>(
  words: string[],
  readMore: (more: string[]) => More | undefined,
): ({ who: Who } & More) | Problem | undefined {
  const items = splitList(words);
  const flat = items.flat().filter((word) => !BULLET.test(word));
  const start = startOf(flat, items.length === 1);
  const [first = '', ...rest] = flat.slice(start);
  const problem = notAPerson(first);
  const who = readWho(first);
  if (problem || !who) return problem;
  const others = [...flat.slice(0, start), ...rest].filter(looksLikeAPerson);
  if (others.some((other) => !isSame(readWho(other), who))) return { problem: ONE_AT_A_TIME };
  const left = rest.filter((word) => !others.includes(word));
  const hasName = items.length === 1 && looksLikeAPerson(first);
  const more = readMore(left) ?? (hasName ? readBehindName(left, readMore) : undefined);
  if (more) return { who, ...more };
  return items.length > 1 && start === 0 ? { problem: ONE_AT_A_TIME } : undefined;
}

/** In front of a line, or between two people. */
const BULLET = /^[-•·*+/&|]+$/;

/** What was copied with an address or a user name, and the number of a line in a list. */
const LABEL =
  /^(?:e-?mail|mail|upn|login|user|user-?name|user-?id|account|to|from|address|name|id|\d{1,2})$/i;

const withoutLabels = (words: string[]) => words.filter((word) => !LABEL.test(word));

/**
 * Where the person begins, behind the name before an address in brackets, or labels.
 * @param isOne whether the words are one item; in a list a name is somebody else's
 */
function startOf(words: string[], isOne: boolean): number {
  const bracketed = words.findIndex(isBracketed);
  if (bracketed >= 0) return bracketed;
  const start = Math.max(words.findIndex(looksLikeAPerson), 0);
  const before = withoutLabels(words.slice(0, start));
  return before.length === 0 || (isOne && isFullName(before)) ? start : 0;
}

/**
 * The words from a user name on that stands in brackets behind a name, or behind labels: read like that
 * only where they make no sense as they are, since any label may be a user name as well.
 */
export function fromUserName(words: string[]): string[] | undefined {
  if (words.some(looksLikeAPerson)) return undefined;
  const bracketed = words.findIndex(isBracketed);
  const name = withoutLabels(splitList(words.slice(0, Math.max(bracketed, 0))).flat());
  if (isFullName(name)) return words.slice(bracketed).map(withoutBrackets);
  const start = words.findIndex((word) => !LABEL.test(word));
  return start > 0 ? words.slice(start).map(withoutBrackets) : undefined;
}

const withoutBrackets = (word: string) =>
  isBracketed(word) && !looksLikeAPerson(word) ? word.slice(1, -1) : word;

/** `Grace Hopper` or `Ludwig van Beethoven`: a word alone, or in small letters, may be a user name. */
const isFullName = (words: string[]): boolean =>
  words.length > 1 &&
  words.every((word) => /^\p{L}[\p{L}\p{M}.'-]*$/u.test(word)) &&
  CAPITAL.test(words[0] ?? '') &&
  CAPITAL.test(words.at(-1) ?? '');

/** What stands behind the shortest name with which the rest makes sense. */
function readBehindName<More>(
  words: string[],
  readMore: (more: string[]) => More | undefined,
): More | undefined {
  for (let end = 2; end <= words.length; end += 1) {
    const more = isFullName(words.slice(0, end)) ? readMore(words.slice(end)) : undefined;
    if (more !== undefined) return more;
  }
  return undefined;
}

/** The word that names the person, if one does. */
function personIn(words: string[]): string {
  const named = words.filter((word) => !BULLET.test(word)).map(withoutBrackets);
  return named[startOf(named, true)] ?? '';
}

/** For an operation that takes a person and nothing else. */
export const nothingMore = (more: string[]) => (more.length === 0 ? {} : undefined);

const ONE_AT_A_TIME = sentence('One user at a time, please. Send the command once for each.');

const looksLikeAPerson = (word: string) => {
  const who = readWho(word);
  return who !== undefined && !('username' in who);
};

const isSame = (one: Who | undefined, other: Who) =>
  JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();

const PICK =
  'Type `@` and pick the person from the list that Slack shows, or type their e-mail address or SecurID user name, such as `jane@example.com`.';

const NOT_A_PERSON = {
  'a group': `That is a group of people. ${PICK}`,
  'a name': `Slack did not recognize that name. ${PICK}`,
  'an id': `That looks like a Slack id. ${PICK}`,
};

/** What to do about a word that only looks like somebody in Slack; nothing for any other word. */
function notAPerson(word: string): Problem | undefined {
  const what = readNobody(word);
  return what && { problem: sentence(NOT_A_PERSON[what]) };
}

/** Beyond doubt: by an address, a mention, or what only looks like one. */
export function namesAPerson(words: string[]): boolean {
  const word = personIn(words);
  const who = readWho(word);
  return (who !== undefined && !('username' in who)) || notAPerson(word) !== undefined;
}

/** How the audit trail names whom a look-up was about. */
const targetWords = (target: Target): string => Object.values(target).join('');

/** RSA has nobody with that key. */
function nobody(key: UserKey): Message {
  if ('email' in key) {
    return verbatimSentence(
      `SecurID has nobody with the e-mail address or user name ${key.email}. Check the spelling, or try their SecurID user name.`,
    );
  }
  const { username } = key;
  const other = looksLikeId(username)
    ? 'If it is a Slack id, type @ and pick the person from the list that Slack shows.'
    : 'Check the spelling, or try their e-mail address.';
  return verbatimSentence(`SecurID has nobody with the user name ${username}. ${other}`);
}
