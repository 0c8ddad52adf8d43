import { z } from 'zod';
import type { Who } from '../../desk/words.ts';
import type { Change } from '../change/change.ts';
import type { Moment } from './kept-in-store.ts';

/** `block_id`s of the fields that every change has. */
export const METHOD = 'method';
export const TICKET = 'ticket';
export const REASON = 'reason';

/**
 * A change's `action_id`s, its `callback_id`, and its seal purposes. They contain its name, so that
 * nothing of one change opens as another.
 */
export const idsOf = ({ name }: { name: string }) => ({
  verify: `${name}:verify`,
  cancel: `${name}:cancel`,
  hide: `${name}:hide`,
  approve: `${name}:approve`,
  deny: `${name}:deny`,
  /** The modal for the verification. Submitting it makes the change. */
  form: `${name}:form`,
  /** The modal for the reason of a denial. */
  denial: `${name}:denial`,
  /** Seal purposes: of the card's buttons, and of a kept request for approval. */
  card: `${name}:card`,
  approval: `${name}:approval`,
});

/** How long the user's record on the card is believed. */
export const CARD_LIFETIME = 10 * 60_000;

/**
 * From pressing the card's button. Slack lets a message be
 * replaced for half an hour, see `shown.ts`.
 */
export const FORM_LIFETIME = 10 * 60_000;

/** How long somebody may take to approve. */
export const APPROVAL_LIFETIME = 10 * 60_000;

/** With 2.5 s for the notice and 5 s for posting, the agent reads the answer within 20 s. */
export const CHANGE_WITHIN = 12_500;

/** Longer than any message shows a secret. */
export const HIDE_LIFETIME = 30 * 60_000;

/**
 * What the agent recorded: how they verified the caller, and why the change is needed; as much of it as the form
 * asks for.
 */
export const Verification = z.object({
  [METHOD]: z.string().optional(),
  [TICKET]: z.string().optional(),
  [REASON]: z.string().optional(),
});
export type Verification = z.output<typeof Verification>;

/** What the change needs to know besides the user, by field. */
export const Input = z.record(z.string(), z.string());

/** What the card's button carries, sealed. */
export const Card = z.object({
  /** Works once. */
  id: z.uuid(),
  key: z.union([z.strictObject({ email: z.string() }), z.strictObject({ username: z.string() })]),
  userId: z.string(),
  name: z.string(),
  /** The agent who asked for the card. Nobody else may use it. */
  agent: z.string(),
  /** The part of the input that is known so far. */
  input: Input,
  /** What the form lets the agent choose, where the card tells. */
  options: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  /** What the agent had filled in before the form failed; the next form shows it. */
  typed: Verification.optional(),
  needsApproval: z.boolean(),
  /** The agent's earlier verification of this caller, which counted when the card was made. */
  verified: z
    .object({ method: z.string(), ticket: z.string(), at: z.number(), until: z.number() })
    .optional(),
});
export type Card = z.output<typeof Card>;

/** What the modal carries, sealed. */
export const Form = z.object({
  card: Card,
  /** Of the button that opened the modal. It replaces the card. */
  responseUrl: z.string(),
  channelId: z.string(),
});

/** A request for a change, with everything that was recorded. */
export const Requested = z.object({
  /** The change's name. */
  change: z.string(),
  card: Card,
  input: Input,
  verification: Verification,
  /** The earlier change for which the caller was verified, if so, and how many seconds before. */
  verified: z.object({ incident: z.string(), age: z.number() }).optional(),
  /** Slack user id of the approver. */
  approver: z.string().optional(),
});

/** The same, with the change's declaration instead of its name. */
export type ChangeRequest = Omit<z.output<typeof Requested>, 'change'> & {
  change: Change;
  /** Whom *Try again* asks for, if not by the card's key. */
  who?: Who;
  /** When the caller was verified for it, if that was for this change and can count for the next. */
  moment?: Moment | undefined;
};

/** The request in its audit rows. */
export const onRecord = (request: ChangeRequest) => {
  const { card, input, verification, verified, approver } = request;
  return { target: card.userId, ...verification, verified, input, approver };
};

/** The request as it is kept. */
export const kept = ({
  change,
  moment: _,
  who: __,
  ...request
}: ChangeRequest): z.output<typeof Requested> => ({ ...request, change: change.name });
