import type { Call } from '../../desk/operation.ts';
import { nameOf } from '../../desk/user.ts';
import type { UserDetails } from '../../securid/index.ts';
import { paragraph, verbatimContext } from '../../slack/blocks.ts';
import type { Line } from '../../slack/digest.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';
import type { Change } from '../change/change.ts';
import type { Protection } from '../gate/protection.ts';
import type { GuardServices } from '../services.ts';

type About = { call: Call; approver: string | undefined };

/** What security reads, by what is known of the user. The others it does not hear of. */
const WHICH: Partial<Record<Protection | 'untold', string>> = {
  protected: 'This user is protected.',
  untold: 'SecurID Desk could not check whether this user is protected.',
};

/**
 * Tells SECURID_SECURITY_CHANNEL that a protected user's access was taken away, because attackers
 * lock out people whom they fail to impersonate. Never throws.
 */
export function createTellSecurity({ gate, securityDigest, securityChannel }: GuardServices) {
  return async (change: Change, user: UserDetails, about: About): Promise<void> => {
    if (!securityChannel) return;
    const which = WHICH[await gate.protectionOf(user)];
    if (which) securityDigest.add(line(change, user, { ...about, which }));
  };
}

function line(
  { words }: Change,
  user: UserDetails,
  { call, approver, which }: About & { which: string },
): Line {
  const by = approver ? `, approved by ${mentionUser(approver)}` : '';
  const text = `:shield: ${mentionUser(call.userId)} ${words.did}${by}. ${which}`;
  const { incident } = call;
  return {
    text,
    blocks: [paragraph(text), verbatimContext(`for ${nameOf(user)} · incident ${incident}`)],
    priority: 'change',
    kind: 'changes that took access away from protected users',
    incident,
  };
}
