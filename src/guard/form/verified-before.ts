import type { Call } from '../../desk/operation.ts';
import type { GuardServices } from '../services.ts';
import { asksToVerify } from './asks.ts';
import type { ChangeRequest } from './card.ts';
import type { Caller } from './kept-in-store.ts';
import type { NotKept } from './kept-verification.ts';

const callerOf = ({ card }: ChangeRequest): Caller => ({
  agentId: card.agent,
  userId: card.userId,
});

/**
 * The request with how the caller was verified: as the agent chose, or else as they did earlier in
 * the call. If that no longer counts, the request stays without a method, which the gate refuses.
 */
export async function withVerification(
  { keptVerifications, clock }: GuardServices,
  request: ChangeRequest,
): Promise<{ request: ChangeRequest; ended?: NotKept }> {
  const { change, verification } = request;
  if (!asksToVerify(change)) return { request };
  const caller = callerOf(request);
  if (verification.method !== undefined) {
    return { request: { ...request, moment: await keptVerifications.moment(caller.userId) } };
  }
  const { risk } = change;
  const { ticket = '' } = verification;
  const found = await keptVerifications.find(caller, { risk, ticket });
  if ('ended' in found) return { request, ended: found };
  const { method, incident, at } = found;
  const verified = { incident, age: Math.floor((clock.now() - at) / 1000) };
  return { request: { ...request, verification: { ...verification, method }, verified } };
}

/** Lets the verification that was recorded for this change count for the rest of the call. */
export async function keepVerification(
  { keptVerifications }: GuardServices,
  request: ChangeRequest,
  { incident }: Call,
): Promise<void> {
  const { change, verification, moment } = request;
  const { method, ticket } = verification;
  const { risk } = change;
  if (!moment || !method || !ticket || (risk !== 'restores' && risk !== 'grants')) return;
  await keptVerifications.keep(callerOf(request), { ...moment, risk, method, ticket, incident });
}

/** An approver denied a change: what they doubt must not count for another. */
export const endVerification = (
  { keptVerifications }: GuardServices,
  request: ChangeRequest,
): Promise<void> => keptVerifications.end(callerOf(request));
