import { z } from 'zod';
import { Platform } from '../../desk/platforms.ts';

/** `action_id`s of the confirmation card and of the message with the code. */
export const VERIFY = 'registration-code:verify';
export const CANCEL = 'registration-code:cancel';
export const HIDE = 'registration-code:hide';

/** `callback_id` of the modal in which the verification is recorded. Its submission issues the code. */
export const ISSUE = 'registration-code:issue';

/** `block_id`s of what the agent fills in there. */
export const METHOD = 'method';
export const TICKET = 'ticket';
export const REASON = 'reason';
export const PLATFORM = 'platform';

/** Who the person is was true when the card was made; after this long it is asked again. */
export const CARD_LIFETIME = 10 * 60_000;

/** From pressing the card's button on: Slack lets a message be replaced for half an hour, see `shown.ts`. */
export const FORM_LIFETIME = 10 * 60_000;

/** How long somebody may take to approve a code. */
export const APPROVAL_LIFETIME = 10 * 60_000;

/** With the 2.5 s that the notice may take and the 5 s of posting, the agent reads the code within 20 s. */
export const CHANGE_WITHIN = 12_500;

/** Longer than any message with a code stays. */
export const HIDE_LIFETIME = 30 * 60_000;

/** What an agent had filled in before the form failed: it stands in the next one. */
export const Typed = z.object({
  [METHOD]: z.string(),
  [TICKET]: z.string(),
  [REASON]: z.string(),
});
export type Typed = z.output<typeof Typed>;

/** What the card's button carries, sealed. */
export const Card = z.object({
  /** Used once. */
  id: z.uuid(),
  key: z.union([z.strictObject({ email: z.string() }), z.strictObject({ username: z.string() })]),
  userId: z.string(),
  name: z.string(),
  /** The agent who asked for it, and the only one who may press it. */
  agent: z.string(),
  platform: Platform.optional(),
  typed: Typed.optional(),
  needsApproval: z.boolean(),
});
export type Card = z.output<typeof Card>;

/** What the modal carries, sealed. */
export const Form = z.object({
  card: Card,
  /** Of the press that opened the modal: it replaces the card. */
  responseUrl: z.string(),
  channelId: z.string(),
});
export type Form = z.output<typeof Form>;

/** What the agent recorded: how they verified the caller, and why. */
export const Verification = z.object({
  [METHOD]: z.string(),
  [TICKET]: z.string(),
  [REASON]: z.string(),
  [PLATFORM]: Platform,
});
export type Verification = z.output<typeof Verification>;

/** Somebody asks for a code, with everything that was recorded. */
export const CodeRequest = z.object({
  card: Card,
  verification: Verification,
  /** Slack user id of the second person. */
  approver: z.string().optional(),
});
export type CodeRequest = z.output<typeof CodeRequest>;

/** What the rows of a change say of it. */
export function onRecord({ card, verification, approver }: CodeRequest) {
  const { platform, ...verified } = verification;
  return { target: card.userId, ...verified, input: { platform }, approver };
}
