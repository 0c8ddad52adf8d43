import { z } from 'zod';
import { saying } from '../../desk/find-user.ts';
import { defineOperation, type Operation } from '../../desk/operation.ts';
import { readPerson } from '../../desk/read-person.ts';
import { personForm } from '../../desk/task-form.ts';
import { Who } from '../../desk/words.ts';
import { ASKS } from '../form/asks.ts';
import { Input, Verification } from '../form/card.ts';
import type { GuardServices } from '../services.ts';
import { createAtOnce } from './at-once.ts';
import type { Change } from './change.ts';
import { nobodyFound } from './nobody.ts';
import { WHO_MAY } from './risk.ts';
import { createShowCard } from './show-card.ts';
import { subjectOf } from './subject.ts';

/**
 * A change's command: shows the user on a card and asks for confirmation, or, if the change only
 * refreshes, carries it out.
 */
export function changeCommand(services: GuardServices, change: Change): Operation {
  const showCard = createShowCard(services);
  const atOnce = createAtOnce(services);
  const isAtOnce = ASKS[change.risk].length === 0;

  return defineOperation({
    name: change.name,
    isTyped: change.isTyped,
    aliases: [],
    role: WHO_MAY[change.risk],
    args: ['<who>', change.args].filter(Boolean).join(' '),
    example: change.example,
    summary: change.summary,
    ...(change.isTyped && { form: personForm(change.task, isAtOnce ? change.say.submit : 'Next') }),
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
      const found = await subjectOf(services, change, who, call);
      if ('problem' in found) return nobodyFound(services, found, call);
      const settled = { ...input, ...change.settle(found.user) };
      const answer = isAtOnce
        ? atOnce(change, found, settled, call)
        : showCard(change, found, { input: settled, typed }, call);
      return saying(found, await answer);
    },
  });
}
