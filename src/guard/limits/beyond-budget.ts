import type { Call } from '../../desk/operation.ts';
import { paragraph, verbatimContext } from '../../slack/blocks.ts';
import type { Line } from '../../slack/digest.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';
import type { ChangeRequest } from '../form/card.ts';
import type { GuardServices } from '../services.ts';

/** The ways of a change that no rule refuses: without a second person, with one, or not at all if nobody can tell. */
type Ways = {
  run: () => Promise<void>;
  ask: () => Promise<void>;
  notCounted: (error: unknown) => Promise<void>;
};

/**
 * Runs a change that nobody had to approve when it was judged. Of several at once, only as many as somebody may
 * make on their own run like this: for the others an approver is asked. If nobody can be asked, they run, and
 * SECURID_SECURITY_CHANNEL is told.
 */
export async function runOnBudget(
  { limits, approval, securityDigest }: Wiring,
  { change, card }: ChangeRequest,
  call: Call,
  { run, ask, notCounted }: Ways,
): Promise<void> {
  if (change.risk !== 'protects') return run();
  const { userId: agentId, incident } = call;
  const use = { change: change.name, incident, agentId, userId: card.userId };
  let isBeyond: boolean;
  try {
    isBeyond = await limits.takeBudget(use);
  } catch (error) {
    return notCounted(error);
  }
  if (isBeyond && approval.policy !== 'never') return ask();
  await run();
  if (isBeyond) securityDigest.add(line(card.name, call));
}

type Wiring = Pick<GuardServices, 'limits' | 'approval' | 'securityDigest'>;

function line(name: string, { userId, incident }: Call): Line {
  const text = `:shield: ${mentionUser(userId)} has taken away access more often within an hour than they may on their own, and nobody could be asked to approve it. If this is not intended, take their role away.`;
  return {
    text,
    blocks: [paragraph(text), verbatimContext(`last for ${name} · incident ${incident}`)],
    priority: 'change',
    kind: 'changes beyond what somebody may take away on their own',
    incident,
  };
}
