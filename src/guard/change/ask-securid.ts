import { AuditError } from '../../audit/index.ts';
import { explanation, mayHelp, whyRefused, withIncident } from '../../desk/failures.ts';
import { withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { Asker } from '../../desk/roles.ts';
import { SecurIDError, type UserDetails } from '../../securid/index.ts';
import type { Message } from '../../slack/blocks.ts';
import { askAgain } from '../form/again.ts';
import { type ChangeRequest, onRecord } from '../form/card.ts';
import { refusalOf } from '../form/refuse.ts';
import type { Use } from '../limits/limits.ts';
import type { GuardServices } from '../services.ts';
import type { Performed } from './change.ts';
import { answerBy, lookAgain, type Seen } from './look-again.ts';
import { failureWords, mayHaveHappened } from './outcome.ts';
import { createTurn, type Turn } from './turn.ts';
import * as view from './view.ts';

/** What the rows add if the record was read again. */
const SEEN = 'in the record';
const NOT_SEEN = 'not in the record';

/** What was done, or what to tell the agent instead. */
type Outcome = { performed: Performed } | { instead: Message };

/**
 * Asks SecurID once, and records the outcome.
 * @param whole what *Try again* leads to, if the request is one step of it
 */
export type AskSecurID = (
  request: ChangeRequest,
  user: UserDetails,
  call: Call,
  approver: Asker | undefined,
  whole?: ChangeRequest,
) => Promise<Outcome>;

export function createAskSecurID(services: GuardServices): AskSecurID {
  const { securid, authenticatorApi, limits } = services;

  return async (request, user, call, approver, whole = request) => {
    const { change, card, input } = request;
    const details = { ...onRecord(request), card: card.id };
    const audit = call.audit.of(change.name);
    const turn = createTurn(services, {
      change,
      userId: card.userId,
      agent: call,
      approver,
      // On disk before SecurID is asked: without a record, nothing is changed.
      record: () => audit.write('intent', details),
    });
    try {
      const asked = { securid, authenticatorApi, user, key: card.key, input };
      const until = answerBy(request, call);
      const options = { ...call.securid, until, atTurn: turn.atTurn };
      const performed = await Promise.race([change.perform(asked, options), turn.stopped]);
      call.log.info(details, `${change.words.thing} ${change.words.done}`);
      await audit.note('done', details);
      return { performed };
    } catch (error) {
      const isUnknown = turn.mayBeSent() && mayHaveHappened(error);
      turn.end();
      const seen = isUnknown ? await lookAgain(services, request, user, call) : 'cannot be told';
      if (typeof seen === 'object') {
        call.log.warn({ ...details, err: error }, `${change.words.thing}: only the record says so`);
        await audit.note('done', { ...details, failure: failureWords(error, SEEN) });
        return { performed: seen.made };
      }
      return { instead: await notDone(error, request, call, { turn, isUnknown, seen, whole }) };
    } finally {
      turn.end();
    }
  };

  /** Records the failure, and says what happened. */
  async function notDone(
    error: unknown,
    request: ChangeRequest,
    call: Call,
    { turn, isUnknown, seen, whole }: Failed,
  ): Promise<Message> {
    const { change } = request;
    const details = onRecord(request);
    const audit = call.audit.of(change.name);
    const refusal = turn.refusalIn(error);
    const outcome = isUnknown ? 'unknown' : 'not done';
    if (outcome === 'not done') await limits.giveBack(countedAs(request, call));
    if (refusal) {
      const failure = `stopped: ${refusal.rule}`;
      if (turn.isRecorded()) await audit.note(outcome, { ...details, failure });
      return refusalOf(call, request, refusal);
    }
    call.progress.outcome = 'failed';
    call.log.error({ ...details, err: error }, `${change.words.thing}: ${outcome}`);
    if (error instanceof AuditError) {
      return withIncident(view.notRecorded(change), call.incident, error.symptom);
    }
    const failure = failureWords(error, seen === 'not seen' ? NOT_SEEN : undefined);
    await audit.note(outcome, { ...details, failure });
    const again = outcome === 'not done' && mayHelp(error) ? await askAgain(services, whole) : [];
    const message = isUnknown
      ? view.unknownOutcome(change, call.incident, seen === 'not seen')
      : await whatHappened(error, request, call, services);
    return withButtons(message, again);
  }
}

type Failed = { turn: Turn; isUnknown: boolean; seen: Seen; whole: ChangeRequest };

/** Certainly nothing was changed. */
async function whatHappened(
  error: unknown,
  { change, card, input }: ChangeRequest,
  call: Call,
  services: GuardServices,
) {
  if (!(error instanceof SecurIDError)) return explanation(error, call.incident);
  const { code, reason, network } = error;
  if (network) return explanation(error, call.incident, change.words.none);
  if (code === 'UNAVAILABLE' || code === 'UNEXPECTED_RESPONSE') {
    return withIncident(view.neverAsked(change), call.incident);
  }
  if (code === 'INVALID_REQUEST') {
    return withIncident(
      view.notAccepted(change),
      call.incident,
      'securid-does-not-take-the-request',
    );
  }
  if (code === 'NOT_FOUND') return withIncident(view.noLongerThere(change), call.incident);
  if (code === 'REFUSED') {
    const why = whyRefused(error, change.say.refusals);
    const asked = { reason: reason ?? '', userId: card.userId, key: card.key, input };
    const own = await change.explain(services, asked, call);
    return view.refusedByRSA({ why, own, incident: call.incident, symptom: error.symptom });
  }
  return explanation(error, call.incident, change.words.none);
}

/** What the limits count. */
export const countedAs = (
  { change, card }: ChangeRequest,
  { incident, userId: agentId }: Call,
): Use => ({
  change: change.name,
  incident,
  agentId,
  userId: card.userId,
});
