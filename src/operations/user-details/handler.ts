import { z } from 'zod';
import { findUser, saying } from '../../desk/find-user.ts';
import { followUp } from '../../desk/follow-up.ts';
import { defineOperation } from '../../desk/operation.ts';
import { fromUserName, namesAPerson, nothingMore, readPerson } from '../../desk/read-person.ts';
import { hasRole } from '../../desk/roles.ts';
import { personForm } from '../../desk/task-form.ts';
import { readWho, Who } from '../../desk/words.ts';
import { WHO_MAY } from '../../guard/change/risk.ts';
import { nobodyFound } from '../find/nobody.ts';
import type { Services } from '../services.ts';
import * as view from './view.ts';

const read = (words: string[]) => readPerson(words, nothingMore);

/** `/securid user <who>`: a user's details. */
export const userDetails = (services: Services) =>
  defineOperation({
    name: 'user',
    aliases: [],
    role: ['agent', 'approver'],
    args: '<who>',
    example: '/securid user jane@example.com',
    summary: "a user's status, locked methods and emergency access",
    form: personForm('Look up a user', 'Show'),
    input: z.object({ who: Who }),

    read,
    namedBy(words) {
      const who = readWho(words[0] ?? '');
      // SecurID does not look up users by this id.
      if (who && 'userId' in who) return undefined;
      const person = read(words);
      if (person && namesAPerson(words)) return { words, how: 'beyond doubt' };
      if (!person || 'problem' in person) return undefined;
      if (fromUserName(words)) return { words, how: 'likely' };
      return words.length === 1 ? { words, how: 'a guess' } : undefined;
    },

    async run({ who }, call) {
      const { lookUps } = services;
      const { seal } = services.slack;
      const found = await findUser(services, who, call);
      if ('problem' in found) return nobodyFound(services, found);
      const { user, key } = found;
      void lookUps.found(user.id, call);

      const changes = services.guard.changes.on.filter(
        (change) =>
          hasRole(call.access, WHO_MAY[change.risk]) &&
          change.unable(user, change.settle(user)) === undefined,
      );
      const card = view.userDetails(user, [
        await followUp(seal, 'Authenticators', {
          operation: 'authenticators',
          input: { who: key, browsers: false },
        }),
        ...(await Promise.all(
          changes.map(({ name, button }) =>
            followUp(seal, button, { operation: name, input: { who: key } }),
          ),
        )),
      ]);
      return saying(found, card);
    },
  });
