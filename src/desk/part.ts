import type { UserDetails } from '../securid/index.ts';
import { readPerson } from './read-person.ts';
import { readWho } from './words.ts';

export type Unusable = 'several words' | 'one person' | 'too short';

/** Anything shorter fits nearly everybody. */
const SHORTEST = 2;

/** The part of an address to search for. A whole address is one, too. */
export function readPart(words: string[]): { part: string } | { problem: Unusable } {
  const person = readPerson(words, () => ({}));
  const who = person && 'who' in person ? person.who : undefined;
  if (who && 'email' in who) return { part: who.email };
  if (who && 'mention' in who) return { problem: 'one person' };
  const [word = '', ...more] = words;
  if (more.length > 0) return { problem: 'several words' };
  // People type @jane, and "jane" finds whatever "@jane" does.
  const part = word.replace(/^@+/, '');
  const letters = part.match(/[\p{L}\p{N}]/gu) ?? [];
  return letters.length < SHORTEST ? { problem: 'too short' } : { part };
}

/** Slack takes no longer value: https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const LONGEST = 150;

/**
 * What one would type to look this user up; `undefined` if nothing short enough leads to them. The choice
 * in the list carries it as it is: it gives whoever sends it no more than typing it would.
 */
export const wordFor = ({ emailAddress, ...user }: UserDetails): string | undefined =>
  [emailAddress, user.principalUsername, user.alternateUsername].find(
    (word): word is string => word !== undefined && word.length <= LONGEST && isRead(word),
  );

function isRead(word: string): boolean {
  const who = readWho(word);
  return (
    who !== undefined && ('email' in who || 'username' in who) && Object.values(who)[0] === word
  );
}
