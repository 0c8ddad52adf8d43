import type { types } from '@slack/bolt';
import type { Problem } from '../../desk/find-user.ts';
import { followUp, withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import { readPart } from '../../desk/part.ts';
import { hasRole } from '../../desk/roles.ts';
import { looksLikeId } from '../../desk/words.ts';
import type { UserKey } from '../../securid/index.ts';
import type { Message } from '../../slack/blocks.ts';
import type { Seal } from '../../slack/seal.ts';
import type { GuardServices } from '../services.ts';
import { WHO_MAY } from './risk.ts';

type Services = Pick<GuardServices, 'changes' | 'slack'>;

/** The answer if nobody was found, with what may find them. */
export async function nobodyFound(
  services: Services,
  { problem, nobody }: Problem,
  call: Pick<Call, 'access'>,
): Promise<Message> {
  if (!nobody) return problem;
  const buttons = await Promise.all([
    findButton(services.slack.seal, nobody),
    directoryButton(services, nobody, call),
  ]);
  return withButtons(problem, buttons);
}

/** Searches by what is most likely right: an address without its domain, a user name without that of Windows. */
async function findButton(seal: Seal, key: UserKey): Promise<types.Button | undefined> {
  const likely = 'email' in key ? key.email.replace(/@.*$/, '') : key.username.replace(/^.*\\/, '');
  const read = readPart([likely]);
  if ('problem' in read || looksLikeId(read.part)) return undefined;
  const { part } = read;
  return followUp(seal, `Find “${part}”`, { operation: 'find', input: { part } });
}

/** Looks for them in the directory, if that is switched on. */
async function directoryButton(
  { changes, slack }: Services,
  who: UserKey,
  { access }: Pick<Call, 'access'>,
): Promise<types.Button | undefined> {
  const change = changes.on.find(({ withoutRecord }) => withoutRecord === 'by key');
  if (!change || !hasRole(access, WHO_MAY[change.risk])) return undefined;
  // In place of the message, so that a second press at once does nothing.
  const next = { operation: change.name, input: { who }, replace: true };
  return followUp(slack.seal, change.button, next);
}
