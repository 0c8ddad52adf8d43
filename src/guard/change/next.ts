import { type Lead, leads } from '../../desk/leads.ts';
import type { Call } from '../../desk/operation.ts';
import { hasRole } from '../../desk/roles.ts';
import type { Block } from '../../slack/blocks.ts';
import type { GuardServices } from '../services.ts';
import { WHO_MAY } from './risk.ts';

/** Buttons for what usually comes next, without changes that are switched off or not for this person. */
export async function nextFor(
  { changes, slack }: Pick<GuardServices, 'changes' | 'slack'>,
  next: readonly Lead[],
  { access }: Pick<Call, 'access'>,
): Promise<Block[]> {
  const isOpen = ({ operation }: Lead) => {
    if (!changes.knows(operation)) return true;
    const change = changes.on.find(({ name }) => name === operation);
    return change !== undefined && hasRole(access, WHO_MAY[change.risk]);
  };
  return leads(slack.seal, next.filter(isOpen));
}
