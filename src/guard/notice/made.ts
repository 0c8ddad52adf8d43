import { z } from 'zod';
import { EARLIER } from '../change/changes.ts';

/** A change that was made, as far as a report of it has to tell. */
export const Made = z.object({
  /** Its name. */
  change: z.string().default(EARLIER),
  /** SecurID user id. */
  target: z.string(),
  name: z.string(),
  /** Their e-mail address in SecurID. */
  email: z.string().optional(),
  /** Slack user id of whom it was made for. */
  person: z.string(),
  /** Slack user id of who made it. */
  agent: z.string(),
  /** Slack user id of the second person, where there was one. */
  approver: z.string().optional(),
  incident: z.string(),
  /** In milliseconds since 1970. */
  at: z.number(),
});
export type Made = z.output<typeof Made>;
