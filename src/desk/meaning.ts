import { type Message, sentence } from '../slack/blocks.ts';
import { readIncident } from './failures.ts';
import { createSuggest, type Suggestion, searchesFor } from './nearest.ts';
import type { Named, Operation } from './operation.ts';
import { isFullName, namesAPerson } from './read-person.ts';
import { looksLikeSerial, splitList, splitWords } from './words.ts';

/** What a command means. */
export type Meaning =
  | { form: true }
  /**
   * `words` is `undefined` if the text cannot be a command. The searches are for a name in place of what leads
   * to one user.
   */
  | { operation: Operation; words: string[] | undefined; searches?: Suggestion[] }
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
  const namedBy = (words: string[]) =>
    operations.flatMap((operation) => {
      const found = operation.namedBy?.(words);
      return found ? [{ ...found, operation }] : [];
    });
  /** The one person or serial number among words that are not understood. */
  function among(words: string[]): Suggestion[] {
    const certain = words.flatMap((word) => (isCertain(word) ? namedBy([word]) : []));
    const [one, ...others] = certain.filter(({ how }) => how === 'beyond doubt');
    if (!one || others.length > 0 || typeof one.operation.typed(one.words) !== 'function')
      return [];
    return [{ operation: one.operation, name: one.operation.name, words: one.words }];
  }
  const listed = operations.filter(({ isUnlisted }) => !isUnlisted);
  const suggest = createSuggest(listed, find);
  function searches(operation: Operation, words: string[]): Suggestion[] {
    const isAboutUsers = operation.parts !== undefined || operation.args.startsWith('<who>');
    const items = splitList(words);
    const flat = items.flat();
    // `gokafor, alan` are two users.
    const isOne = items.length === 1 || isFullName(flat);
    const isRead = typeof operation.typed(words) === 'function';
    return isAboutUsers && isOne && !isRead ? searchesFor(listed, flat) : [];
  }

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
    if (operation) return { operation, words: typed && rest, searches: searches(operation, rest) };
    if (!typed) return { suggestions: [] };

    const words = [first, ...rest];
    const named = namedBy(words);
    const best = (wanted: Named['how']) => named.find(({ how }) => how === wanted);
    const meant = best('beyond doubt') ?? best('likely');
    if (meant) return meant;
    const incident = readIncident(words);
    if (incident !== undefined) return { sentence: anIncident(incident) };
    const suggestions = suggest(words);
    if (suggestions.length === 0) suggestions.push(...among(words));
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

const isCertain = (word: string) =>
  namesAPerson([word]) || looksLikeSerial(word) === 'hardly anything else';

/** The whole command was pasted. */
const withoutCommand = (words: string[]): string[] =>
  /^\/?securid$/i.test(words[0] ?? '') ? words.slice(1) : words;

const anIncident = (incident: string): Message =>
  sentence(
    `\`${incident}\` is an incident number. Your SecurID Desk administrator can find it in the log and in the audit trail.`,
  );
