import type { Input } from '../../src/guard/change/asked.ts';
import type { Change } from '../../src/guard/change/change.ts';
import type { UserDetails } from '../../src/securid/index.ts';

/** What could be chosen in the fields whose options come from the card, by field. */
const CHOICES: Record<string, string> = { device: '#4711 iPhone (iOS 18.1)' };

export const SOME_SERIAL = '000000900001';

export const SOME_CREDENTIAL = 'Ab-_9';

/** What changes are given by the cards and commands that lead to them, by their switch. */
const GIVEN: Record<string, Input> = {
  token: { serial: SOME_SERIAL },
  fido: { credential: SOME_CREDENTIAL, name: 'Security key' },
};

/** What is given, what a report tells, the first choice in each field, and what the user's record settles. */
export const someInput = (
  { fields, settle, switchedBy, onAlert }: Change,
  user: UserDetails,
): Input => ({
  ...GIVEN[switchedBy],
  ...onAlert?.input?.({ at: 0 }),
  ...Object.fromEntries(
    fields.map(({ id, options = {} }) => [id, CHOICES[id] ?? Object.keys(options)[0] ?? '']),
  ),
  ...settle(user),
});
