import type { types } from '@slack/bolt';
import { followUp, withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import { hasRole } from '../../desk/roles.ts';
import type { UserKey } from '../../securid/index.ts';
import type { Message } from '../../slack/blocks.ts';
import type { GuardServices } from '../services.ts';
import { WHO_MAY } from './risk.ts';

type Services = Pick<GuardServices, 'changes' | 'slack'>;

/** A button that looks for somebody in the directory whom RSA does not have, if that is switched on. */
export async function directoryButton(
  { changes, slack }: Services,
  who: UserKey | undefined,
  { access }: Pick<Call, 'access'>,
): Promise<types.Button[]> {
  const change = changes.on.find(({ withoutRecord }) => withoutRecord === 'by key');
  if (!who || !change || !hasRole(access, WHO_MAY[change.risk])) return [];
  // In place of the message, so that a second press at once does nothing.
  const next = { operation: change.name, input: { who }, replace: true };
  return [await followUp(slack.seal, change.button, next)];
}

/** The answer if nobody was found, with that button. */
export const withDirectory = async (
  services: Services,
  { problem, nobody }: { problem: Message; nobody?: UserKey },
  call: Call,
): Promise<Message> => withButtons(problem, await directoryButton(services, nobody, call));
