import { begin, guarded, refusalFor } from '../../desk/call.ts';
import { FORM_TOO_OLD, TOO_OLD } from '../../desk/failures.ts';
import type {
  PressListener,
  Submission,
  SubmissionHandler,
  SubmissionResult,
} from '../../desk/operation.ts';
import type { Arrival } from '../../desk/progress.ts';
import type { Change } from '../change/change.ts';
import { optionsOf } from '../change/fields.ts';
import { WHO_MAY } from '../change/risk.ts';
import type { GuardServices } from '../services.ts';
import type { Ask } from './ask.ts';
import { Card, CHANGE_WITHIN, FORM_LIFETIME, Form, idsOf, TICKET } from './card.ts';
import * as view from './view.ts';

/** The card's button: opens a modal in which the agent records how they verified the caller. */
export function verify(
  { verification, slack: { seal } }: GuardServices,
  change: Change,
): PressListener {
  const { card: purpose, form } = idsOf(change);
  return {
    role: [...WHO_MAY[change.risk]],
    /** Does not ask Slack or SecurID, because a trigger lives three seconds. */
    async modal({ value, userId, responseUrl, channelId }) {
      const card = await theirCard(value, userId);
      if (!card) return undefined;
      const sealed = await seal.close(form, { card, responseUrl, channelId }, FORM_LIFETIME);
      return view.verification(change, card, verification.methods, sealed);
    },
    async handle({ modalId, reply, value, userId }) {
      if (modalId) return;
      await reply(TOO_OLD, { replace: (await theirCard(value, userId)) === undefined });
    },
  };

  async function theirCard(value: string, userId: string): Promise<Card | undefined> {
    const { data: card } = Card.safeParse(await seal.open(purpose, value));
    return card?.agent === userId ? card : undefined;
  }
}

/** Handles the submitted modal: shows errors at its fields, or requests the change. */
export function submitVerification(
  services: GuardServices,
  change: Change,
  ask: Ask,
): SubmissionHandler {
  const { verification, clock } = services;
  const { seal } = services.slack;
  const { form: what } = idsOf(change);
  const role = [...WHO_MAY[change.risk]];

  return async (submission: Submission): Promise<SubmissionResult> => {
    const { filled, privateMetadata, ...by } = submission;
    const { data: form } = Form.safeParse(await seal.open(what, privateMetadata));
    if (!form || form.card.agent !== by.userId) return tooOld(filled);
    const { verified } = form.card;
    const before = verified && {
      ticket: verified.ticket,
      isOver: verified.until <= clock.now(),
    };
    const reading = verification.read(filled, change.risk, before);
    const completed = completedBy(change, form.card, filled);
    if ('errors' in reading || 'errors' in completed) {
      const errors = { ...('errors' in reading && reading.errors), ...inputErrors(completed) };
      return Object.keys(errors).length > 0 ? { errors } : tooOld(filled);
    }

    return {
      async go(arrival?: Arrival) {
        const { card, channelId, responseUrl } = form;
        const request = { what, ...by, channelId, responseUrl, arrival };
        const call = await begin(services, request, { fresh: true, role, patience: CHANGE_WITHIN });
        await guarded(services, call, async () => {
          const refusal = refusalFor(services, call, role);
          if (refusal) return call.reply(refusal);
          const { input } = completed;
          await ask({ change, card, input, verification: reading.verification }, call);
        });
      },
    };
  };
}

/** Slack can only show an error at a field that the form has. */
const tooOld = (filled: Submission['filled']) => ({
  errors: { [Object.keys(filled)[0] ?? TICKET]: FORM_TOO_OLD },
});

/** The input with what was chosen in the form: only what the form offered. */
function completedBy(change: Change, card: Card, filled: Submission['filled']): Completed {
  const given = { ...card.input };
  const missing: Record<string, string> = {};
  for (const field of change.fields) {
    const { id } = field;
    const options = optionsOf(field, card.options);
    if (!options) continue;
    delete given[id];
    const value = filled[id] ?? '';
    if (Object.hasOwn(options, value)) given[id] = value;
    else missing[id] = field.missing;
  }
  return Object.keys(missing).length > 0 ? { errors: missing } : change.complete(given);
}

type Completed = ReturnType<Change['complete']>;

const inputErrors = (completed: Completed) => ('errors' in completed ? completed.errors : {});
