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

/** How RSA finds somebody: by a key, or by the id that it gave them. */
export type Target = UserKey | { userId: string };

/** A user's record and the key that found it. A change may use only this key. */
export type Found = { user: UserDetails; key: UserKey };

/**
 * Resolves a Slack mention to the e-mail address in that person's Slack profile; anything else stays as it
 * is.
 * @returns a problem if Slack has no address that can be trusted
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

/** Looks a user up and records it. Returns a problem for the asker if there is none. */
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

/** The one person who has any of these addresses. */
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
 * An address that nobody has as e-mail may be a user name, since userPrincipalNames look like addresses. One
 * person's may be another's address, so the key says which it was.
 */
async function findByKey(securid: SecurID, key: UserKey, call: Call): Promise<Found | undefined> {
  const user = await securid.users.find(key, call.securid);
  if (user) return { user, key };
  if (!('email' in key)) return undefined;
  const username = { username: key.email };
  const named = await securid.users.find(username, call.securid).catch((error) => {
    // A tenant may reject it as a user name, which means that nobody was found.
    if (error instanceof SecurIDError && error.code === 'INVALID_REQUEST') return undefined;
    throw error;
  });
  return named && { user: named, key: username };
}

/** Adds a note if the user was found by a user name that looks like an address. */
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
 * @param readMore `undefined` for unknown words
 * @returns `undefined` means: show the usage line
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

/** List marks, before a line or between people. */
const BULLET = /^[-•·*+/&|]+$/;

/** Labels copied with an address or a user name, and list numbers. */
const LABEL =
  /^(?:e-?mail|mail|upn|login|user|user-?name|user-?id|account|to|from|address|name|id|\d{1,2})$/i;

const withoutLabels = (words: string[]) => words.filter((word) => !LABEL.test(word));

/**
 * Where the person begins, after labels or a name before an address in brackets.
 * @param isOne whether the words are one item; in a list, a name may be another person's
 */
function startOf(words: string[], isOne: boolean): number {
  const bracketed = words.findIndex(isBracketed);
  if (bracketed >= 0) return bracketed;
  const start = Math.max(words.findIndex(looksLikeAPerson), 0);
  const before = withoutLabels(words.slice(0, start));
  return before.length === 0 || (isOne && isFullName(before)) ? start : 0;
}

/**
 * The words from the user name on, after a name in brackets or labels. Only used if the words make no sense
 * as they are, since any label may be a user name.
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

/** `Grace Hopper` or `Ludwig van Beethoven`; a single or lower-case word may be a user name. */
const isFullName = (words: string[]): boolean =>
  words.length > 1 &&
  words.every((word) => /^\p{L}[\p{L}\p{M}.'-]*$/u.test(word)) &&
  CAPITAL.test(words[0] ?? '') &&
  CAPITAL.test(words.at(-1) ?? '');

/** The rest after the shortest name that lets it make sense. */
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

/** The word that names the person, if any. */
function personIn(words: string[]): string {
  const named = words.filter((word) => !BULLET.test(word)).map(withoutBrackets);
  return named[startOf(named, true)] ?? '';
}

/** For operations that take only a person. */
export const nothingMore = (more: string[]) => (more.length === 0 ? {} : undefined);

const ONE_AT_A_TIME = sentence('One user at a time, please.');

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

/** What to do about a word that only looks like a Slack mention; otherwise `undefined`. */
function notAPerson(word: string): Problem | undefined {
  const what = readNobody(word);
  return what && { problem: sentence(NOT_A_PERSON[what]) };
}

/** Certainly a person: an address, a mention, or what looks like one. */
export function namesAPerson(words: string[]): boolean {
  const word = personIn(words);
  const who = readWho(word);
  return (who !== undefined && !('username' in who)) || notAPerson(word) !== undefined;
}

/** How the audit trail names the person looked up. */
const targetWords = (target: Target): string => Object.values(target).join('');

/** RSA has no user with that key. */
function nobody(key: UserKey): Message {
  if ('email' in key) {
    return verbatimSentence(
      `SecurID has no user with the e-mail address or user name ${key.email}. Check the spelling, or try their SecurID user name.`,
    );
  }
  const { username } = key;
  const other = looksLikeId(username)
    ? 'If it is a Slack id, type @ and pick the person from the list that Slack shows.'
    : 'Check the spelling, or try their e-mail address.';
  return verbatimSentence(`SecurID has no user with the user name ${username}. ${other}`);
}
