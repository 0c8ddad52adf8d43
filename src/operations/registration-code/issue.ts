import type { Clock } from '../../clock.ts';
import { SecurIDError } from '../../securid/index.ts';
import { ReplyError } from '../../slack/reply.ts';
import { explanation, TOO_OLD, withIncident } from '../failures.ts';
import type { Press, PressHandler, Services } from '../operation.ts';
import { CARD_LIFETIME, Card, Filled, HIDE, HIDE_LIFETIME, ISSUE } from './card.ts';
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

    if (!cards.use(card.id)) {
      await press.reply(view.usedAlready());
      return;
    }
    try {
      await press.reply(view.issuing(card.name), { replace: true, attempts: 1 });
    } catch (error) {
      // The code could not be shown either, so none is asked for.
      cards.giveBack(card.id);
      throw error;
    }

    const { ticket, reason, platform } = filled;
    const log = press.log.child({ target: card.userId, platform, reason, ticket });
    await issueOnce({ ...press, log }, card, platform);
  };

  async function issueOnce(press: Press, card: Card, platform: view.Platform): Promise<void> {
    const { securid, clock } = services;
    try {
      const code = await securid.registrationCodes.issue(card.key, platform, press);
      const erasesAt = shown.expiry(code.expirationDate, clock.now());
      press.log.info('registration code issued');
      const hide = await services.seal.close(HIDE, { id: press.incident }, HIDE_LIFETIME);
      // Before it is sent: a message that Slack does not confirm may have arrived all the same.
      shown.add({ id: press.incident, name: card.name, reply: press.reply, erasesAt });
      await press.reply(view.code({ code, name: card.name, platform, erasesAt, hide }), {
        replace: true,
      });
    } catch (error) {
      if (error instanceof ReplyError) throw error;
      press.log.error({ err: error }, 'registration code not issued, or its outcome is unknown');
      await press.reply(await whatHappened(error, press, card), { replace: true });
    }
  }

  async function whatHappened(error: unknown, press: Press, card: Card) {
    if (!(error instanceof SecurIDError)) return view.unknownOutcome(press.incident);
    if (error.reason === 'DEVICE_ALREADY_REGISTERED') {
      const devices = await registeredDevices(services, card.userId, press);
      return view.alreadyRegistered(devices, press.incident);
    }
    const unknown = error.code === 'UNAVAILABLE' || error.code === 'UNEXPECTED_RESPONSE';
    if (unknown && error.sent) return view.unknownOutcome(press.incident);
    if (unknown) return withIncident(view.NEVER_ASKED, press.incident);
    if (error.code === 'REFUSED') return explanation(error, press.incident);
    return explanation(error, press.incident, 'No code was issued.');
  }
}
