import type { DeskServices } from '../desk/operation.ts';
import type { Digest } from '../slack/digest.ts';
import type { Store } from '../store/index.ts';
import type { State } from '../store/state.ts';
import type { Changes } from './change/changes.ts';
import type { VerificationRules } from './form/verification.ts';
import type { Gate } from './gate/gate.ts';
import type { Limits } from './limits/limits.ts';
import type { UsedCards } from './limits/used-cards.ts';
import type { Blocks } from './switches/blocked-users.ts';
import type { Lockdown } from './switches/lockdown.ts';
import type { Stops } from './switches/stops.ts';

/** What the guard works with. */
export type GuardServices = DeskServices & {
  /** What can be changed. */
  changes: Changes;
  gate: Gate;
  limits: Limits;
  usedCards: UsedCards;
  lockdown: Lockdown;
  /** Users who reported a change and get nothing that gives access. */
  blocks: Blocks;
  /** Stops what has begun. */
  stops: Stops;
  verification: VerificationRules;
  /** What all instances know. */
  store: Store;
  /** What outlives the process. */
  state: State;
  /** Where to ask for approval, and whom: user-group and user ids. */
  approval: { channel: string | undefined; approvers: string[] };
  /** Gets the alerts about reported changes. */
  securityChannel: string | undefined;
  /** Gets a line for each row worth one. */
  auditChannel: string | undefined;
  /** Posts lines to that channel. */
  securityDigest: Digest;
};
