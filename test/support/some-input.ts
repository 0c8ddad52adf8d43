import type { Change, Input } from '../../src/guard/change/change.ts';
import type { UserDetails } from '../../src/securid/index.ts';

/** What could be chosen in the fields whose options come from the card, by field. */
const CHOICES: Record<string, string> = {};

/** The first choice in each field, and what the user's record settles. */
export const someInput = ({ fields, settle }: Change, user: UserDetails): Input => ({
  ...Object.fromEntries(
    fields.map(({ id, options = {} }) => [id, CHOICES[id] ?? Object.keys(options)[0] ?? '']),
  ),
  ...settle(user),
});
