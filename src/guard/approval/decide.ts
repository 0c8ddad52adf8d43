import { begin, guarded } from '../../desk/call.ts';
import { withIncident } from '../../desk/failures.ts';
import type { Call, Press } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';

import type { CarryOut } from '../change/carry-out.ts';
import type { Change } from '../change/change.ts';
import { WHO_MAY } from '../change/risk.ts';
import { CHANGE_WITHIN, type ChangeRequest, idsOf, onRecord } from '../form/card.ts';
import { notRecorded } from '../form/view.ts';

import type { Approver } from '../gate/facts.ts';
import { isRefusal } from '../gate/gate.ts';
import type { Judge, Judged } from '../gate/judge.ts';
import { OTHER_USER, type Refusal } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import { type Pending, requestOf, WAITING_USES } from './pending.ts';
import * as view from './view.ts';
import type { WaitingRequests } from './waiting.ts';

export type Wiring = { judge: Judge; carryOut: CarryOut };

type Decided = { pending: Pending; request: ChangeRequest; call: Call };

/** Decides a request, whichever instance asked for approval. */
export function createDecide(
  services: GuardServices,
  { find, asked, take }: WaitingRequests,
  { judge, carryOut }: Wiring,
) {
  const { securid, clock, gate, changes, log } = services;

  async function decide(change: Change, press: Press, how: 'approve' | 'deny'): Promise<void> {
    const found = await find(change, press.value);
    if (!found) return press.reply(view.over(), { replace: true, visibility: 'in_channel' });
    const { id, pending } = found;
    const request: ChangeRequest = { ...pending.request, change };
    // The agent's message becomes the answer, so it must be there first.
    await asked(id);
    const call = await agentsCall(services, change, pending);
    const approver = { id: press.userId, access: press.access };
    const judged = how === 'approve' ? await judge(call, request, approver) : undefined;
    const refusal = judged ? refusalIn(judged) : await refusalOfDenial(call, request, approver);
    if (refusal) return refuse(press, request, refusal);
    if (pending.until <= clock.now() || !(await take(id))) {
      return press.reply(view.decidedAlready());
    }
    const decided = { pending, request, call };
    if (judged?.user) await approve(press, decided, judged.user);
    else await deny(press, decided);
  }

  /** A denial works even without SecurID or a user. */
  async function refusalOfDenial(
    call: Call,
    { change, card }: ChangeRequest,
    approver: Approver,
  ): Promise<Refusal | undefined> {
    const { userId: agentId, access, securid: options } = call;
    const user = await securid.users.find(card.key, options).catch((error) => {
      call.log.warn({ err: error, target: card.userId }, 'denied without looking up the user');
      return undefined;
    });
    return gate.forDenial(
      change,
      { agentId, access, user, until: options.until, lane: options.lane },
      approver,
    );
  }

  async function approve(
    press: Press,
    { pending, request: asked, call }: Decided,
    user: UserDetails,
  ) {
    const request = { ...asked, approver: press.userId };
    try {
      await call.audit.of(request.change.name).write('approved', decision(press, request));
    } catch (error) {
      log.error({ err: error, incident: call.incident }, 'an approval was not recorded');
      await show(press, view.decided(requestOf(changes, pending), 'not recorded', press.userId));
      return call.reply(withIncident(notRecorded(request.change), call.incident), {
        replace: true,
      });
    }
    await show(press, view.decided(requestOf(changes, pending), 'approved', press.userId));
    const { userId, teamId, enterpriseId } = press;
    const approver = { userId, teamId, enterpriseId };
    await guarded(services, call, () => carryOut(request, user, call, approver));
  }

  async function deny(press: Press, { pending, request, call }: Decided): Promise<void> {
    await call.audit.of(request.change.name).note('denied', decision(press, request));
    await show(press, view.decided(requestOf(changes, pending), 'denied', press.userId));
    const { change, card } = request;
    await call.reply(view.deniedForAgent(change, card.name, press.userId), {
      replace: true,
    });
  }

  return decide;
}

/** The agent's call, which now goes on. */
function agentsCall(services: GuardServices, change: Change, pending: Pending): Promise<Call> {
  const { agent, incident, used = WAITING_USES } = pending;
  const what = idsOf(change).form;
  const asker = { what, teamId: undefined, enterpriseId: undefined, ...agent };
  return begin(services, asker, {
    fresh: true,
    role: WHO_MAY[change.risk],
    incident,
    patience: CHANGE_WITHIN,
    used,
    quiet: true,
  });
}

async function refuse(press: Press, { card }: ChangeRequest, refusal: Refusal): Promise<void> {
  press.progress.outcome = 'refused';
  await press.audit.note('refusal', { target: card.userId, reason: refusal.rule });
  await press.reply(view.notYours(refusal.toApprover ?? refusal.sentence));
}

/** Shows the decision, which stands even if the channel's message cannot show it. */
async function show(press: Press, message: ReturnType<typeof view.over>): Promise<void> {
  try {
    await press.reply(message, { replace: true, visibility: 'in_channel' });
  } catch (error) {
    press.log.error({ err: error }, 'a decision is not shown in the channel');
  }
}

const refusalIn = ({ verdict, user }: Judged): Refusal | undefined =>
  isRefusal(verdict) ? verdict : user ? undefined : OTHER_USER;

/** The row is about the request, with the approver as its actor. */
const decision = (press: Press, request: ChangeRequest) => ({
  ...onRecord(request),
  actor: press.userId,
  team: press.teamId ?? press.enterpriseId,
  channel: press.channelId,
  approver: undefined,
});
