import { z } from 'zod';

/** `action_id`s of the confirmation card and of the message with the code. */
export const ISSUE = 'registration-code:issue';
export const CANCEL = 'registration-code:cancel';
export const HIDE = 'registration-code:hide';

/** `block_id`s of what the agent fills in. */
export const PLATFORM = 'platform';
export const REASON = 'reason';
export const TICKET = 'ticket';

/** Who the person is was true when the card was made; after this long it is asked again. */
export const CARD_LIFETIME = 10 * 60_000;

/** Longer than any message with a code stays. */
export const HIDE_LIFETIME = 30 * 60_000;

/** What *Issue code* carries, sealed. */
export const Card = z.object({
  /** Used once. */
  id: z.uuid(),
  key: z.union([z.strictObject({ email: z.string() }), z.strictObject({ username: z.string() })]),
  userId: z.string(),
  name: z.string(),
  /** The agent who asked for it, and the only one who may press it. */
  agent: z.string(),
});
export type Card = z.output<typeof Card>;

/** What the agent filled in on the card. */
export const Filled = z.object({
  [PLATFORM]: z.enum(['ios', 'android', 'windows', 'macos']),
  [REASON]: z.string().trim().min(1).max(300),
  [TICKET]: z.string().trim().max(60).optional(),
});
export type Filled = z.output<typeof Filled>;
