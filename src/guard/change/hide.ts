import { z } from 'zod';
import type { PressHandler } from '../../desk/operation.ts';
import { idsOf } from '../form/card.ts';
import * as view from '../form/view.ts';
import type { GuardServices } from '../services.ts';
import type { Change } from './change.ts';
import type { ShownSecrets } from './shown.ts';

/** The sealed value of *Hide now*. */
const Hide = z.object({ id: z.string(), name: z.string(), target: z.string() });

/** *Hide now*: takes the secret from the screen, whichever instance put it there. */
export const hide =
  ({ slack: { seal } }: GuardServices, change: Change, shown: ShownSecrets): PressHandler =>
  async ({ value, reply, audit }) => {
    const { data } = Hide.safeParse(await seal.open(idsOf(change).hide, value));
    await reply(view.hidden(change, data?.name), { replace: true });
    // If it could not be replaced, it is still there and must go when it expires.
    if (data && (await shown.wasHidden(data.id))) {
      await audit.note('hidden', { target: data.target, incident: data.id });
    }
  };
