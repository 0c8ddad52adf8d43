import { namesAPerson, nothingMore, readPerson } from '../../desk/read-person.ts';
import { COMMA, readSerial, readSerials, type Who } from '../../desk/words.ts';
import type { Message } from '../../slack/blocks.ts';
import type { TokenChangeName } from '../token-changes/names.ts';
import * as view from './view.ts';

/** What was typed: which token, and what to do with it, for whom. */
type Read = { serial: string; change?: TokenChangeName; who?: Who };
type Problem = { problem: Message };

const VERBS: Record<string, TokenChangeName> = {
  assign: 'assign',
  unassign: 'unassign',
  'un-assign': 'unassign',
  enable: 'enable',
  disable: 'disable',
};

/** `clear PIN`, in the ways that people write it; also after it was joined to one word. */
const CLEAR_PIN =
  /^(?:(?:clear|reset|delete)[-_ ]?(?:the |their )?[-_]?pin|pin[-_ ]?(?:clear|reset))$/i;

/** Words that only join the others. */
const JOINS = new Set('to for from of the token'.split(' '));

/** Where the change is named: from which word, and how many. */
type Named = { change: TokenChangeName; at: number; length: number };

function changesIn(words: readonly string[]): Named[] {
  return words.flatMap((word, at): Named[] => {
    const change = Object.hasOwn(VERBS, word.toLowerCase()) && VERBS[word.toLowerCase()];
    if (change) return [{ change, at, length: 1 }];
    // The longest first: `clear the PIN` is more than `clear`.
    const length = [3, 2, 1].find(
      (count) =>
        at + count <= words.length && CLEAR_PIN.test(words.slice(at, at + count).join(' ')),
    );
    return length === undefined ? [] : [{ change: 'clear-pin', at, length }];
  });
}

/** Whether the words name a token and a change of it, without the word `token`. */
export const namesAChange = (words: readonly string[]): boolean => {
  const read = readToken(words);
  return read !== undefined && !('problem' in read) && read.change !== undefined;
};

/** A serial number as printed on a SecurID 700, which nobody has for a user name. */
const PRINTED = /^0\d{11}$/;

/**
 * Whether `disable …` and `enable …`, which are also for users, are about a token: they say so, or have a
 * serial number that nobody takes for a user name.
 */
export const claimsChange = ([verb = '', ...rest]: readonly string[]): boolean =>
  Object.hasOwn(VERBS, verb.toLowerCase()) &&
  rest.some((word) => /^token$/i.test(word) || PRINTED.test(readSerial([word]) ?? '')) &&
  namesAChange([verb, ...rest]);

/**
 * A serial number, and the change and the person before or behind it, in any order.
 * @returns `undefined` means: show the usage line
 */
export function readToken(words: readonly string[]): Read | Problem | undefined {
  if (words.length === 0) return undefined;
  const [named, ...others] = changesIn(words);
  if (!named) return readOnlySerial(words);
  if (others.some(({ change }) => change !== named.change)) return { problem: view.oneChange() };
  const before = withoutEdges(words.slice(0, named.at).filter(isMore));
  const after = withoutEdges(words.slice(named.at + named.length).filter(isMore));
  const { serials, rest } = parted(before, after);
  const [serial, ...more] = serials;
  if (more.length > 0) return { problem: view.oneAtATime() };
  if (!serial) return { problem: view.noSerial() };
  if (rest.length === 0) return { serial, change: named.change };
  const person = readPerson(rest, nothingMore);
  if (!person || 'problem' in person) return person;
  return { serial, change: named.change, who: person.who };
}

const isMore = (word: string) => !JOINS.has(word.toLowerCase());

/** Without the commas before and behind them: `000000900001; disable`. */
function withoutEdges(words: string[]): string[] {
  const isWord = (word: string) => word !== COMMA;
  return words.slice(Math.max(words.findIndex(isWord), 0), words.findLastIndex(isWord) + 1);
}

function readOnlySerial(words: readonly string[]): Read | Problem | undefined {
  const [serial, ...more] = readSerials([...words]);
  if (more.length > 0) return { problem: view.oneAtATime() };
  if (serial) return { serial };
  if (namesAPerson([...words])) return { problem: view.aPerson() };
  // The serial number is right, and the change is not: `000000900001 disabel`.
  const isUnknownChange = onOneSide(withoutEdges([...words])).serials.length > 0;
  return isUnknownChange ? undefined : { problem: view.noSerial() };
}

type Parted = { serials: string[]; rest: string[] };

/** The serial number is on one side of the change and the person on the other, or both are on the same. */
function parted(before: string[], after: string[]): Parted {
  for (const [own, other] of [
    [before, after],
    [after, before],
  ] as const) {
    const serials = own.length > 0 && !startsWithWhole(own) ? readSerials(own) : [];
    if (serials.length > 0) return { serials, rest: other };
  }
  return onOneSide([...before, ...after]);
}

/** The length of a SecurID 700's serial number. */
const WHOLE = 12;
const isWhole = (word = '') => readSerial([word])?.length === WHOLE;

/** A whole serial number and something else, such as a user name of digits. */
const startsWithWhole = (words: string[]) =>
  words.length > 1 && isWhole(words[0]) && !words.slice(1).some((word) => isWhole(word));

function onOneSide(words: string[]): Parted {
  const [first = '', ...others] = words;
  if (isWhole(first)) return { serials: readSerials([first]), rest: others };
  for (let count = words.length; count > 0; count -= 1) {
    for (const start of [0, words.length - count]) {
      const serials = readSerials(words.slice(start, start + count));
      const rest = [...words.slice(0, start), ...words.slice(start + count)];
      if (serials.length > 0) return { serials, rest };
    }
  }
  return { serials: [], rest: words };
}
