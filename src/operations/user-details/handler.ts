import { z } from 'zod';
import { list } from '../../desk/devices.ts';
import { findUser, saying } from '../../desk/find-user.ts';
import { leads, sealAhead } from '../../desk/leads.ts';
import { type Call, defineOperation } from '../../desk/operation.ts';
import { fromUserName, namesAPerson, nothingMore, readPerson } from '../../desk/read-person.ts';
import { personForm } from '../../desk/task-form.ts';
import { readWho, Who } from '../../desk/words.ts';
import { nobodyFound } from '../../guard/change/nobody.ts';
import type { Authenticators } from '../../securid/index.ts';
import type { Services } from '../services.ts';
import { asIfAll, leadsOf } from './leads-of.ts';
import * as view from './view.ts';

/** How long the rest of the card waits for the authenticators, in milliseconds. */
const WORTH_WAITING = 8000;

const NONE: Authenticators = { devices: [], sidTokens: [], fidoTokens: [] };

const read = (words: string[]) => readPerson(words, nothingMore);

/** `/securid user <who>`: a user's card. */
export const userDetails = (services: Services) =>
  defineOperation({
    name: 'user',
    aliases: [],
    role: ['agent', 'approver'],
    args: '<who>',
    example: '/securid user jane@example.com',
    summary: "a user's card: what is wrong, the authenticators, and what can be done now",
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
      const { guard, lookUps, slack, clock } = services;
      const found = await findUser(services, who, call);
      if ('problem' in found) return nobodyFound({ ...services, ...services.guard }, found, call);
      const { user, key } = found;
      void lookUps.found(user.id, call);

      const asked = authenticatorsOf(services, user.id, call);
      const seal = sealAhead(slack.seal, leadsOf(key, asIfAll(guard.changes), undefined));
      const [authenticators, offers] = await Promise.all([
        asked,
        guard.offers(call, { user, authenticators: asked }),
      ]);
      const card = view.userCard(user, {
        authenticators,
        withTokens: services.authenticatorApi === 2,
        now: clock.now(),
        withheld: offers.withheld,
        buttons: await leads(seal, leadsOf(key, offers, authenticators)),
      });
      return saying(found, card);
    },
  });

/** `undefined` if SecurID does not say: the card is useful without them. */
async function authenticatorsOf(
  services: Services,
  userId: string,
  call: Call,
): Promise<Authenticators | undefined> {
  try {
    const until = Math.min(call.securid.until, services.clock.elapsed() + WORTH_WAITING);
    const found = await list(services, userId, { ...call.securid, until, includeBrowsers: false });
    // Version 1 answers 404 to a user without authenticators.
    return found ?? (services.authenticatorApi === 1 ? NONE : undefined);
  } catch (error) {
    call.log.warn({ err: error }, 'the authenticators on the card are unknown');
    return undefined;
  }
}
