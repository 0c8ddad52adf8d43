import type { Risk } from '../change/risk.ts';
import { METHOD, REASON, TICKET } from './card.ts';

/** What the form asks the agent to record, by the change's risk. */
export const ASKS: Record<Risk, readonly (typeof METHOD | typeof TICKET | typeof REASON)[]> = {
  /** No form at all: it is carried out at once. */
  refreshes: [],
  /** Whoever calls: taking access away must not wait for a verification. */
  protects: [TICKET, REASON],
  restores: [METHOD, TICKET, REASON],
  grants: [METHOD, TICKET, REASON],
};

/** Whether the agent has to verify the caller first. */
export const asksToVerify = ({ risk }: { risk: Risk }) => ASKS[risk].includes(METHOD);
