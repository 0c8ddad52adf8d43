import type { Clock } from '../../clock.ts';
import { type RegistrationCode, SecurIDError } from '../../securid/index.ts';
import { explanation, TOO_OLD, withIncident } from '../failures.ts';
import type { Press, PressHandler, Services } from '../operation.ts';
import { CARD_LIFETIME, Card, Filled, HIDE, HIDE_LIFETIME, ISSUE } from './card.ts';
import type { Refusal } from './gate.ts';
import { registeredDevices } from './handler.ts';
import type { ShownCodes } from './shown-codes.ts';
import * as view from './view.ts';

/** Remembers which cards were used, for as long as they could be used again. */
export function createUsedCards(clock: Clock) {
  const used = new Map<string, number>();
  return {
    /** False if this card was used before. */
    use(id: string): boolean {
      for (const [old, until] of used) if (until <= clock.now()) used.delete(old);
      if (used.has(id)) return false;
      used.set(id, clock.now() + CARD_LIFETIME);
      return true;
    },
    /** Nothing came of it. */
    giveBack: (id: string) => used.delete(id),
  };
}

export type UsedCards = ReturnType<typeof createUsedCards>;

/** *Issue code*: checks everything again, asks SecurID once, and replaces the card by the code. */
export function issue(services: Services, cards: UsedCards, shown: ShownCodes): PressHandler {
  const { limits } = services;

  return async (press) => {
    const sealed = await services.seal.open(ISSUE, press.value);
    const { data: card } = Card.safeParse(sealed);
    if (!card || card.agent !== press.userId) {
      await press.reply(TOO_OLD, { replace: card === undefined });
      return;
    }

    const { data: filled, error } = Filled.safeParse(press.filled);
    if (error) {
      const missing = error.issues.map(({ path }) => String(path[0]));
      // The card stays as it is, with what was filled in.
      await press.reply(view.fillIn(missing));
      return;
    }

    const refusal = await refusalNow(press, card);
    if (refusal === 'untold') return;
    if (refusal) return refuse(press, card, refusal);

    if (!cards.use(card.id)) {
      await press.reply(view.usedAlready());
      return;
    }
    const full = await limits.take(press.userId, card.userId);
    if (full) return refuse(press, card, full);
    try {
      await press.reply(view.issuing(card.name), { replace: true, attempts: 1 });
    } catch (error) {
      // The code could not be shown either, so none is asked for.
      cards.giveBack(card.id);
      await limits.giveBack(press.userId, card.userId);
      throw error;
    }
    await issueOnce(press, card, filled);
  };

  async function refuse(press: Press, card: Card, refusal: Refusal): Promise<void> {
    press.log.warn({ target: card.userId, refusal: refusal.rule }, 'refused');
    await press.audit.note('refusal', { target: card.userId, reason: refusal.rule });
    await press.reply(view.refused(refusal.sentence), { replace: true });
  }

  /** The card may be old: what it was allowed by is looked up again. */
  async function refusalNow(press: Press, card: Card): Promise<Refusal | 'untold' | undefined> {
    const { userId: agentId, standing, incident } = press;
    try {
      const user = await services.securid.users.find(card.key, press);
      if (user?.id !== card.userId) return OTHER_USER;
      return await services.gate.refusal({ agentId, standing, user }, { fresh: true });
    } catch (error) {
      press.log.error({ err: error, target: card.userId }, 'registration code not asked for');
      // The card stays, and may be pressed again.
      await press.reply(explanation(error, incident, 'No code was issued.'));
      return 'untold';
    }
  }

  async function issueOnce(press: Press, card: Card, filled: Filled): Promise<void> {
    const details = { target: card.userId, ...filled };
    const log = press.log.child(details);
    try {
      // On disk before SecurID is asked: what cannot be recorded is not done.
      await press.audit.write('intent', details);
    } catch (error) {
      log.error({ err: error }, 'registration code not asked for');
      await limits.giveBack(press.userId, card.userId);
      await press.reply(withIncident(view.NOT_RECORDED, press.incident), { replace: true });
      return;
    }

    let code: RegistrationCode;
    try {
      code = await services.securid.registrationCodes.issue(card.key, filled.platform, press);
    } catch (error) {
      const outcome = mayHaveHappened(error) ? 'unknown' : 'not issued';
      log.error({ err: error }, `registration code: ${outcome}`);
      if (outcome === 'not issued') await limits.giveBack(press.userId, card.userId);
      await press.audit.note(outcome, { ...details, failure: failureWords(error) });
      await press.reply(await whatHappened(error, press, card), { replace: true });
      return;
    }
    log.info('registration code issued');
    await press.audit.note('issued', details);
    await show(press, card, filled.platform, code);
  }

  async function show(
    press: Press,
    { name, userId: target }: Card,
    platform: view.Platform,
    code: RegistrationCode,
  ): Promise<void> {
    const { seal, clock } = services;
    const erasesAt = shown.expiry(code.expirationDate, clock.now());
    const hide = await seal.close(HIDE, { id: press.incident }, HIDE_LIFETIME);
    // Before it is sent: a message that Slack does not confirm may have arrived all the same.
    shown.add({
      id: press.incident,
      name,
      reply: press.reply,
      erasesAt,
      note: (event) => press.audit.note(event, { target }),
    });
    await press.reply(view.code({ code, name, platform, erasesAt, hide }), { replace: true });
  }

  async function whatHappened(error: unknown, press: Press, card: Card) {
    if (mayHaveHappened(error)) return view.unknownOutcome(press.incident);
    const { code, reason } = error as SecurIDError;
    if (reason === 'DEVICE_ALREADY_REGISTERED') {
      const devices = await registeredDevices(services, card.userId, press);
      return view.alreadyRegistered(devices, press.incident);
    }
    if (code === 'UNAVAILABLE' || code === 'UNEXPECTED_RESPONSE') {
      return withIncident(view.NEVER_ASKED, press.incident);
    }
    if (code === 'REFUSED') return explanation(error, press.incident);
    return explanation(error, press.incident, 'No code was issued.');
  }
}

const OTHER_USER: Refusal = {
  rule: 'the same user',
  sentence: 'SecurID has another user there by now, or none. Please type the command again.',
};

/** Without a usable answer to a request that left, nobody knows. */
function mayHaveHappened(error: unknown): boolean {
  if (!(error instanceof SecurIDError)) return true;
  return (error.code === 'UNAVAILABLE' || error.code === 'UNEXPECTED_RESPONSE') && error.sent;
}

const failureWords = (error: unknown) =>
  error instanceof SecurIDError
    ? [error.code, error.reason].filter(Boolean).join(': ')
    : 'a defect';
