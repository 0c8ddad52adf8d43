import type { Call } from '../../desk/operation.ts';
import { paragraph, verbatimContext } from '../../slack/blocks.ts';
import type { Line } from '../../slack/digest.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';
import type { ChangeRequest } from '../form/card.ts';
import type { GuardServices } from '../services.ts';

/**
 * Runs a change that nobody had to approve, and tells SECURID_SECURITY_CHANNEL if it was beyond what somebody
 * may take away on their own: then there was nobody to ask.
 */
export async function tellingBeyondBudget(
  { limits, securityDigest }: Pick<GuardServices, 'limits' | 'securityDigest'>,
  { change, card }: ChangeRequest,
  call: Call,
  run: () => Promise<void>,
): Promise<void> {
  const use = { change: change.name, agentId: call.userId, userId: card.userId };
  const isBeyond =
    change.risk === 'protects' && (await limits.isBeyondBudget(use).catch(() => false));
  await run();
  if (isBeyond) securityDigest.add(line(card.name, call));
}

function line(name: string, { userId, incident }: Call): Line {
  const text = `:shield: ${mentionUser(userId)} has taken away access more often within an hour than they may on their own, and nobody could be asked to approve it. If that is not meant to be, take their role away.`;
  return {
    text,
    blocks: [paragraph(text), verbatimContext(`last for ${name} · incident ${incident}`)],
    priority: 'change',
    kind: 'changes beyond what somebody may take away on their own',
    incident,
  };
}
