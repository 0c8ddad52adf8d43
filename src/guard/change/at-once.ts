import { randomUUID } from 'node:crypto';
import type { Call } from '../../desk/operation.ts';
import { nameOf } from '../../desk/user.ts';
import type { Message } from '../../slack/blocks.ts';
import { askAgain } from '../form/again.ts';
import type { ChangeRequest } from '../form/card.ts';
import { refusalOf } from '../form/refuse.ts';
import { isRefusal } from '../gate/gate.ts';
import { nothingToDo, type Refusal, UNTOLD } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import { countedAs, createAskSecurID } from './ask-securid.ts';
import type { Input } from './asked.ts';
import type { Change } from './change.ts';
import { nextFor } from './next.ts';
import { readBack } from './read-back.ts';
import type { Subject } from './subject.ts';
import * as view from './view.ts';

/**
 * Carries out a change that only lets RSA's record follow the directory: no card and no form, otherwise
 * everything that other changes pass.
 */
export function createAtOnce(services: GuardServices) {
  const { gate, limits } = services;
  const askSecurID = createAskSecurID(services);

  return async (
    change: Change,
    { user, key, who }: Subject,
    input: Input,
    call: Call,
  ): Promise<Message> => {
    const { userId: agent, access, securid } = call;
    const name = nameOf(user);
    const about = { key, userId: user.id, name, agent, input };
    const card = { ...about, id: randomUUID(), needsApproval: false };
    const request: ChangeRequest = { change, card, input, verification: {}, ...(who && { who }) };
    const application = { agentId: agent, access, user, ...securid };
    const refusal = await refusalFor();
    if (refusal) {
      const again = refusal.rule === UNTOLD ? await askAgain(services, request) : [];
      return refusalOf(call, request, refusal, again);
    }
    const outcome = await askSecurID(request, user, call, undefined);
    if ('instead' in outcome) return outcome.instead;
    const { performed } = outcome;
    await readBack(performed, call);
    const next = await nextFor(services, performed.next(name), call);
    return view.done(change, {
      name,
      blocks: performed.blocks(name),
      told: 'nothing to tell',
      next,
    });

    async function refusalFor(): Promise<Refusal | undefined> {
      const verdict = await gate.forChange(change, application, { verification: {} });
      if (isRefusal(verdict)) return verdict;
      const unable = change.unable(user, input);
      if (unable !== undefined) return nothingToDo(unable);
      return limits.take(countedAs(request, call));
    }
  };
}
