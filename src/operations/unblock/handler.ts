import { z } from 'zod';
import { refusalFor } from '../call.ts';
import { liftBlock } from '../notice/lift.ts';
import { defineOperation, type Services } from '../operation.ts';
import { nameOf, noLookUpById } from '../user-details/view.ts';
import { findTarget, nobody, readPerson, targetWords } from '../who.ts';
import { Who } from '../words.ts';
import * as view from './view.ts';

/** `/securid unblock <who>`: registration codes again for somebody who reported one. */
export const unblock = ({ securid, people, identities, roles, blocks }: Services) =>
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
      const { audit, userId, course } = call;
      const key = await findTarget(who, people);
      if ('problem' in key) return key.problem;
      if ('userId' in key) return noLookUpById();

      void audit.note('look-up', { target: targetWords(key) });
      const user = await securid.users.find(key, call);
      if (!user) return nobody(key);
      const standing = await roles.of(call, { fresh: true, role: ['approver', 'agent'] });
      const refusal = refusalFor({ roles }, { ...call, standing }, 'approver');
      if (refusal) return refusal;
      // The alert knows who issued the code, and refuses them; here nobody does.
      if (!standing.lacks.has('agent')) {
        course.outcome = 'refused';
        return standing.roles.has('agent') ? view.notForAgents() : roles.refusal('agent', standing);
      }
      const profile = await people.find(userId, { fresh: true });
      const subject = await identities.subject(user);
      const ownership = await identities.ownership({ id: userId, profile }, subject, call);
      if (ownership !== 'of somebody else') {
        course.outcome = 'refused';
        return ownership === 'theirs' ? view.notOneself() : view.notTold();
      }
      if (!(await blocks.isBlocked(user.id))) return view.notBlocked(nameOf(user));

      await liftBlock({ blocks }, audit, { target: user.id });
      return view.lifted(nameOf(user));
    },
  });
