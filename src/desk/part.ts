import type { UserDetails } from '../securid/index.ts';
import { isFullName, readPerson } from './read-person.ts';
import { LONGEST_EMAIL, readWho, splitList } from './words.ts';

export type Unusable =
  | 'several words'
  | 'one person'
  | 'nobody'
  | 'wildcards'
  | 'too short'
  | 'too long';

/** Anything shorter fits nearly everybody. */
const SHORTEST = 2;

/**
 * What people type around it: `@jane`, `jane%`, and Slack's markup. Without it, everybody is found whom
 * it would find.
 */
const DRESS = /^[@_~*%]+|[_~*%]+$/g;

/** The part of an address to search for. A whole address is one, too. */
export function readPart(words: string[]): { part: string } | { problem: Unusable } {
  const person = readPerson(words, () => ({}));
  const who = person && 'who' in person ? person.who : undefined;
  if (who && 'email' in who) return { part: who.email };
  if (who && 'mention' in who) return { problem: 'one person' };
  const [word = '', ...more] = splitList(words).flat();
  if (more.length > 0) return { problem: 'several words' };
  if (/^<[#!]/.test(word)) return { problem: 'nobody' };
  const part = word.replace(DRESS, '');
  if (/[*%?]/.test(part)) return { problem: 'wildcards' };
  if (part.length > LONGEST_EMAIL) return { problem: 'too long' };
  const letters = part.match(/[\p{L}\p{N}]/gu) ?? [];
  return letters.length < SHORTEST ? { problem: 'too short' } : { part };
}

/** First and last name, perhaps a middle one. */
const MOST_NAMES = 3;

/** A name's words, each of which may be in the address. None if the words are hardly a name. */
export function partsOfName(words: string[]): string[] {
  if (words.length > MOST_NAMES) return [];
  const isPlain = words.length === 2 && words.every((word) => /^\p{L}[\p{L}\p{M}']+$/u.test(word));
  return isPlain || isFullName(words) ? words.filter((word) => 'part' in readPart([word])) : [];
}

/** Slack takes no longer value: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const LONGEST = 150;

/**
 * What one would type to look each user up; `undefined` if nothing short enough leads to them alone. The choice
 * in the list carries it as it is: it gives whoever sends it no more than typing it would.
 */
export function wordsFor(users: readonly UserDetails[]): (string | undefined)[] {
  const all = users.map(namesOf);
  const isTheirs = (name: string) => all.filter((names) => hasName(names, name)).length === 1;
  return all.map((names) => names.find((name) => isUsable(name) && isTheirs(name)));
}

const namesOf = ({ emailAddress, principalUsername, alternateUsername }: UserDetails): string[] =>
  [emailAddress, principalUsername, alternateUsername].filter((name) => name !== undefined);

const hasName = (names: string[], wanted: string) =>
  names.some((name) => name.toLowerCase() === wanted.toLowerCase());

const isUsable = (word: string) => word.length <= LONGEST && isRead(word);

function isRead(word: string): boolean {
  const who = readWho(word);
  return (
    who !== undefined && ('email' in who || 'username' in who) && Object.values(who)[0] === word
  );
}
