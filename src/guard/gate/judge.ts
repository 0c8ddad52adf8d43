import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { ChangeRequest } from '../form/card.ts';
import type { GuardServices } from '../services.ts';
import type { Recorded } from './facts.ts';
import { isRefusal, type Verdict } from './gate.ts';
import { nothingToDo, OTHER_USER } from './refusal.ts';

export type Judged = { verdict: Verdict; user?: UserDetails };

export type Judge = (
  call: Call,
  request: Pick<ChangeRequest, 'change' | 'card' | 'input' | 'verification'>,
  approver?: Recorded['approver'],
) => Promise<Judged>;

/** The card may be old, so this looks up the user again and evaluates all rules. */
export const createJudge =
  ({ securid, gate }: GuardServices): Judge =>
  async (call, { change, card, input, verification }, approver) => {
    const { userId: agentId, access, securid: options } = call;
    const user = await securid.users.find(card.key, options);
    if (user?.id !== card.userId) return { verdict: OTHER_USER };
    const application = { agentId, access, user, until: options.until, lane: options.lane };
    const verdict = await gate.forChange(change, application, { verification, approver });
    const unable = change.unable(user, input);
    if (isRefusal(verdict) || unable === undefined) return { user, verdict };
    return { user, verdict: nothingToDo(unable) };
  };
