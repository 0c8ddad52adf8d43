import type { Ownership } from '../../desk/identity/identities.ts';
import type { Access } from '../../desk/roles.ts';
import type { CallOptions, UserDetails } from '../../securid/index.ts';
import type { GuardedChange } from '../change/guarded.ts';
import type { Verification } from '../form/card.ts';
import type { Protection } from './protection.ts';
import type { Refusal } from './refusal.ts';

/** Who asks for a change, and for whom, as Slack and SecurID know them now. */
export type Application = {
  agentId: string;
  access: Access;
  user: UserDetails;
} & Pick<CallOptions, 'until' | 'lane'>;

/** The second person. */
export type Approver = { id: string; access: Access };

/** What was recorded by the time a change is to be made. */
export type Recorded = {
  /** Left out where only the approver is in question. */
  verification?: Verification;
  approver?: Approver | undefined;
};

/** For whom a second person is asked: for protected users, for everybody, or for nobody. */
export type ApprovalPolicy = 'protected' | 'always' | 'never';

/** What happens where a rule about people cannot be told because nobody matches. */
export type UnmatchedPolicy = 'approval' | 'refuse' | 'allow';

export type Policy = { approval: ApprovalPolicy; unmatched: UnmatchedPolicy };

/** What the rules know without finding anything out. */
export type Given = {
  change: GuardedChange;
  /** Not yet, while there is only a card. */
  isRecorded: boolean;
  hasApprover: boolean;
  policy: Policy;
};

/** What is found out for the rules that need it. */
export type Found = {
  /** Whether they have a role that may ask for such a change, or approve one. */
  mayAsk: boolean;
  mayApprove: boolean;
  user: Pick<UserDetails, 'userStatus' | 'markDeleted'>;
  /** Whose account it is to the agent. */
  ownership: Ownership;
  protection: Protection;
  approverIsAgent: boolean;
  /** Whose account it is to the second person. */
  approverOwnership: Ownership;
  /** Whether SecurID knows the second person. */
  approverIsKnown: boolean;
  isLockdown: boolean;
  isOnHold: boolean;
  /** The limit that the change would break. */
  full: Refusal | undefined;
  /** Whether the agent took away so much access that a second person has to approve more. */
  isBeyondBudget: boolean;
  isVerified: boolean;
  /** Whether a ticket and a reason are recorded. */
  isExplained: boolean;
};

export type FactName = keyof Found;

/** What a rule goes by. */
export type Facts<Need extends FactName = FactName> = Given & Pick<Found, Need>;

/** How each fact is found out. One that cannot be told throws. */
export type Sources = { [Name in FactName]: () => Promise<Found[Name]> };

/** A rule about people that cannot be told, and why. */
export type Untold = 'own account' | Exclude<Protection, 'protected' | 'not protected'>;

/** The rules about people that cannot be told because nobody matches. */
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
