import type { Person } from '../slack/people.ts';
import { counted } from './words.ts';

type Flaw =
  | 'guest'
  | 'bot'
  | 'deactivated'
  | 'of another company'
  | 'in another workspace'
  | 'unknown';

export const FLAWS: Record<Flaw, string> = {
  guest: 'a guest',
  bot: 'a bot',
  deactivated: 'deactivated',
  'of another company': 'of another company',
  'in another workspace': 'in no workspace whose people may use the app',
  unknown: 'unknown to Slack',
};

/**
 * Why the app refuses somebody, whatever role they are given.
 * @param places the only workspaces whose people may use it; empty for all of the installation
 */
export function flawOf(person: Person | undefined, places: readonly string[]): Flaw | undefined {
  if (!person) return 'unknown';
  if (person.isDeactivated) return 'deactivated';
  if (person.isBot) return 'bot';
  if (person.isStranger) return 'of another company';
  if (person.isGuest) return 'guest';
  // Only Enterprise Grid says who is where.
  const { teamIds } = person;
  const isElsewhere = places.length > 0 && !teamIds.some((id) => places.includes(id));
  return teamIds.length > 0 && isElsewhere ? 'in another workspace' : undefined;
}

/** `2 guests, 1 deactivated`. */
export function tally(flaws: readonly Flaw[]): string {
  return [...new Set(flaws)]
    .map((flaw) => {
      const number = flaws.filter((one) => one === flaw).length;
      return flaw === 'guest' || flaw === 'bot' ? counted(number, flaw) : `${number} ${flaw}`;
    })
    .join(', ');
}
