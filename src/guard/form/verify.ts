import { begin, guarded, refusalFor } from '../../desk/call.ts';
import { TOO_OLD } from '../../desk/failures.ts';
import type {
  PressListener,
  Submission,
  SubmissionHandler,
  SubmissionResult,
} from '../../desk/operation.ts';
import type { Arrival } from '../../desk/progress.ts';
import type { GuardServices } from '../services.ts';
import type { Ask } from './ask.ts';
import { Card, CHANGE_WITHIN, FORM_LIFETIME, Form, ISSUE, METHOD, VERIFY } from './card.ts';
import * as view from './view.ts';

/** The card's button: a modal in which the agent records how they verified the caller. */
export function verify({ seal, verification }: GuardServices): PressListener {
  return {
    role: 'agent',
    /** Needs neither Slack nor SecurID: the trigger lives three seconds, and both may be slow. */
    async modal({ value, userId, responseUrl, channelId }) {
      const card = await theirCard(value, userId);
      if (!card) return undefined;
      const sealed = await seal.close(ISSUE, { card, responseUrl, channelId }, FORM_LIFETIME);
      return view.verification(card, verification.methods, sealed);
    },
    async handle({ modalId, reply, value, userId }) {
      if (modalId) return;
      await reply(TOO_OLD, { replace: (await theirCard(value, userId)) === undefined });
    },
  };

  async function theirCard(value: string, userId: string): Promise<Card | undefined> {
    const { data: card } = Card.safeParse(await seal.open(VERIFY, value));
    return card?.agent === userId ? card : undefined;
  }
}

/** *Issue code* in the modal: what is wrong stands at the fields; then the code is asked for. */
export function submitVerification(services: GuardServices, ask: Ask): SubmissionHandler {
  const { seal, verification } = services;

  return async (submission: Submission): Promise<SubmissionResult> => {
    const { filled, privateMetadata, ...by } = submission;
    const { data: form } = Form.safeParse(await seal.open(ISSUE, privateMetadata));
    if (!form || form.card.agent !== by.userId) return { errors: { [METHOD]: view.FORM_TOO_OLD } };
    const reading = verification.read(filled);
    if ('errors' in reading) return reading;

    return {
      async go(arrival?: Arrival) {
        const { card, channelId, responseUrl } = form;
        const request = { what: ISSUE, ...by, channelId, responseUrl, arrival };
        const asFresh = { fresh: true, role: 'agent', patience: CHANGE_WITHIN } as const;
        const call = await begin(services, request, asFresh);
        await guarded(services, call, async () => {
          const refusal = refusalFor(services, call, 'agent');
          if (refusal) await call.reply(refusal);
          else await ask({ card, verification: reading.verification }, call);
        });
      },
    };
  };
}
