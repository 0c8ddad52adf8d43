import { z } from 'zod';
import { list } from '../../desk/devices.ts';
import { findUser, saying, type Target } from '../../desk/find-user.ts';
import { followUp, rowOf } from '../../desk/follow-up.ts';
import { leads } from '../../desk/leads.ts';
import { type Call, defineOperation } from '../../desk/operation.ts';
import { readPerson } from '../../desk/read-person.ts';
import { personForm } from '../../desk/task-form.ts';
import { readWho, Who } from '../../desk/words.ts';
import { nobodyFound } from '../../guard/change/nobody.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { Services } from '../services.ts';
import { leadsFor } from './leads-for.ts';
import * as view from './view.ts';

/** `/securid authenticators <who> [browsers]`: a user's authenticators. */
export const authenticators = (services: Services) =>
  defineOperation({
    name: 'authenticators',
    aliases: ['devices'],
    role: ['agent', 'approver'],
    args: '<who> [browsers]',
    example: '/securid authenticators jane@example.com',
    summary: "a user's devices, hardware tokens and FIDO credentials",
    form: personForm("Show a user's authenticators", 'Show'),
    input: z.object({ who: Who, browsers: z.boolean().default(false) }),

    // A SecurID id, which only this operation accepts.
    namedBy([first = '', ...more]) {
      const who = readWho(first);
      const words = [first, ...more];
      return who && 'userId' in who ? { words, how: 'beyond doubt' } : undefined;
    },

    read(words) {
      const others = words.filter((word) => !BROWSERS.test(word) && !JOINS.test(word));
      // A user may have that name.
      const browsers = words.some((word) => BROWSERS.test(word)) && others.length > 0;
      return readPerson(browsers ? others : words, (more) =>
        more.length === 0 ? { browsers } : undefined,
      );
    },

    async run({ who, browsers }, call) {
      const { lookUps } = services;
      const { seal } = services.slack;
      const owner = await findOwner(services, who, call);
      if ('problem' in owner) return nobodyFound({ ...services, ...services.guard }, owner, call);

      const { id } = owner.user;
      void lookUps.found(id, call);
      const found = await list(services, id, { ...call.securid, includeBrowsers: browsers });
      if (!found && services.authenticatorApi === 2) return view.noSuchUser(id);
      // Version 1 answers 404 both to a user without authenticators and to an unknown one.
      if (!found && 'userId' in owner.key) return view.nothingOrNobody(id);

      const more = { operation: 'authenticators', input: { who: owner.key, browsers: true } };
      const all = found ?? { devices: [], sidTokens: [], fidoTokens: [] };
      const { key, user } = owner;
      const can =
        'userId' in key || !('emailAddress' in user)
          ? { leads: [], left: 0 }
          : await leadsFor(services, { user, key, found: all }, call);
      const shown = view.authenticators({
        owner: user,
        found: all,
        browsers,
        now: services.clock.now(),
        left: can.left,
        below: [
          ...(await leads(seal, can.leads)),
          ...(browsers
            ? []
            : rowOf(await followUp(seal, 'Show browsers', { ...more, replace: true }))),
        ],
      });
      return saying(owner, shown);
    },
  });

/** Wherever it stands. */
const BROWSERS = /^[-+]*browsers?$/i;
const JOINS = /^(?:with|and|including)$/i;

type Owner = { user: UserDetails | { id: string }; key: Target };

/** With a SecurID id, no user has to be looked up. */
async function findOwner(services: Services, who: Who, call: Call) {
  if (!('userId' in who)) return findUser(services, who, call);
  void call.audit.note('look-up', { target: who.userId });
  return { user: { id: who.userId }, key: who } satisfies Owner;
}
