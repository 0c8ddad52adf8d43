import { z } from 'zod';
import type { PressHandler } from '../../desk/operation.ts';
import { idsOf } from '../form/card.ts';
import type { GuardServices } from '../services.ts';
import type { Change } from './change.ts';
import type { ShownSecrets } from './shown.ts';
import * as view from './view.ts';

const Hide = z.object({ id: z.string(), name: z.string(), target: z.string() });

/** *Hide now*: erases the secret, whichever instance posted it. */
export const hide =
  ({ slack: { seal } }: GuardServices, change: Change, shown: ShownSecrets): PressHandler =>
  async ({ value, reply, audit }) => {
    const { data } = Hide.safeParse(await seal.open(idsOf(change).hide, value));
    await reply(view.hidden(change, data?.name), { replace: true });
    // Only after the message was replaced. Otherwise the secret is
    // still there and must go when it expires.
    if (data && (await shown.wasHidden(data.id))) {
      await audit.note('hidden', { target: data.target, incident: data.id });
    }
  };
