import type { Call } from '../../desk/operation.ts';
import type { Asker } from '../../desk/roles.ts';
import type { UserDetails } from '../../securid/index.ts';
import { type ChangeRequest, onRecord } from '../form/card.ts';
import { refuse } from '../form/refuse.ts';
import { keepVerification } from '../form/verified-before.ts';
import * as view from '../form/view.ts';
import type { Tell } from '../notice/tell.ts';
import type { GuardServices } from '../services.ts';
import { countedAs, createAskSecurID } from './ask-securid.ts';
import { createShowDone } from './show-done.ts';
import type { ShownSecrets } from './shown.ts';

/** `approver` is the second person, if there was one. */
export type CarryOut = (
  request: ChangeRequest,
  user: UserDetails,
  call: Call,
  approver?: Asker,
) => Promise<void>;

/**
 * Asks SecurID once for the change that the gate allowed, and replaces the card with the answer.
 */
export function createCarryOut(services: GuardServices, shown: ShownSecrets, tell: Tell): CarryOut {
  const { limits, usedCards } = services;
  const askSecurID = createAskSecurID(services);
  const show = createShowDone(services, shown, tell);

  return async (asked, user, call, approver) => {
    const { change, card, input } = asked;
    // The record may have changed since the card was made. The rows tell what SecurID is asked for.
    const request = { ...asked, input: { ...input, ...change.settle(user, input) } };
    const use = countedAs(request, call);
    const full = await limits.take(use);
    if (full) return refuse(call, request, full);
    try {
      await call.reply(view.asking(change, card.name), { replace: true, attempts: 1 });
    } catch (error) {
      // If Slack does not accept messages, the answer could not be
      // shown either, so SecurID is not asked.
      await Promise.all([limits.giveBack(use), usedCards.giveBack(card.id)]);
      const details = { ...onRecord(request), failure: 'Slack took no message' };
      await call.audit.of(change.name).note('not done', details);
      throw error;
    }
    const outcome = await askSecurID(request, user, call, approver);
    if ('instead' in outcome) return call.reply(outcome.instead, { replace: true });
    await Promise.all([
      keepVerification(services, request, call),
      show(outcome.performed, request, user, call),
    ]);
  };
}
