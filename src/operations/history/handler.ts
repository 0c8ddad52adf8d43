import { z } from 'zod';
import { findUser, saying } from '../../desk/find-user.ts';
import { leads } from '../../desk/leads.ts';
import { defineOperation } from '../../desk/operation.ts';
import { nothingMore, readPerson } from '../../desk/read-person.ts';
import { personForm } from '../../desk/task-form.ts';
import { nameOf } from '../../desk/user.ts';
import { Who } from '../../desk/words.ts';
import { nobodyFound } from '../../guard/change/nobody.ts';
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
      const { securid, lookUps, guard, slack } = services;
      const next = await lookUps.full('sign-in look-ups', call);
      if (next) {
        call.progress.outcome = 'refused';
        void call.audit.note('refusal', { reason: 'sign-in look-ups per agent and hour' });
        return view.tooMany(next);
      }
      const found = await findUser(services, who, call);
      if ('problem' in found) {
        return nobodyFound({ changes: guard.changes, slack }, found, call);
      }
      const { user, key } = found;
      void lookUps.found(user.id, call);
      const log = await securid.authLogs.of(user.id, call.securid);
      if (!log) return view.gone(nameOf(user));

      const helpful = view.changesThatHelp(log);
      const offers = await guard.offers(call, { user, authenticators: undefined }, ({ name }) =>
        helpful.has(name) ? 'now' : undefined,
      );
      const buttons = offers.changes.map(({ change: { name, button } }) => ({
        label: button,
        operation: name,
        input: { who: key },
      }));
      return saying(found, view.history(user, log, await leads(slack.seal, buttons)));
    },
  });
