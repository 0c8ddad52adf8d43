import type { Listeners, Operation, Services } from '../operation.ts';
import { CANCEL, HIDE, ISSUE } from './card.ts';
import { registrationCode } from './handler.ts';
import { createUsedCards, issue } from './issue.ts';
import { createShownCodes } from './shown-codes.ts';
import * as view from './view.ts';

/** The registration code: the command, the buttons of its card, and the erasing. */
export function createRegistrationCode(services: Services): {
  operation: Operation;
  listeners: Listeners;
  /** Erases every code that is still on somebody's screen. */
  stop(): Promise<void>;
} {
  const shown = createShownCodes(services.clock, services.log);
  const cards = createUsedCards(services.clock);

  return {
    operation: registrationCode(services),
    listeners: {
      presses: {
        [ISSUE]: { role: 'agent', fresh: true, handle: issue(services, cards, shown) },
        [CANCEL]: {
          role: undefined,
          handle: ({ reply }) => reply(view.cancelled(), { replace: true }),
        },
        [HIDE]: {
          role: undefined,
          async handle({ value, reply }) {
            const sealed = await services.seal.open(HIDE, value);
            const one = shown.forget(String(sealed?.id));
            try {
              await reply(view.hidden(one?.name), { replace: true });
              await one?.note('hidden');
            } catch (error) {
              // It still stands there, and so it still has to go when it expires.
              if (one) shown.add(one);
              throw error;
            }
          },
        },
      },
    },
    stop: shown.eraseAll,
  };
}
