import { type Found, findUser } from '../../desk/find-user.ts';
import type { Call } from '../../desk/operation.ts';
import type { Who } from '../../desk/words.ts';
import type { HardwareToken } from '../../securid/index.ts';
import type { Message } from '../../slack/blocks.ts';
import type { Services } from '../services.ts';
import { isSame } from '../token-changes/token-change.ts';

/**
 * A token's owner. SecurID tells only an id and does not look users up by it, so the record is that of
 * somebody this app has seen, or whom the agent named.
 */
export type Owner = Found | { problem: Message } | 'somebody else' | 'unknown';

/** @param who whom the agent named, if anybody */
export async function ownerOf(
  services: Services,
  { userId }: HardwareToken,
  call: Call,
  who?: Who,
): Promise<Owner> {
  const named = who && !('userId' in who) ? who : undefined;
  const key = named ?? (userId === undefined ? undefined : services.names.keyOf(userId));
  if (!key || userId === undefined) return 'unknown';
  const found = await findUser(services, key, call);
  if ('problem' in found) return named ? found : 'unknown';
  void services.lookUps.found(found.user.id, call);
  if (isSame(found.user.id, userId)) return found;
  return named ? 'somebody else' : 'unknown';
}
