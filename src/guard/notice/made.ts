import { z } from 'zod';
import { type Seal, sealForButton } from '../../slack/seal.ts';
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

/**
 * Seals it, or a report of it, for the buttons of a message: without the user's address if that is too long,
 * since a report blocks the user all the same.
 */
export function sealMade(
  seal: Seal,
  purpose: string,
  made: Made,
  lifetime: number,
): Promise<string | undefined> {
  const { email: _, ...least } = made;
  return sealForButton(seal, purpose, [made, least], lifetime);
}
