import type { PressHandler } from '../../desk/operation.ts';
import type { GuardServices } from '../services.ts';
import { Card, VERIFY } from './card.ts';
import * as view from './view.ts';

/** *Cancel*: uses the card up, so that no form which it opened before leads to a code. */
export const cancel =
  ({ seal, usedCards }: GuardServices): PressHandler =>
  async ({ value, reply, audit }) => {
    const { data: card } = Card.safeParse(await seal.open(VERIFY, value));
    // What was asked for already may stand there as a code by now.
    if (card && !(await usedCards.use(card.id))) {
      return reply(view.usedAlready(), { attempts: 1 });
    }
    if (card) await audit.note('cancelled', { target: card.userId, card: card.id });
    await reply(view.cancelled(), { replace: true });
  };
