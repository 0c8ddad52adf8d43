import { type Message, sentence } from '../slack/blocks.ts';
import { CAPITAL, isBracketed, LABEL, readNobody, readWho, splitList, type Who } from './words.ts';

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
  const flat = items.flat();
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
export const isFullName = (words: string[]): boolean =>
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
  const named = words.map(withoutBrackets);
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
