import { z } from 'zod';
import type { Change } from '../change/change.ts';

/** `block_id`s of what the agent fills in, whatever the change. */
export const METHOD = 'method';
export const TICKET = 'ticket';
export const REASON = 'reason';

/**
 * The `action_id`s and the `callback_id` of a change, and what its values are sealed for. They are its own,
 * so that nothing of one change opens as another.
 */
export const idsOf = ({ name }: { name: string }) => ({
  verify: `${name}:verify`,
  cancel: `${name}:cancel`,
  hide: `${name}:hide`,
  approve: `${name}:approve`,
  deny: `${name}:deny`,
  /** The modal in which the verification is recorded. Its submission makes the change. */
  form: `${name}:form`,
  /** Seals: what the card's buttons carry, and what is kept of a request for approval. */
  card: `${name}:card`,
  approval: `${name}:approval`,
});

/** Who the person is was true when the card was made; after this long it is asked again. */
export const CARD_LIFETIME = 10 * 60_000;

/** From pressing the card's button on: Slack lets a message be replaced for half an hour, see `shown.ts`. */
export const FORM_LIFETIME = 10 * 60_000;

/** How long somebody may take to approve. */
export const APPROVAL_LIFETIME = 10 * 60_000;

/** With the 2.5 s that the notice may take and the 5 s of posting, the agent reads the answer within 20 s. */
export const CHANGE_WITHIN = 12_500;

/** Longer than any message with a secret stays. */
export const HIDE_LIFETIME = 30 * 60_000;

/** What the agent recorded: how they verified the caller, and why. */
export const Verification = z.object({
  [METHOD]: z.string(),
  [TICKET]: z.string(),
  [REASON]: z.string(),
});
export type Verification = z.output<typeof Verification>;

/** What the change needs to know besides the person, by field. */
export const Input = z.record(z.string(), z.string());

/** What the card's button carries, sealed. */
export const Card = z.object({
  /** Works once. */
  id: z.uuid(),
  key: z.union([z.strictObject({ email: z.string() }), z.strictObject({ username: z.string() })]),
  userId: z.string(),
  name: z.string(),
  /** The agent who asked for it, and the only one who may press it. */
  agent: z.string(),
  /** What is known of the input so far. */
  input: Input,
  /** What an agent had filled in before the form failed: it stands in the next one. */
  typed: Verification.optional(),
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

/** Somebody asks for a change, with everything that was recorded. */
export const Requested = z.object({
  /** The change's name. */
  change: z.string(),
  card: Card,
  input: Input,
  verification: Verification,
  /** Slack user id of the second person. */
  approver: z.string().optional(),
});

/** The same, with the declaration in place of its name. */
export type ChangeRequest = Omit<z.output<typeof Requested>, 'change'> & { change: Change };

/** What its rows say of it. */
export const onRecord = ({ card, input, verification, approver }: ChangeRequest) => ({
  target: card.userId,
  ...verification,
  input,
  approver,
});

/** As it is kept. */
export const kept = ({ change, ...request }: ChangeRequest): z.output<typeof Requested> => ({
  ...request,
  change: change.name,
});
