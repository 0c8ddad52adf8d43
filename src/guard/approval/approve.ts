import { guarded } from '../../desk/call.ts';
import { withIncident } from '../../desk/failures.ts';
import type { Call, Press } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import { placeIn } from '../../slack/place.ts';
import type { CarryOut } from '../change/carry-out.ts';
import type { Change } from '../change/change.ts';
import { notRecorded } from '../change/view.ts';
import type { ChangeRequest } from '../form/card.ts';
import { isRefusal } from '../gate/gate.ts';
import type { Judge, Judged } from '../gate/judge.ts';
import { OTHER_USER, type Refusal } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import { agentsCall, decision, refuse, replaceWithOver, show } from './deciding.ts';
import { type Pending, requestOf } from './pending.ts';
import * as view from './view.ts';
import type { WaitingRequests } from './waiting.ts';

export type Wiring = { judge: Judge; carryOut: CarryOut };

type Approved = { pending: Pending; request: ChangeRequest; call: Call };

/** *Approve*: makes the change, whichever instance asked for approval. */
export function createApprove(
  services: GuardServices,
  { find, asked, take }: WaitingRequests,
  { judge, carryOut }: Wiring,
) {
  const { clock, changes, log } = services;

  async function goOn(
    press: Press,
    { pending, request: asked, call }: Approved,
    user: UserDetails,
  ): Promise<void> {
    const request = { ...asked, approver: press.userId };
    try {
      await call.audit.of(request.change.name).write('approved', decision(press, request));
    } catch (error) {
      log.error({ err: error, incident: call.incident }, 'an approval was not recorded');
      await show(press, view.decided(requestOf(changes, pending), 'not recorded', press.userId));
      return call.reply(
        withIncident(
          notRecorded(request.change),
          call.incident,
          'the-audit-trail-cannot-be-written',
        ),
        {
          replace: true,
        },
      );
    }
    await show(press, view.decided(requestOf(changes, pending), 'approved', press.userId));
    const approver = { ...placeIn(press), userId: press.userId };
    await guarded(services, call, () => carryOut(request, user, call, approver));
  }

  return async (change: Change, press: Press): Promise<void> => {
    const found = await find(change, press.value);
    if (!found) return replaceWithOver(press);
    const { id, pending } = found;
    const request: ChangeRequest = { ...pending.request, change };
    // The agent's message becomes the answer, so it must be there first.
    await asked(id);
    const call = await agentsCall(services, change, pending);
    const judged = await judge(call, request, { id: press.userId, access: press.access });
    const { user } = judged;
    const refusal = refusalIn(judged);
    if (refusal || !user) return refuse(press, request, refusal ?? OTHER_USER);
    if (pending.until <= clock.now() || !(await take(id))) {
      return press.reply(view.decidedAlready());
    }
    await goOn(press, { pending, request, call }, user);
  };
}

const refusalIn = ({ verdict, user }: Judged): Refusal | undefined =>
  isRefusal(verdict) ? verdict : user ? undefined : OTHER_USER;
