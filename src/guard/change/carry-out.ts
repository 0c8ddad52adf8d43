import { AuditError } from '../../audit/index.ts';
import { explanation, mayHelp, whyRefused, withIncident } from '../../desk/failures.ts';
import { withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { Asker } from '../../desk/roles.ts';
import { SecurIDError, type UserDetails } from '../../securid/index.ts';
import { askAgain } from '../form/again.ts';
import { type ChangeRequest, HIDE_LIFETIME, idsOf, onRecord } from '../form/card.ts';
import { refuse } from '../form/refuse.ts';
import * as view from '../form/view.ts';
import type { Use } from '../limits/limits.ts';
import type { Tell } from '../notice/tell.ts';
import type { GuardServices } from '../services.ts';
import type { Performed } from './change.ts';
import type { Shown, ShownSecrets } from './shown.ts';
import { createTurn, type Turn } from './turn.ts';

/** `approver` is the second person, where there was one. */
export type CarryOut = (
  request: ChangeRequest,
  user: UserDetails,
  call: Call,
  approver?: Asker,
) => Promise<void>;

/** Asks SecurID once for what the gate let through, and replaces the card by the answer. */
export function createCarryOut(services: GuardServices, shown: ShownSecrets, tell: Tell): CarryOut {
  const { securid, limits, usedCards } = services;
  const { seal } = services.slack;

  return async (request, user, call, approver) => {
    const { change, card } = request;
    const use = countedAs(request, call);
    const full = await limits.take(use);
    if (full) return refuse(call, request, full);
    try {
      await call.reply(view.asking(change, card.name), { replace: true, attempts: 1 });
    } catch (error) {
      // The answer could not be shown either, so nothing is asked for.
      await Promise.all([limits.giveBack(use), usedCards.giveBack(card.id)]);
      const details = { ...onRecord(request), failure: 'Slack took no message' };
      await call.audit.of(change.name).note('not done', details);
      throw error;
    }
    const performed = await askSecurID(request, user, call, approver);
    if (performed) await show(performed, request, user, call);
  };

  /** What came of it, unless the agent was told why nothing did. */
  async function askSecurID(
    request: ChangeRequest,
    user: UserDetails,
    call: Call,
    approver: Asker | undefined,
  ): Promise<Performed | undefined> {
    const { change, card, input } = request;
    const details = { ...onRecord(request), card: card.id };
    const audit = call.audit.of(change.name);
    const turn = createTurn(services, {
      change,
      userId: card.userId,
      agent: call,
      approver,
      // On disk before SecurID is asked: what cannot be recorded is not done.
      record: () => audit.write('intent', details),
    });
    try {
      const asked = { securid, user, key: card.key, input };
      const options = { ...call.securid, atTurn: turn.atTurn };
      const performed = await Promise.race([change.perform(asked, options), turn.stopped]);
      call.log.info(details, `${change.words.thing} ${change.words.done}`);
      await audit.note('done', details);
      return performed;
    } catch (error) {
      await notDone(error, request, call, turn);
      return undefined;
    } finally {
      turn.end();
    }
  }

  /** Records how it ended, and tells the agent. */
  async function notDone(error: unknown, request: ChangeRequest, call: Call, turn: Turn) {
    const { change } = request;
    const details = onRecord(request);
    const audit = call.audit.of(change.name);
    const refusal = turn.refusalIn(error);
    const outcome = turn.mayBeSent() && mayHaveHappened(error) ? 'unknown' : 'not done';
    turn.end();
    if (outcome === 'not done') await limits.giveBack(countedAs(request, call));
    if (refusal) {
      const failure = `stopped: ${refusal.rule}`;
      if (turn.isRecorded()) await audit.note(outcome, { ...details, failure });
      return refuse(call, request, refusal);
    }
    call.progress.outcome = 'failed';
    call.log.error({ ...details, err: error }, `${change.words.thing}: ${outcome}`);
    if (error instanceof AuditError) {
      return call.reply(withIncident(view.notRecorded(change), call.incident), { replace: true });
    }
    await audit.note(outcome, { ...details, failure: failureWords(error) });
    const again = outcome === 'not done' && mayHelp(error) ? await askAgain(services, request) : [];
    const message = await whatHappened(error, outcome, request, call);
    await call.reply(withButtons(message, again), { replace: true });
  }

  async function show(
    performed: Performed,
    request: ChangeRequest,
    user: UserDetails,
    call: Call,
  ): Promise<void> {
    const { change, card, approver } = request;
    const { name, userId: target } = card;
    const [told] = await Promise.all([
      tell(change, user, { call, approver }),
      readBack(performed, call),
    ]);
    const { incident, reply } = call;
    if (!change.isSecret) {
      const blocks = performed.blocks(name);
      return reply(view.done(change, { name, blocks, told }), { replace: true });
    }
    const { expiresAt, erasesBy } = shown.expiry(performed.expiresAt);
    const hide = await seal.close(
      idsOf(change).hide,
      { id: incident, name, target },
      HIDE_LIFETIME,
    );
    const blocks = performed.blocks(name, expiresAt);
    const message = view.done(change, { name, blocks, told, hide });
    const note: Shown['note'] = (event, reason) =>
      call.audit.of(change.name).note(event, { target, reason });
    // One use of the response URL is left for what erases it.
    const send = () => reply(message, { replace: true, spare: 1 });
    await shown.show({ id: incident, change, userId: target, name, reply, erasesBy, note }, send);
  }

  /** It was done: that its record cannot be read now only leaves it unconfirmed. */
  async function readBack(performed: Performed, call: Call): Promise<void> {
    await performed.readBack?.(call.securid).catch((error) => {
      call.log.warn({ err: error }, 'accepted, but the record could not be read');
    });
  }

  async function whatHappened(
    error: unknown,
    outcome: 'unknown' | 'not done',
    { change, card }: ChangeRequest,
    call: Call,
  ) {
    if (outcome === 'unknown') return view.unknownOutcome(change, call.incident);
    if (!(error instanceof SecurIDError)) return explanation(error, call.incident);
    const { code, reason } = error;
    if (code === 'UNAVAILABLE' || code === 'UNEXPECTED_RESPONSE') {
      return withIncident(view.neverAsked(change), call.incident);
    }
    if (code === 'REFUSED') {
      const why = whyRefused(error, change.say.refusals);
      const asked = { reason: reason ?? '', userId: card.userId };
      return view.refusedByRSA(why, await change.explain(services, asked, call), call.incident);
    }
    return explanation(error, call.incident, change.words.none);
  }
}

const countedAs = ({ change, card }: ChangeRequest, { incident, userId: agentId }: Call): Use => ({
  change: change.name,
  incident,
  agentId,
  userId: card.userId,
});

/** Without a usable answer to a request that left, nobody knows. */
function mayHaveHappened(error: unknown): boolean {
  if (!(error instanceof SecurIDError)) return true;
  return (error.code === 'UNAVAILABLE' || error.code === 'UNEXPECTED_RESPONSE') && error.sent;
}

const failureWords = (error: unknown) =>
  error instanceof SecurIDError
    ? [error.code, error.reason].filter(Boolean).join(': ')
    : 'a defect';
