import { explanation } from '../../desk/failures.ts';
import { withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { Approvals } from '../approval/approvals.ts';
import type { CarryOut } from '../change/carry-out.ts';
import { isRefusal } from '../gate/gate.ts';
import type { Judge, Judged } from '../gate/judge.ts';
import { UNTOLD } from '../gate/refusal.ts';
import { runOnBudget } from '../limits/beyond-budget.ts';
import type { GuardServices } from '../services.ts';
import { askAgain } from './again.ts';
import type { ChangeRequest } from './card.ts';
import type { NotKept } from './kept-verification.ts';
import { notKept } from './kept-view.ts';
import { notCounted } from './not-counted.ts';
import { refuse } from './refuse.ts';
import { withVerification } from './verified-before.ts';
import * as view from './view.ts';

export type Ask = (request: ChangeRequest, call: Call) => Promise<void>;

type Wiring = { judge: Judge; carryOut: CarryOut; approvals: Approvals };

/** A change is requested, with everything recorded: refuses it, asks for approval, or makes it. */
export const createAsk =
  (services: GuardServices, { judge, carryOut, approvals }: Wiring): Ask =>
  async (asked, call) => {
    const { usedCards } = services;
    const { change, card } = asked;
    let request = asked;
    let ended: NotKept | undefined;
    let judged: Judged;
    let isFirstUse = false;
    try {
      // Checked first: a second submission must not touch the message
      // that the first turns into an answer.
      isFirstUse = await usedCards.use(card.id);
      if (!isFirstUse) {
        // This uses the response URL that a secret has to be
        // erased with, so there is a single attempt.
        return call.reply(view.usedAlready(change), { attempts: 1 });
      }
      call.silence.standsIn(view.checking(change, card.name));
      ({ request, ended } = await withVerification(services, asked));
      judged = await judge(call, request);
    } catch (error) {
      call.progress.outcome = 'failed';
      call.log.error({ err: error, target: card.userId }, `${change.words.thing} not asked for`);
      // If nobody knows whether this was the first use, the card counts as used.
      const again = isFirstUse && (await usedCards.giveBack(card.id));
      const next = again ? undefined : view.USED_UP;
      const failure = explanation(error, call.incident, change.words.none, next);
      return call.reply(withButtons(failure, await askAgain(services, request)));
    }

    const { verdict, user } = judged;
    if (isRefusal(verdict) && verdict.rule === 'verification' && ended) {
      const refusal = { ...verdict, sentence: notKept(ended) };
      return refuse(call, request, refusal, await askAgain(services, request));
    }
    if (isRefusal(verdict)) {
      const again = verdict.rule === UNTOLD ? await askAgain(services, request) : [];
      return refuse(call, request, verdict, again);
    }
    if (!user) return;
    if (verdict === 'may') {
      return runOnBudget(services, request, call, {
        run: () => carryOut(request, user, call),
        ask: () => approvals.ask(request, user, call, []),
        notCounted: (error) => notCounted(services, request, call, error),
      });
    }
    await approvals.ask(request, user, call, verdict.untold);
  };
