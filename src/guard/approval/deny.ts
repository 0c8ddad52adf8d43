import type { types } from '@slack/bolt';
import { z } from 'zod';
import { begin, guarded, refusalFor } from '../../desk/call.ts';
import { FORM_TOO_OLD } from '../../desk/failures.ts';
import { notice } from '../../desk/modal.ts';
import type { BarePress, Call, Press, Submission, SubmissionResult } from '../../desk/operation.ts';
import type { Arrival } from '../../desk/progress.ts';
import { oneLine } from '../../slack/mrkdwn.ts';
import type { Change } from '../change/change.ts';
import { APPROVAL_LIFETIME, type ChangeRequest, idsOf, REASON } from '../form/card.ts';
import { LONGEST_REASON } from '../form/verification.ts';
import { endVerification } from '../form/verified-before.ts';
import type { Approver } from '../gate/facts.ts';
import type { Refusal } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import * as agentView from './agent-view.ts';
import { agentsCall, decision, refuse, replaceWithOver, show } from './deciding.ts';
import { MARGIN, requestOf } from './pending.ts';
import * as view from './view.ts';
import type { WaitingRequests } from './waiting.ts';

/** What the modal carries, sealed. */
const Form = z.object({
  /** The sealed value of the button. */
  value: z.string(),
  /** Slack user id of whoever pressed. Nobody else may submit it. */
  approver: z.string(),
  /** Of the button. It replaces the request. */
  responseUrl: z.string(),
  channelId: z.string(),
});

/** *Deny*: asks for a reason, and denies the request, whichever instance asked for approval. */
export function createDeny(
  services: GuardServices,
  { find, asked, take, sealedName }: WaitingRequests,
) {
  const { clock, changes } = services;
  const { seal, views } = services.slack;

  /** Asks neither Slack nor the store, because a trigger lives three seconds. */
  async function form(change: Change, press: BarePress): Promise<types.ModalView | undefined> {
    const { value, userId: approver, responseUrl, channelId } = press;
    const name = await sealedName(change, value);
    if (name === undefined) return undefined;
    const purpose = idsOf(change).denial;
    const carried = { value, approver, responseUrl, channelId };
    return view.denial(
      change,
      name,
      await seal.close(purpose, carried, APPROVAL_LIFETIME + MARGIN),
    );
  }

  /** Nobody should write a reason for a request that is no longer there. */
  async function press(change: Change, press: Press): Promise<void> {
    if (await find(change, press.value)) return;
    if (press.modalId) await views.update(press.modalId, notice(view.over()));
    await replaceWithOver(press);
  }

  async function submit(change: Change, submission: Submission): Promise<SubmissionResult> {
    const { filled, privateMetadata, ...by } = submission;
    const carried = await seal.open(idsOf(change).denial, privateMetadata);
    const { data } = Form.safeParse(carried);
    if (!data || data.approver !== by.userId) return { errors: { [REASON]: FORM_TOO_OLD } };
    const reason = oneLine(filled[REASON]?.trim() ?? '', LONGEST_REASON + 1);
    if (reason === '' || reason.length > LONGEST_REASON) return { errors: { [REASON]: MISSING } };
    const { value, channelId, responseUrl } = data;
    return {
      async go(arrival?: Arrival) {
        const request = { what: idsOf(change).deny, ...by, channelId, responseUrl, arrival };
        const call = await begin(services, request, { fresh: true, role: 'approver' });
        await guarded(services, call, async () => {
          const refusal = refusalFor(services, call, 'approver');
          if (refusal) return call.reply(refusal);
          await deny(change, call, { value, reason });
        });
      },
    };
  }

  async function deny(
    change: Change,
    approver: Call,
    { value, reason }: { value: string; reason: string },
  ): Promise<void> {
    const found = await find(change, value);
    if (!found) return approver.reply(view.decidedAlready());
    const { id, pending } = found;
    const request: ChangeRequest = { ...pending.request, change };
    // The agent's message becomes the answer, so it must be there first.
    await asked(id);
    const call = await agentsCall(services, change, pending);
    const refusal = await refusalOfDenial(services, call, request, {
      id: approver.userId,
      access: approver.access,
    });
    if (refusal) return refuse(approver, request, refusal);
    if (pending.until <= clock.now() || !(await take(id))) {
      return approver.reply(view.decidedAlready());
    }
    await endVerification(services, request);
    const row = { ...decision(approver, request), denial: reason };
    await call.audit.of(change.name).note('denied', row);
    const by = { userId: approver.userId, reason };
    await show(approver, view.denied(requestOf(changes, pending), by));
    await call.reply(agentView.deniedForAgent(change, request.card.name, by), { replace: true });
  }

  return { form, press, submit };
}

/** A denial works even without SecurID or a user. */
async function refusalOfDenial(
  { securid, gate }: GuardServices,
  call: Call,
  { change, card }: ChangeRequest,
  approver: Approver,
): Promise<Refusal | undefined> {
  const { userId: agentId, access, securid: options } = call;
  const user = await securid.users.find(card.key, options).catch((error) => {
    call.log.warn({ err: error, target: card.userId }, 'denied without looking up the user');
    return undefined;
  });
  const application = { agentId, access, user, until: options.until, lane: options.lane };
  return gate.forDenial(change, application, approver);
}

const MISSING = `Enter the reason, in at most ${LONGEST_REASON} characters.`;
