import { AuditError } from '../../audit/index.ts';
import { registeredDevices } from '../../desk/devices.ts';
import { explanation, mayHelp, whyRefused, withIncident } from '../../desk/failures.ts';
import { withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { Asker } from '../../desk/roles.ts';
import { type RegistrationCode, SecurIDError, type UserDetails } from '../../securid/index.ts';
import { askAgain } from '../form/again.ts';
import { type CodeRequest, HIDE, HIDE_LIFETIME, onRecord } from '../form/card.ts';
import { refuse } from '../form/refuse.ts';
import * as view from '../form/view.ts';
import type { CodeUse } from '../limits/limits.ts';
import type { Tell } from '../notice/tell.ts';
import type { GuardServices } from '../services.ts';
import { REGISTRATION_CODE } from './registration-code.ts';
import type { Shown, ShownCodes } from './shown.ts';
import { createTurn, type Turn } from './turn.ts';

/** `approver` is the second person, where there was one. */
export type Issue = (
  request: CodeRequest,
  user: UserDetails,
  call: Call,
  approver?: Asker,
) => Promise<void>;

/** Asks SecurID once for what the gate let through, and replaces the card by the code. */
export function createIssue(services: GuardServices, shown: ShownCodes, tell: Tell): Issue {
  const { securid, limits, usedCards, seal } = services;

  return async (request, user, call, approver) => {
    const { card } = request;
    const use = countedAs(request, call);
    const full = await limits.take(use);
    if (full) return refuse(call, card, full);
    try {
      await call.reply(view.issuing(card.name), { replace: true, attempts: 1 });
    } catch (error) {
      // The code could not be shown either, so none is asked for.
      await Promise.all([limits.giveBack(use), usedCards.giveBack(card.id)]);
      const details = { ...onRecord(request), failure: 'Slack took no message' };
      await call.audit.of(REGISTRATION_CODE.name).note('not done', details);
      throw error;
    }
    const code = await askSecurID(request, user, call, approver);
    if (code) await show(code, request, user, call);
  };

  /** The code, unless the agent was told why there is none. */
  async function askSecurID(
    request: CodeRequest,
    user: UserDetails,
    call: Call,
    approver: Asker | undefined,
  ): Promise<RegistrationCode | undefined> {
    const { card, verification } = request;
    const details = { ...onRecord(request), card: card.id };
    const audit = call.audit.of(REGISTRATION_CODE.name);
    const turn = createTurn(services, {
      change: REGISTRATION_CODE,
      userId: card.userId,
      agent: call,
      approver,
      // On disk before SecurID is asked: what cannot be recorded is not done.
      record: () => audit.write('intent', details),
    });
    try {
      const options = { ...call.securid, user, atTurn: turn.atTurn };
      const { platform } = verification;
      const code = await Promise.race([
        securid.registrationCodes.issue(card.key, platform, options),
        turn.stopped,
      ]);
      call.log.info(details, 'registration code issued');
      await audit.note('done', details);
      return code;
    } catch (error) {
      await noCode(error, request, call, turn);
      return undefined;
    } finally {
      turn.end();
    }
  }

  /** Records how it ended, and tells the agent. */
  async function noCode(error: unknown, request: CodeRequest, call: Call, turn: Turn) {
    const { card } = request;
    const details = onRecord(request);
    const audit = call.audit.of(REGISTRATION_CODE.name);
    const refusal = turn.refusalIn(error);
    const outcome = turn.mayBeSent() && mayHaveHappened(error) ? 'unknown' : 'not done';
    turn.end();
    if (outcome === 'not done') await limits.giveBack(countedAs(request, call));
    if (refusal) {
      const failure = `stopped: ${refusal.rule}`;
      if (turn.isRecorded()) await audit.note(outcome, { ...details, failure });
      return refuse(call, card, refusal);
    }
    call.progress.outcome = 'failed';
    call.log.error({ ...details, err: error }, `registration code: ${outcome}`);
    if (error instanceof AuditError) {
      return call.reply(withIncident(view.NOT_RECORDED, call.incident), { replace: true });
    }
    await audit.note(outcome, { ...details, failure: failureWords(error) });
    const again = outcome === 'not done' && mayHelp(error) ? await askAgain(services, request) : [];
    const message = await whatHappened(error, outcome, request, call);
    await call.reply(withButtons(message, again), { replace: true });
  }

  async function show(
    code: RegistrationCode,
    { card, verification, approver }: CodeRequest,
    user: UserDetails,
    call: Call,
  ): Promise<void> {
    const told = await tell(user, { call, approver });
    const { name, userId: target } = card;
    const { incident, reply } = call;
    const { expiresAt, erasesBy } = shown.expiry(code.expirationDate);
    const hide = await seal.close(HIDE, { id: incident, name, target }, HIDE_LIFETIME);
    const { platform } = verification;
    const message = view.code({ code, name, platform, expiresAt, hide, told });
    const note: Shown['note'] = (event, reason) =>
      call.audit.of(REGISTRATION_CODE.name).note(event, { target, reason });
    // One use of the response URL is left for what erases it.
    const send = () => reply(message, { replace: true, spare: 1 });
    await shown.show({ id: incident, userId: target, name, reply, erasesBy, note }, send);
  }

  async function whatHappened(
    error: unknown,
    outcome: 'unknown' | 'not done',
    { card }: CodeRequest,
    call: Call,
  ) {
    if (outcome === 'unknown') return view.unknownOutcome(call.incident);
    if (!(error instanceof SecurIDError)) return explanation(error, call.incident);
    const { code, reason } = error;
    if (reason === 'DEVICE_ALREADY_REGISTERED') {
      const devices = await registeredDevices(services, card.userId, call);
      return view.alreadyRegistered(devices, call.incident);
    }
    if (code === 'UNAVAILABLE' || code === 'UNEXPECTED_RESPONSE') {
      return withIncident(view.NEVER_ASKED, call.incident);
    }
    if (code === 'REFUSED') return withIncident(whyRefused(error, view.REFUSALS), call.incident);
    return explanation(error, call.incident, 'No code was issued.');
  }
}

const countedAs = ({ card }: CodeRequest, { incident, userId: agentId }: Call): CodeUse => ({
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
