import { followUp, withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import { looksLikeId } from '../../desk/words.ts';
import { directoryButton } from '../../guard/change/directory.ts';
import type { UserKey } from '../../securid/index.ts';
import type { Message } from '../../slack/blocks.ts';
import type { Services } from '../services.ts';
import { readPart } from './part.ts';

/** The answer if nobody was found, with what may find them. */
export async function nobodyFound(
  services: Services,
  { problem, nobody }: { problem: Message; nobody?: UserKey },
  call: Call,
): Promise<Message> {
  const { changes } = services.guard;
  const looking = await directoryButton({ ...services, changes }, nobody, call);
  const read = nobody && readPart([partOf(nobody)]);
  if (!read || 'problem' in read || looksLikeId(read.part)) {
    return withButtons(problem, looking);
  }
  const { part } = read;
  const button = await followUp(services.slack.seal, `Find “${part}”`, {
    operation: 'find',
    input: { part },
  });
  return withButtons(problem, [button, ...looking]);
}

/** What is most likely right: an address without its domain, or a user name without that of Windows. */
const partOf = (key: UserKey) =>
  'email' in key ? key.email.replace(/@.*$/, '') : key.username.replace(/^.*\\/, '');
