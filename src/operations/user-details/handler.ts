import { z } from 'zod';
import { followUp } from '../follow-up.ts';
import { defineOperation, type Services } from '../operation.ts';
import { hasRole } from '../roles.ts';
import { findTarget, nobody, readPerson, targetWords } from '../who.ts';
import { Who } from '../words.ts';
import * as view from './view.ts';

/** `/securid user <who>`: the user details of one person. */
export const userDetails = ({ securid, people, seal, lookUps }: Services) =>
  defineOperation({
    name: 'user',
    aliases: [],
    role: ['agent', 'approver'],
    args: '<who>',
    example: '/securid user jane@example.com',
    summary: "a person's status, locked methods and emergency access",
    input: z.object({ who: Who }),

    read(words) {
      const person = readPerson(words);
      if (!person || 'problem' in person) return person;
      return person.rest.length === 0 ? { who: person.who } : undefined;
    },

    async run({ who }, call) {
      const key = await findTarget(who, people);
      if ('problem' in key) return key.problem;
      if ('userId' in key) return view.noLookUpById();

      void call.audit.note('look-up', { target: targetWords(key) });
      const user = await securid.users.find(key, call);
      if (!user) return nobody(key);
      void lookUps.found(user.id, call);

      const code = { operation: 'code', input: { who: key } };
      return view.userDetails(user, [
        await followUp(seal, 'Authenticators', {
          operation: 'authenticators',
          input: { who: key, browsers: false },
        }),
        ...(hasRole(call.standing, 'agent')
          ? [await followUp(seal, 'Registration code', code)]
          : []),
      ]);
    },
  });
