import type { DeskServices } from '../desk/operation.ts';
import type { Digest } from '../slack/digest.ts';
import type { Store } from '../store/index.ts';
import type { State } from '../store/state.ts';
import type { Changes } from './change/changes.ts';
import type { KeptVerifications } from './form/kept-verification.ts';
import type { VerificationRules } from './form/verification.ts';
import type { ApprovalPolicy } from './gate/facts.ts';
import type { Gate } from './gate/gate.ts';
import type { Limits } from './limits/limits.ts';
import type { UsedCards } from './limits/used-cards.ts';
import type { Blocks } from './switches/blocked-users.ts';
import type { Lockdown } from './switches/lockdown.ts';
import type { Stops } from './switches/stops.ts';

export type GuardServices = DeskServices & {
  changes: Changes;
  gate: Gate;
  limits: Limits;
  usedCards: UsedCards;
  lockdown: Lockdown;
  /**
   * Users who reported a change. Until their block is lifted, they get nothing that gives access.
   */
  blocks: Blocks;
  /** What stops a change that has begun. */
  stops: Stops;
  verification: VerificationRules;
  keptVerifications: KeptVerifications;
  /** Shared by all instances. */
  store: Store;
  /** Whether other instances were there a moment ago. */
  areOthersThere: () => boolean;
  /** Kept across restarts. */
  state: State;
  /** When and where to ask for approval, and whom: user-group and user ids. */
  approval: { policy: ApprovalPolicy; channel: string | undefined; approvers: string[] };
  /** Gets the alerts about reported changes. */
  securityChannel: string | undefined;
  /** Gets a line for each row that is worth one. */
  auditChannel: string | undefined;
  /** Posts lines to that channel. */
  securityDigest: Digest;
};
