import type { Call } from '../../desk/operation.ts';
import type { Asker } from '../../desk/roles.ts';
import type { UserDetails } from '../../securid/index.ts';
import { type ChangeRequest, onRecord } from '../form/card.ts';
import { notCounted } from '../form/not-counted.ts';
import { refuse } from '../form/refuse.ts';
import { keepVerification } from '../form/verified-before.ts';
import type { Refusal } from '../gate/refusal.ts';
import type { Tell } from '../notice/tell.ts';
import type { GuardServices } from '../services.ts';
import { createAskSecurID } from './ask-securid.ts';
import type { Performed } from './change.ts';
import {
  createFirst,
  giveBackSteps,
  type StepDone,
  type Steps,
  stepsOf,
  takeSteps,
} from './first.ts';
import { createShowDone } from './show-done.ts';
import type { ShownSecrets } from './shown.ts';
import * as view from './view.ts';

/** `approver` is the second person, if there was one. */
export type CarryOut = (
  request: ChangeRequest,
  user: UserDetails,
  call: Call,
  approver?: Asker,
) => Promise<void>;

/**
 * Asks SecurID once for the change that the gate allowed, and replaces the card with the answer. If something has
 * to be done first, it is a step of its own.
 */
export function createCarryOut(services: GuardServices, shown: ShownSecrets, tell: Tell): CarryOut {
  const { usedCards } = services;
  const askSecurID = createAskSecurID(services);
  const takeFirst = createFirst(services, { askSecurID, tell });
  const show = createShowDone(services, shown, tell);

  /** If Slack does not accept messages, the answer could not be shown either, so SecurID is not asked. */
  async function sayAsking(request: ChangeRequest, steps: Steps, call: Call): Promise<void> {
    const { change, card } = request;
    try {
      const message = view.asking(change, card.name, steps.first?.change);
      await call.reply(message, { replace: true, attempts: 1 });
    } catch (error) {
      await Promise.all([giveBackSteps(services, steps, call), usedCards.giveBack(card.id)]);
      const details = { ...onRecord(request), failure: 'Slack took no message' };
      await call.audit.of(change.name).note('not done', details);
      throw error;
    }
  }

  return async (asked, user, call, approver) => {
    const { change, input } = asked;
    // The record may have changed since the card was made. The rows tell what SecurID is asked for.
    const whole = { ...asked, input: { ...input, ...change.settle(user, input) } };
    const steps = stepsOf(whole);
    let refusal: Refusal | undefined;
    try {
      refusal = await takeSteps(services, steps, call);
    } catch (error) {
      return notCounted(services, whole, call, error);
    }
    if (refusal) return refuse(call, whole, refusal);
    await sayAsking(whole, steps, call);

    const { first, last } = steps;
    const before = first && (await takeFirst(first, { whole, last }, user, call, approver));
    if (before && 'instead' in before) return call.reply(before.instead, { replace: true });

    // Once the first step is made, the verification counts, whatever becomes of the last.
    const [outcome] = await Promise.all([
      askSecurID(last, user, call, approver),
      first && keepVerification(services, first, call),
    ]);
    const done = await before?.done;
    if ('instead' in outcome) {
      const { instead } = outcome;
      const all = done && [...done.blocks, ...done.notice];
      const message = first && all ? view.afterStep(first.change, all, instead) : instead;
      return call.reply(message, { replace: true });
    }
    await Promise.all([
      keepVerification(services, whole, call),
      show(done ? withStep(outcome.performed, done) : outcome.performed, last, user, call),
    ]);
  };
}

/** What was done before is told below the answer; that the user was told, only once. */
const withStep = (performed: Performed, { blocks, notice, isTold }: StepDone): Performed => ({
  ...performed,
  blocks: (...to) => [...performed.blocks(...to), ...blocks, ...(isTold ? [] : notice)],
});
