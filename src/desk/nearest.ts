import { closest, distance } from 'fastest-levenshtein';
import type { Operation } from './operation.ts';
import { isFullName, namesAPerson } from './read-person.ts';
import { splitList } from './words.ts';

/** A possible meaning: an operation under one of its names, and the words after it. */
export type Suggestion = {
  operation: Operation;
  name: string;
  words: string[];
  /** The words are a part of somebody's name. */
  isPart?: true;
};

/** Searches for the parts of a name, if the words are one. */
export const searchesFor = (listed: readonly Operation[], words: string[]): Suggestion[] =>
  listed.flatMap((operation) =>
    (operation.parts?.(words) ?? []).map(
      (part): Suggestion => ({ operation, name: operation.name, words: [part], isPart: true }),
    ),
  );

/**
 * What words may mean that are no command.
 * @param find the operation of that name
 */
export function createSuggest(
  listed: readonly Operation[],
  find: (word?: string) => Operation | undefined,
): (words: string[]) => Suggestion[] {
  const names = listed.flatMap(({ name, aliases }) => [name, ...aliases]);
  const reads = (operation: Operation, words: string[]) =>
    typeof operation.typed(words) === 'function';

  /** The name was mistyped, comes after its argument, or is missing; or the words name somebody. */
  function suggest(words: string[]): Suggestion[] {
    const commands = suggestCommands(words);
    const flat = splitList(words).flat();
    if (commands.length > 0 && !isFullName(flat)) return commands;
    return [...searchesFor(listed, flat), ...commands];
  }

  function suggestCommands(words: string[]): Suggestion[] {
    const [first = '', ...rest] = words;
    const name = near(first, names);
    const mistyped = find(name);
    if (name !== undefined && mistyped && !isRatherAName(words, name, mistyped)) {
      const right = [name, ...withBehindHyphen(first, name, rest, mistyped)];
      const claimant = listed.find((one) => one.claims?.(right));
      if (claimant) return [{ operation: claimant, name: claimant.name, words: right }];
      return [{ operation: mistyped, name, words: right.slice(1) }];
    }

    const at = words.findIndex((word) => find(word));
    const behind = find(words[at]);
    const others = words.filter((_, index) => index !== at);
    if (behind && reads(behind, others)) {
      return [{ operation: behind, name: behind.name, words: others }];
    }
    if (!words.some((word) => namesAPerson([word]))) return [];
    return listed
      .filter((operation) => operation.args !== '' && reads(operation, words))
      .map((operation) => ({ operation, name: operation.name, words }));
  }

  /** Many first names are two letters away from a command: Linda from `find`. */
  const isRatherAName = (words: string[], name: string, operation: Operation) =>
    (words.length === 1 ? !reads(operation, []) : isFullName(splitList(words).flat())) &&
    typosIn(words[0] ?? '', name) > 1;

  /** `token-disable 000000900001` says what to do with the token, `emergency-code jane` nothing more. */
  function withBehindHyphen(first: string, name: string, rest: string[], operation: Operation) {
    const [head, ...more] = first.toLowerCase().split(/[-_]/);
    const behind = [...more, ...rest];
    return head === name && more.length > 0 && reads(operation, behind) ? behind : rest;
  }

  return suggest;
}

/** The nearest name, if it is close enough to be a typo, or the one that was begun or continued. */
function near(word: string, names: string[]): string | undefined {
  const typed = word.toLowerCase();
  const known = names.filter((name) => name !== '?');
  const nearest = closest(typed, known);
  const most = typed.length < SHORT ? 1 : Math.max(2, nearest.length / 3);
  if (distance(typed, nearest) <= most) return nearest;
  return known.find(
    (name) => typed.startsWith(name) || (typed.length >= SHORT - 1 && name.startsWith(typed)),
  );
}

/** Two typos turn a word shorter than this into nearly any other. */
const SHORT = 4;

/** Two letters that changed places are one typo. */
function typosIn(word: string, name: string): number {
  const typed = word.toLowerCase();
  const isSwapped = [...typed.slice(1)].some(
    (letter, at) => typed.slice(0, at) + letter + typed[at] + typed.slice(at + 2) === name,
  );
  return isSwapped ? 1 : distance(typed, name);
}
