import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import { REGISTRATION_CODE } from '../change/registration-code.ts';
import type { Card, Verification } from '../form/card.ts';
import type { GuardServices } from '../services.ts';
import type { Recorded } from './facts.ts';
import type { Verdict } from './gate.ts';
import { OTHER_USER } from './refusal.ts';

export type Judged = { verdict: Verdict; user?: UserDetails };

export type Judge = (
  call: Call,
  request: { card: Card; verification: Verification },
  approver?: Recorded['approver'],
) => Promise<Judged>;

/** The card may be old: who it is about is looked up again, and all rules are asked. */
export const createJudge =
  ({ securid, gate }: GuardServices): Judge =>
  async (call, { card, verification }, approver) => {
    const { userId: agentId, access, securid: options } = call;
    const user = await securid.users.find(card.key, options);
    if (user?.id !== card.userId) return { verdict: OTHER_USER };
    const application = { agentId, access, user, until: options.until, lane: options.lane };
    return {
      user,
      verdict: await gate.forChange(REGISTRATION_CODE, application, { verification, approver }),
    };
  };
