import { z } from 'zod';

/** A code that was issued, as far as a report of it has to tell. */
export const Issued = z.object({
  /** The name of the change; versions before had one. */
  change: z.string().default('code'),
  /** SecurID user id. */
  target: z.string(),
  name: z.string(),
  /** Their e-mail address in SecurID. */
  email: z.string().optional(),
  /** Slack user id of whom it was issued for. */
  person: z.string(),
  /** Slack user id of who issued it. */
  agent: z.string(),
  /** Slack user id of the second person, where there was one. */
  approver: z.string().optional(),
  incident: z.string(),
  /** In milliseconds since 1970. */
  at: z.number(),
});
export type Issued = z.output<typeof Issued>;
