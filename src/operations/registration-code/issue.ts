import { type RegistrationCode, SecurIDError, type UserDetails } from '../../securid/index.ts';
import { explanation, withIncident } from '../failures.ts';
import type { Tell } from '../notice/tell.ts';
import type { Call, Services } from '../operation.ts';
import { type CodeRequest, HIDE, HIDE_LIFETIME } from './card.ts';
import { registeredDevices } from './handler.ts';
import type { CodeUse } from './limits.ts';
import { refuse } from './refuse.ts';
import type { Shown, ShownCodes } from './shown-codes.ts';
import { giveBack } from './used-cards.ts';
import * as view from './view.ts';

export type Issue = (request: CodeRequest, user: UserDetails, call: Call) => Promise<void>;

/** Asks SecurID once for what the gate let through, and replaces the card by the code. */
export function createIssue(services: Services, shown: ShownCodes, tell: Tell): Issue {
  const { securid, gate, limits, store, seal, clock } = services;

  return async (request, user, call) => {
    const { card } = request;
    const use = countedAs(request, call);
    const full = await limits.take(use);
    if (full) return refuse(call, card, full);
    try {
      await call.reply(view.issuing(card.name), { replace: true, attempts: 1 });
    } catch (error) {
      // The code could not be shown either, so none is asked for.
      await Promise.all([limits.giveBack(use), giveBack(store, card.id)]);
      const details = { target: card.userId, failure: 'Slack took no message' };
      await call.audit.note('not issued', details);
      throw error;
    }
    // Meanwhile Slack took its time, and whoever stops a code wants it stopped.
    const stop = await gate.stops(user);
    if (stop) {
      await limits.giveBack(use);
      return refuse(call, card, stop);
    }
    const code = await askSecurID(request, call);
    if (code) await show(code, request, user, call);
  };

  /** The code, unless the agent was told why there is none. */
  async function askSecurID(
    request: CodeRequest,
    call: Call,
  ): Promise<RegistrationCode | undefined> {
    const { card, verification, approver } = request;
    const details = { target: card.userId, ...verification, approver };
    const log = call.log.child(details);
    try {
      // On disk before SecurID is asked: what cannot be recorded is not done.
      await call.audit.write('intent', details);
    } catch (error) {
      call.course.outcome = 'failed';
      log.error({ err: error }, 'registration code not asked for');
      await limits.giveBack(countedAs(request, call));
      await call.reply(withIncident(view.NOT_RECORDED, call.incident), { replace: true });
      return undefined;
    }

    try {
      const code = await securid.registrationCodes.issue(card.key, verification.platform, call);
      log.info('registration code issued');
      await call.audit.note('issued', details);
      return code;
    } catch (error) {
      const outcome = mayHaveHappened(error) ? 'unknown' : 'not issued';
      call.course.outcome = 'failed';
      log.error({ err: error }, `registration code: ${outcome}`);
      if (outcome === 'not issued') await limits.giveBack(countedAs(request, call));
      await call.audit.note(outcome, { ...details, failure: failureWords(error) });
      await call.reply(await whatHappened(error, request, call), { replace: true });
      return undefined;
    }
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
    const erasesAt = shown.expiry(code.expirationDate, clock.now());
    const hide = await seal.close(HIDE, { id: incident, name, target }, HIDE_LIFETIME);
    const { platform } = verification;
    const message = view.code({ code, name, platform, erasesAt, hide, told });
    const note: Shown['note'] = (event) => call.audit.note(event, { target });
    // One use of the response URL is left for what erases it.
    const send = () => reply(message, { replace: true, spare: 1 });
    await shown.show({ id: incident, name, reply, erasesAt, note }, send);
  }

  async function whatHappened(error: unknown, { card }: CodeRequest, call: Call) {
    if (mayHaveHappened(error)) return view.unknownOutcome(call.incident);
    const { code, reason } = error as SecurIDError;
    if (reason === 'DEVICE_ALREADY_REGISTERED') {
      const devices = await registeredDevices(services, card.userId, call);
      return view.alreadyRegistered(devices, call.incident);
    }
    if (code === 'UNAVAILABLE' || code === 'UNEXPECTED_RESPONSE') {
      return withIncident(view.NEVER_ASKED, call.incident);
    }
    if (code === 'REFUSED') return explanation(error, call.incident);
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
