import { z } from 'zod';
import { type Changes, EARLIER } from '../change/changes.ts';
import { Requested } from '../form/card.ts';
import type { ApprovalRequest } from './view.ts';

/** What is kept of a request, sealed, until an approver decides. */
export const Pending = z.object({
  request: Requested,
  agent: z.object({
    userId: z.string(),
    teamId: z.string().optional(),
    enterpriseId: z.string().optional(),
    homeId: z.string().optional(),
    channelId: z.string(),
    responseUrl: z.string(),
  }),
  incident: z.string(),
  until: z.number(),
  /** How many uses of the response URL are gone when an approver decides. */
  used: z.number().optional(),
});
export type Pending = z.output<typeof Pending>;

/** What earlier versions kept. They knew only one change and did not name it. */
const Unnamed = z.looseObject({
  request: z.looseObject({
    change: z.undefined().optional(),
    card: z.looseObject({}),
    verification: z.looseObject({ platform: z.string() }),
  }),
});

/** Also reads what an earlier version kept. */
export const PendingOfAnyVersion = z.preprocess((kept) => {
  const { data } = Unnamed.safeParse(kept);
  if (!data) return kept;
  const { card, verification } = data.request;
  const input = { platform: verification.platform };
  return {
    ...data,
    request: { ...data.request, change: EARLIER, card: { ...card, input }, input },
  };
}, Pending);

/** Uses of the agent's response URL before the decision; the answer needs the rest. */
export const WAITING_USES = 1;

/** Kept a minute longer, so that expiry can load it. In milliseconds. */
export const MARGIN = 60_000;

/** Keys in the store: of the request, and of the fact that it was decided. */
export const keyOf = (id: string) => `approval ${id}`;
export const decidedKeyOf = (id: string) => `decided approval ${id}`;

export const requestOf = (
  changes: Changes,
  { request, agent, incident, until }: Pending,
): ApprovalRequest => ({
  text: changes.textOf(request.change),
  input: request.input,
  options: request.card.options,
  name: request.card.name,
  agent: agent.userId,
  verification: request.verification,
  verified: request.verified,
  incident,
  until: new Date(until),
});
