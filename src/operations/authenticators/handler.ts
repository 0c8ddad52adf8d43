import { z } from 'zod';
import type { Authenticators, CallOptions, UserDetails } from '../../securid/index.ts';
import { followUp } from '../follow-up.ts';
import { defineOperation, type Services } from '../operation.ts';
import { findTarget, nobody, readPerson, targetWords } from '../who.ts';
import { Who } from '../words.ts';
import * as view from './view.ts';

export type Query = CallOptions & { includeBrowsers: boolean };

/** `/securid authenticators <who> [browsers]`: what a person authenticates with. */
export const authenticators = (services: Services) =>
  defineOperation({
    name: 'authenticators',
    aliases: ['devices'],
    role: ['agent', 'approver'],
    args: '<who> [browsers]',
    example: '/securid authenticators jane@example.com',
    summary: "a person's devices, hardware tokens and FIDO credentials",
    input: z.object({ who: Who, browsers: z.boolean() }),

    read(words) {
      const person = readPerson(words);
      if (!person || 'problem' in person) return person;
      const [browsers, ...more] = person.rest.map((word) => word.toLowerCase());
      if (more.length > 0 || (browsers && browsers !== 'browsers')) return undefined;
      return { who: person.who, browsers: browsers === 'browsers' };
    },

    async run({ who, browsers }, call) {
      const { securid, people, seal, lookUps } = services;
      const { until, lane, took } = call;
      const target = await findTarget(who, people);
      if ('problem' in target) return target.problem;

      void call.audit.note('look-up', { target: targetWords(target) });
      const user = 'userId' in target ? undefined : await securid.users.find(target, call);
      if (!('userId' in target) && !user) return nobody(target);

      const userId = 'userId' in target ? target.userId : (user as UserDetails).id;
      void lookUps.found(userId, call);
      const found = await list(services, userId, { includeBrowsers: browsers, until, lane, took });
      if (!found && services.authenticatorApi === 2) return view.noSuchUser(userId);
      // Version 1 answers the same 404 to a user without authenticators and to no user.
      if (!found && !user) return view.nothingOrNobody(userId);

      const more = { operation: 'authenticators', input: { who: target, browsers: true } };
      return view.authenticators({
        owner: user ?? { id: userId },
        found: found ?? { devices: [], sidTokens: [], fidoTokens: [] },
        browsers,
        buttons: browsers
          ? []
          : [await followUp(seal, 'Show browsers', { ...more, replace: true })],
      });
    },
  });

/** Asks the version of the API that the configuration names. */
export function list(
  { securid, authenticatorApi }: Pick<Services, 'securid' | 'authenticatorApi'>,
  userId: string,
  query: Query,
): Promise<Authenticators | undefined> {
  return authenticatorApi === 1
    ? securid.authenticators.detailsV1(userId, query)
    : securid.authenticators.detailsV2(userId, query);
}
