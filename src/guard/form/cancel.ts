import type { PressHandler } from '../../desk/operation.ts';
import type { Change } from '../change/change.ts';
import type { GuardServices } from '../services.ts';
import { Card, idsOf } from './card.ts';
import * as view from './view.ts';

/** *Cancel*: uses up the card, so that forms opened from it no longer work. */
export const cancel =
  ({ usedCards, slack: { seal } }: GuardServices, change: Change): PressHandler =>
  async ({ value, reply, audit }) => {
    const { data: card } = Card.safeParse(await seal.open(idsOf(change).card, value));
    // The change may have been requested already, and its answer may stand here by now.
    if (card && !(await usedCards.use(card.id))) {
      return reply(view.usedAlready(change), { attempts: 1 });
    }
    if (card) await audit.note('cancelled', { target: card.userId, card: card.id });
    await reply(view.canceled(change), { replace: true });
  };
