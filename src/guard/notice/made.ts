import { z } from 'zod';
import { EARLIER } from '../change/changes.ts';

/** What a report needs to know of a change that was made. */
export const Made = z.object({
  change: z.string().default(EARLIER),
  /** SecurID user id. */
  target: z.string(),
  name: z.string(),
  /** The user's e-mail address in SecurID. */
  email: z.string().optional(),
  /** Slack user id of the user. */
  person: z.string(),
  /** Slack user id of the agent. */
  agent: z.string(),
  /** Slack user id of the approver, if there was one. */
  approver: z.string().optional(),
  incident: z.string(),
  /** In milliseconds since 1970. */
  at: z.number(),
});
export type Made = z.output<typeof Made>;
