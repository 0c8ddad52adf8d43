import { z } from 'zod';
import { findUser, saying } from '../../desk/find-user.ts';
import { followUp } from '../../desk/follow-up.ts';
import { defineOperation } from '../../desk/operation.ts';
import { nothingMore, readPerson } from '../../desk/read-person.ts';
import { hasRole } from '../../desk/roles.ts';
import { personForm } from '../../desk/task-form.ts';
import { nameOf } from '../../desk/user.ts';
import { Who } from '../../desk/words.ts';
import { WHO_MAY } from '../../guard/change/risk.ts';
import type { Services } from '../services.ts';
import * as view from './view.ts';

/** `/securid history <who>`: a user's last sign-ins, and what to do about those that failed. */
export const history = (services: Services) =>
  defineOperation({
    name: 'history',
    aliases: [],
    role: ['agent', 'approver'],
    args: '<who>',
    example: '/securid history jane@example.com',
    summary: "a user's last sign-ins, why they failed and what to do",
    form: personForm("Show a user's last sign-ins", 'Show'),
    input: z.object({ who: Who }),
    read: (words) => readPerson(words, nothingMore),

    async run({ who }, call) {
      const { securid, lookUps, guard } = services;
      const found = await findUser(services, who, call);
      if ('problem' in found) return found.problem;
      const { user, key } = found;
      void lookUps.found(user.id, call);
      const log = await securid.authLogs.of(user.id, call.securid);
      if (!log) return view.gone(nameOf(user));

      const helpful = view.changesThatHelp(log);
      const offered = guard.changes.on.filter(
        (change) =>
          helpful.has(change.name) &&
          hasRole(call.access, WHO_MAY[change.risk]) &&
          change.unable(user, change.settle(user)) === undefined,
      );
      const buttons = await Promise.all(
        offered.map(({ name, button }) =>
          followUp(services.slack.seal, button, { operation: name, input: { who: key } }),
        ),
      );
      return saying(found, view.history(user, log, buttons));
    },
  });
