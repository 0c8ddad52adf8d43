import { explanation } from '../../desk/failures.ts';
import { withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { Approvals } from '../approval/approvals.ts';
import type { Issue } from '../change/carry-out.ts';
import { isRefusal } from '../gate/gate.ts';
import type { Judge, Judged } from '../gate/judge.ts';
import { UNTOLD } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import { askAgain } from './again.ts';
import type { CodeRequest } from './card.ts';
import { refuse } from './refuse.ts';
import * as view from './view.ts';

export type Ask = (request: CodeRequest, call: Call) => Promise<void>;

type Wiring = { judge: Judge; issue: Issue; approvals: Approvals };

/** A code is asked for, with everything recorded: refuses, asks a second person, or issues. */
export const createAsk =
  ({ usedCards, seal }: GuardServices, { judge, issue, approvals }: Wiring): Ask =>
  async (request, call) => {
    const { card } = request;
    let judged: Judged;
    let isFirstUse = false;
    try {
      // First of all: a second submission must not touch the message that the first one turns into a code.
      isFirstUse = await usedCards.use(card.id);
      if (!isFirstUse) {
        // At the response URL that the code has to be erased by.
        return call.reply(view.usedAlready(), { attempts: 1 });
      }
      call.silence.standsIn(view.checking(card.name));
      judged = await judge(call, request);
    } catch (error) {
      call.progress.outcome = 'failed';
      call.log.error({ err: error, target: card.userId }, 'registration code not asked for');
      // Where nobody knows whether this was the first use, the next one must not be taken for it.
      const again = isFirstUse && (await usedCards.giveBack(card.id));
      const next = again ? undefined : view.USED_UP;
      const failure = explanation(error, call.incident, 'No code was issued.', next);
      return call.reply(withButtons(failure, await askAgain({ seal }, request)));
    }

    const { verdict, user } = judged;
    if (isRefusal(verdict)) {
      const again = verdict.rule === UNTOLD ? await askAgain({ seal }, request) : [];
      return refuse(call, card, verdict, again);
    }
    if (!user) return;
    if (verdict === 'may') return issue(request, user, call);
    await approvals.ask(request, user, call, verdict.untold);
  };
