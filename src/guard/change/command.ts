import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { findUser, saying } from '../../desk/find-user.ts';
import { tryAgain } from '../../desk/follow-up.ts';
import { defineOperation, type Operation } from '../../desk/operation.ts';
import { readPerson } from '../../desk/read-person.ts';
import { personForm } from '../../desk/task-form.ts';
import { Who } from '../../desk/words.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Seal } from '../../slack/seal.ts';
import { CARD_LIFETIME, type Card, Input, idsOf, Verification } from '../form/card.ts';
import type { KeptVerification, NotKept } from '../form/kept-verification.ts';
import * as view from '../form/view.ts';
import { isRefusal } from '../gate/gate.ts';
import { nothingToDo, UNTOLD } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import type { Change } from './change.ts';
import { WHO_MAY } from './risk.ts';

/**
 * A change's command: shows the user on a card and asks for confirmation. Nothing is changed yet.
 */
export const changeCommand = (services: GuardServices, change: Change): Operation =>
  defineOperation({
    name: change.name,
    isTyped: change.isTyped,
    aliases: [],
    role: WHO_MAY[change.risk],
    args: ['<who>', change.args].filter(Boolean).join(' '),
    example: change.example,
    summary: change.summary,
    ...(change.isTyped && { form: personForm(change.task, 'Next') }),
    namedBy: (words) =>
      words.length > 0 && change.read(words) ? { words: [], how: 'beyond doubt' } : undefined,
    input: z.object({ who: Who, input: Input.default({}), typed: Verification.optional() }),

    read(words) {
      const [first = '', ...rest] = words;
      const before = change.read([first]);
      // Words that the change itself reads, such as a platform, name no user.
      if (before && rest.length === 0) return undefined;
      if (before && !change.read(rest)) {
        return readPerson(rest, (more) => (more.length === 0 ? { input: before } : undefined));
      }
      return readPerson(words, (more) => {
        const input = change.read(more);
        return input && { input };
      });
    },

    async run({ who, input, typed }, call) {
      const { gate, lookUps } = services;
      const { seal } = services.slack;
      const found = await findUser(services, who, call);
      if ('problem' in found) return found.problem;
      const { user, key } = found;

      void lookUps.found(user.id, call);
      const { userId: agent, access, securid } = call;
      const { until, lane } = securid;
      const settled = { ...input, ...change.settle(user) };
      const [verdict, own, earlier] = await Promise.all([
        gate.forCard(change, { agentId: agent, access, user, until, lane }),
        change.card(services, { user, key, input: settled }, call),
        services.keptVerifications.find({ agentId: agent, userId: user.id }, change),
      ]);
      const unable = change.unable(user, settled) ?? own.unable;
      const rule = isRefusal(verdict) ? verdict : undefined;
      const refusal = rule ?? (unable === undefined ? undefined : nothingToDo(unable));
      if (refusal) {
        call.progress.outcome = 'refused';
        void call.audit.note('refusal', { target: user.id, reason: refusal.rule });
      }
      const needsApproval = verdict !== 'may' && !refusal;
      const card: Card = {
        id: randomUUID(),
        key,
        userId: user.id,
        name: view.nameOf(user),
        agent,
        input: settled,
        typed,
        needsApproval,
        verified: shownOf(earlier),
      };
      const shown = view.card(change, {
        user,
        own,
        refusal: refusal?.sentence,
        needsApproval,
        sealed: await sealed(seal, change, card),
        again: refusal?.rule === UNTOLD ? await tryAgain(seal, call.progress.again) : [],
      });
      return saying(found, shown);
    },
  });

/** What the form says of it. */
function shownOf(earlier: KeptVerification | NotKept): Card['verified'] {
  if ('ended' in earlier) return undefined;
  const { method, ticket, at, until } = earlier;
  return { method, ticket, at, until };
}

/** Leaves out what was filled in or verified before if it is too long for a button. */
async function sealed(seal: Seal, change: Change, card: Card): Promise<string> {
  const { typed, ...rest } = card;
  const { verified, ...least } = rest;
  const close = (one: Card) => seal.close(idsOf(change).card, one, CARD_LIFETIME);
  for (const one of [card, rest]) {
    const value = await close(one);
    if (value.length <= LIMITS.buttonValue) return value;
  }
  return close(least);
}
