import { z } from 'zod';
import { refusalAfresh } from '../call.ts';
import { type Lift, staysWords } from '../notice/lift.ts';
import { defineOperation, type Services } from '../operation.ts';
import { nameOf, noLookUpById } from '../user-details/view.ts';
import { findTarget, nobody, readPerson, targetWords } from '../who.ts';
import { Who } from '../words.ts';
import * as view from './view.ts';

/** `/securid unblock <who>`: registration codes again for somebody who reported one. */
export const unblock = ({ securid, people, roles }: Services, lift: Lift) =>
  defineOperation({
    name: 'unblock',
    aliases: [],
    role: 'approver',
    args: '<who>',
    example: '/securid unblock jane@example.com',
    summary: 'allows registration codes again for somebody who reported one',
    input: z.object({ who: Who }),

    read(words) {
      const person = readPerson(words);
      if (!person || 'problem' in person) return person;
      return person.rest.length === 0 ? { who: person.who } : undefined;
    },

    async run({ who }, call) {
      const key = await findTarget(who, people);
      if ('problem' in key) return key.problem;
      if ('userId' in key) return noLookUpById();

      void call.audit.note('look-up', { target: targetWords(key) });
      const user = await securid.users.find(key, call);
      if (!user) return nobody(key);
      const refusal = await refusalAfresh({ roles }, call, 'approver');
      if (refusal) return refusal;
      const lifted = await lift(call, { target: user.id, user });
      if (!('stays' in lifted)) return view.lifted(nameOf(user));
      if (lifted.stays === 'not blocked') return view.notBlocked(nameOf(user));
      const isAgents = lifted.stays === 'involved' && call.standing.roles.has('agent');
      return isAgents ? view.notForAgents() : staysWords(lifted.stays);
    },
  });
