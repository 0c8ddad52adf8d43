import { z } from 'zod';
import { refusalAfresh } from '../../desk/call.ts';
import { findUser, saying } from '../../desk/find-user.ts';
import { defineOperation } from '../../desk/operation.ts';
import { nothingMore, readPerson } from '../../desk/read-person.ts';
import { nameOf } from '../../desk/user.ts';
import { Who } from '../../desk/words.ts';
import { staysWords } from '../../guard/notice/lift.ts';
import type { Services } from '../services.ts';
import * as view from './view.ts';

/** `/securid unblock <who>`: allows changes that give access again for a user who reported one. */
export function unblock(services: Services) {
  const { lift, changes } = services.guard;
  const { stopped } = changes;
  return defineOperation({
    name: 'unblock',
    aliases: [],
    role: 'approver',
    changesState: true,
    args: '<who>',
    example: '/securid unblock jane@example.com',
    summary: `allows ${stopped.many} again for a user who reported one`,
    input: z.object({ who: Who }),

    read: (words) => readPerson(words, nothingMore),

    async run({ who }, call) {
      const found = await findUser(services, who, call);
      if ('problem' in found) return found.problem;
      const { user } = found;
      const refusal = await refusalAfresh(services, call, 'approver');
      if (refusal) return refusal;
      const lifted = await lift(call, { target: user.id, user });
      if ('refusal' in lifted) return lifted.refusal;
      if (!('stays' in lifted)) return saying(found, view.lifted(stopped, nameOf(user)));
      if (lifted.stays === 'not blocked')
        return saying(found, view.notBlocked(stopped, nameOf(user)));
      const isAgents = lifted.stays === 'involved' && call.access.roles.has('agent');
      return isAgents ? view.notForAgents(stopped) : staysWords(lifted.stays, stopped);
    },
  });
}
