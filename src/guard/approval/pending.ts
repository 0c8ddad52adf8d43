import { z } from 'zod';
import { CodeRequest } from '../form/card.ts';
import type { ApprovalRequest } from './view.ts';

/** What is kept of a request, sealed, until somebody decides. */
export const Pending = z.object({
  request: CodeRequest,
  agent: z.object({
    userId: z.string(),
    teamId: z.string().optional(),
    enterpriseId: z.string().optional(),
    channelId: z.string(),
    responseUrl: z.string(),
  }),
  incident: z.string(),
  until: z.number(),
  /** How many uses of the response URL are gone by the time somebody decides. */
  used: z.number().optional(),
});
export type Pending = z.output<typeof Pending>;

/** Of the agent's response URL, until somebody decides: the code and its end need the others. */
export const WAITING_USES = 1;

/** Where it is kept in the store, and where it stands that somebody decided it. */
export const keyOf = (id: string) => `approval ${id}`;
export const decidedKeyOf = (id: string) => `decided approval ${id}`;

export const requestOf = ({ request, agent, incident, until }: Pending): ApprovalRequest => ({
  name: request.card.name,
  agent: agent.userId,
  verification: request.verification,
  incident,
  until: new Date(until),
});
