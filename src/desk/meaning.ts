import { closest, distance } from 'fastest-levenshtein';
import { type Message, sentence } from '../slack/blocks.ts';
import { readIncident } from './failures.ts';
import type { Named, Operation } from './operation.ts';
import { namesAPerson } from './read-person.ts';
import { splitList, splitWords } from './words.ts';

/** A possible meaning: an operation under one of its names, and the words after it. */
export type Suggestion = { operation: Operation; name: string; words: string[] };

/** What a command means. */
export type Meaning =
  | { form: true }
  /** `words` is `undefined` if the text cannot be a command. */
  | { operation: Operation; words: string[] | undefined }
  /** A single word, perhaps a user name. The suggestions are for people who may not look users up. */
  | { guess: Operation; words: string[]; suggestions: Suggestion[] }
  | { sentence: Message }
  | { suggestions: Suggestion[] };

/** Finds the operation by its name, or by what the words name. */
export function createMeaning(operations: Operation[]): (text: string) => Meaning {
  const find = (word = '') => {
    const name = word.toLowerCase();
    return operations.find((one) => one.name === name || one.aliases.includes(name));
  };
  const listed = operations.filter(({ isUnlisted }) => !isUnlisted);
  const names = listed.flatMap(({ name, aliases }) => [name, ...aliases]);
  const reads = (operation: Operation, words: string[]) =>
    typeof operation.typed(words) === 'function';

  /** The name was mistyped, comes after its argument, or is missing. */
  function suggest(words: string[]): Suggestion[] {
    const [first = '', ...rest] = words;
    const name = near(first, names);
    const mistyped = find(name);
    if (name !== undefined && mistyped && !isRatherAName(words, name, mistyped)) {
      return [{ operation: mistyped, name, words: rest }];
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
  const isRatherAName = ([word = '', ...rest]: string[], name: string, operation: Operation) =>
    rest.length === 0 && !reads(operation, []) && distance(word.toLowerCase(), name) > 1;

  return (text) => {
    const typed = splitWords(text);
    // Text that is not a command may still begin like one; then its usage line helps most.
    const [first = '', ...rest] = typed
      ? withoutCommand(typed)
      : text.trim().slice(0, 40).split(/\s/, 1);
    if (first === '') return { form: true };
    const operation = find(first);
    const claimant = typed && listed.find((one) => one.claims?.([first, ...rest]));
    if (claimant && claimant !== operation) return { operation: claimant, words: [first, ...rest] };
    if (operation) return { operation, words: typed && rest };
    if (!typed) return { suggestions: [] };

    const words = [first, ...rest];
    const named = operations.flatMap((one) => {
      const found = one.namedBy?.(words);
      return found ? [{ ...found, operation: one }] : [];
    });
    const best = (wanted: Named['how']) => named.find(({ how }) => how === wanted);
    const meant = best('beyond doubt') ?? best('likely');
    if (meant) return meant;
    const incident = readIncident(words);
    if (incident !== undefined) return { sentence: anIncident(incident) };
    const suggestions = suggest(words);
    const guess = best('a guess');
    if (!guess) return { suggestions };
    if (suggestions.length === 0)
      return { guess: guess.operation, words: guess.words, suggestions };
    const { operation: guessed } = guess;
    const others = suggestions.filter(({ operation }) => operation !== guessed);
    return {
      suggestions: [...others, { operation: guessed, name: guessed.name, words: guess.words }],
    };
  };
}

/** The whole command was pasted, or the text begins with a comma. */
function withoutCommand(words: string[]): string[] {
  const all =
    splitList(words).length > 0 ? words.slice(words.findIndex((word) => word !== ',')) : [];
  return /^\/?securid$/i.test(all[0] ?? '') ? all.slice(1) : all;
}

/** The nearest name, if it is close enough to be a typo. */
function near(word: string, names: string[]): string | undefined {
  const typed = word.toLowerCase();
  const nearest = closest(
    typed,
    names.filter((name) => name !== '?'),
  );
  return distance(typed, nearest) <= Math.max(2, nearest.length / 3) ? nearest : undefined;
}

const anIncident = (incident: string): Message =>
  sentence(
    `\`${incident}\` is an incident number. Whoever runs SecurID Desk finds it in the log and in the audit trail.`,
  );
