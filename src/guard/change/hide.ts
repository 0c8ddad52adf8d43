import { z } from 'zod';
import type { PressHandler } from '../../desk/operation.ts';
import { HIDE } from '../form/card.ts';
import * as view from '../form/view.ts';
import type { GuardServices } from '../services.ts';
import type { ShownCodes } from './shown.ts';

/** What *Hide now* carries, sealed. */
const Hide = z.object({ id: z.string(), name: z.string(), target: z.string() });

/** *Hide now*: takes the code from the screen, whichever instance put it there. */
export const hide =
  ({ seal }: GuardServices, shown: ShownCodes): PressHandler =>
  async ({ value, reply, audit }) => {
    const { data } = Hide.safeParse(await seal.open(HIDE, value));
    await reply(view.hidden(data?.name), { replace: true });
    // If it could not be replaced it still stands there, and still has to go when it expires.
    if (data && (await shown.wasHidden(data.id))) {
      await audit.note('hidden', { target: data.target, incident: data.id });
    }
  };
