import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import { type ChangeRequest, HIDE_LIFETIME, idsOf } from '../form/card.ts';
import type { Tell } from '../notice/tell.ts';
import type { GuardServices } from '../services.ts';
import type { Performed } from './change.ts';
import { expiryOf } from './expiry.ts';
import { nextFor } from './next.ts';
import { readBack } from './read-back.ts';
import type { Shown, ShownSecrets } from './shown.ts';
import * as view from './view.ts';

/** Shows the agent what was done, after trying to notify the user. */
export function createShowDone(services: GuardServices, shown: ShownSecrets, tell: Tell) {
  const { slack, clock } = services;

  return async (
    performed: Performed,
    request: ChangeRequest,
    user: UserDetails,
    call: Call,
  ): Promise<void> => {
    const { change, card, approver } = request;
    const { name, userId: target } = card;
    const [told] = await Promise.all([
      tell(change, user, { call, approver, input: request.input }),
      readBack(performed, call),
    ]);
    const { incident, reply } = call;
    const next = await nextFor(services, performed.next(name), call);
    if (!change.isSecret) {
      const blocks = performed.blocks(name);
      return reply(view.done(change, { name, blocks, told, next }), { replace: true });
    }
    const { expiresAt, erasesBy, outlives } = expiryOf(performed.secret, clock);
    const hide = await slack.seal.close(
      idsOf(change).hide,
      { id: incident, name, target },
      HIDE_LIFETIME,
    );
    const blocks = performed.blocks(name, expiresAt);
    const message = view.done(change, { name, blocks, told, next, hide });
    const note: Shown['note'] = (event, reason) =>
      call.audit.of(change.name).note(event, { target, reason });
    // Leaves one use of the response URL for erasing.
    const send = () => reply(message, { replace: true, spare: 1 });
    const one = { id: incident, change, userId: target, name, reply, erasesBy, outlives, note };
    await shown.show(one, send);
  };
}
