import type { Ownership } from '../../desk/identity/identities.ts';
import type { Access } from '../../desk/roles.ts';
import type { CallOptions, UserDetails } from '../../securid/index.ts';
import type { GuardedChange } from '../change/guarded.ts';
import type { Verification } from '../form/card.ts';
import type { Protection } from './protection.ts';
import type { Refusal } from './refusal.ts';

/** The agent and the user, as Slack and SecurID know them now. */
export type Application = {
  agentId: string;
  access: Access;
  user: UserDetails;
} & Pick<CallOptions, 'until' | 'lane'>;

/** The second person. */
export type Approver = { id: string; access: Access };

/** What was recorded before a change is made. */
export type Recorded = {
  /** Left out if only the approver is in question. */
  verification?: Verification;
  approver?: Approver | undefined;
};

/** For whom approval is required: protected users, everybody, or nobody. */
export type ApprovalPolicy = 'protected' | 'always' | 'never';

/** What happens if a rule about people cannot be checked because nobody matches. */
export type UnmatchedPolicy = 'approval' | 'refuse' | 'allow';

export type Policy = { approval: ApprovalPolicy; unmatched: UnmatchedPolicy };

/** What the rules know without asking. */
export type Given = {
  change: GuardedChange;
  /** False while there is only a card. */
  isRecorded: boolean;
  hasApprover: boolean;
  policy: Policy;
};

/** What is found out for the rules that need it. */
export type Found = {
  /** Whether they have a role that may ask for such a change, or approve it. */
  mayAsk: boolean;
  mayApprove: boolean;
  user: Pick<UserDetails, 'userStatus' | 'markDeleted'>;
  /** Whether the account is the agent's own. */
  ownership: Ownership;
  protection: Protection;
  approverIsAgent: boolean;
  /** Whether the account is the approver's own. */
  approverOwnership: Ownership;
  /** Whether SecurID knows the approver. */
  approverIsKnown: boolean;
  isLockdown: boolean;
  isOnHold: boolean;
  /** The limit that the change would exceed. */
  full: Refusal | undefined;
  /** Whether the agent has taken away so much access that an approver has to allow more. */
  isBeyondBudget: boolean;
  isVerified: boolean;
  /** Whether a ticket and a reason are recorded. */
  isExplained: boolean;
};

export type FactName = keyof Found;

export type Facts<Need extends FactName = FactName> = Given & Pick<Found, Need>;

/** How to find out each fact. Throws if the fact cannot be determined. */
export type Sources = { [Name in FactName]: () => Promise<Found[Name]> };

/** A rule about people that could not be checked, and why. */
export type Untold = 'own account' | Exclude<Protection, 'protected' | 'not protected'>;

/** The rules about people that cannot be checked because nobody matches. */
export function untoldIn({
  ownership,
  protection,
}: Pick<Found, 'ownership' | 'protection'>): Untold[] {
  const isTold = protection === 'protected' || protection === 'not protected';
  return [
    ...(ownership === 'cannot be told' ? (['own account'] as const) : []),
    ...(isTold ? [] : [protection]),
  ];
}
