import type { types } from '@slack/bolt';
import { followUp, rowOf } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import { hasRole } from '../../desk/roles.ts';
import type { HardwareToken } from '../../securid/index.ts';
import type { Services } from '../services.ts';

/** *Synchronize owner*, if it is switched on: SecurID answers with the owner's record. */
export async function synchronizeOwner(
  { guard, slack: { seal } }: Services,
  { userId }: HardwareToken,
  { access }: Call,
): Promise<types.ActionsBlock[]> {
  const sync = guard.commands.find(({ name }) => name === 'sync');
  if (!sync || userId === undefined || !hasRole(access, sync.role)) return [];
  const input = { who: { userId } };
  return rowOf(await followUp(seal, 'Synchronize owner', { operation: sync.name, input }));
}
