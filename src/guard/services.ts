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
  /** For whom nothing is done that gives access, because they reported something. */
  blocks: Blocks;
  /** Stops what has begun. */
  stops: Stops;
  verification: VerificationRules;
  /** What all instances know. */
  store: Store;
  /** What outlives the process. */
  state: State;
  /** Where approval is asked for, and whom: user-group and user ids. */
  approval: { channel: string | undefined; approvers: string[] };
  /** Hears of changes that nobody asked for. */
  securityChannel: string | undefined;
  /** Reads each row that is worth a line. */
  auditChannel: string | undefined;
  /** Lines for that channel, as many as there may be. */
  securityDigest: Digest;
};
