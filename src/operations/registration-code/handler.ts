import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Authenticators } from '../../securid/index.ts';
import { list } from '../authenticators/handler.ts';
import { type Call, defineOperation, type Services } from '../operation.ts';
import { noLookUpById } from '../user-details/view.ts';
import { findTarget, nobody, readPerson, targetWords } from '../who.ts';
import { Who } from '../words.ts';
import { CARD_LIFETIME, type Card, Platform, VERIFY } from './card.ts';
import { isRefusal } from './gate.ts';
import * as view from './view.ts';

/** `/securid code <who> [platform]`: shows who that is and asks once more; nothing is issued yet. */
export const registrationCode = (services: Services) =>
  defineOperation({
    name: 'code',
    aliases: [],
    role: 'agent',
    args: '<who> [ios|android|windows|macos]',
    example: '/securid code jane@example.com ios',
    summary: 'a one-time device registration code, after a question',
    input: z.object({ who: Who, platform: Platform.optional() }),

    read(words) {
      const person = readPerson(words);
      if (!person || 'problem' in person) return person;
      const [platform, ...more] = person.rest;
      if (platform === undefined) return { who: person.who };
      const { data } = Platform.safeParse(platform.toLowerCase());
      return data && more.length === 0 ? { who: person.who, platform: data } : undefined;
    },

    async run({ who, platform }, call) {
      const { securid, people, seal, gate, lookUps } = services;
      const key = await findTarget(who, people);
      if ('problem' in key) return key.problem;
      if ('userId' in key) return noLookUpById();

      void call.audit.note('look-up', { target: targetWords(key) });
      const user = await securid.users.find(key, call);
      if (!user) return nobody(key);

      void lookUps.found(user.id, call);
      const { userId: agent, standing, until, lane } = call;
      const [verdict, registered] = await Promise.all([
        gate.forCard({ agentId: agent, standing, user, until, lane }),
        registeredDevices(services, user.id, call),
      ]);
      const refusal = isRefusal(verdict) ? verdict : undefined;
      if (refusal) {
        call.course.outcome = 'refused';
        void call.audit.note('refusal', { target: user.id, reason: refusal.rule });
      }
      const name = view.nameOf(user);
      const needsApproval = verdict !== 'may' && !refusal;
      const card: Card = {
        id: randomUUID(),
        key,
        userId: user.id,
        name,
        agent,
        platform,
        needsApproval,
      };
      return view.card({
        user,
        registered,
        refusal: refusal?.sentence,
        needsApproval,
        verify: await seal.close(VERIFY, card, CARD_LIFETIME),
      });
    },
  });

/** Devices, without browsers. `undefined` when SecurID does not tell: the card is worth showing all the same. */
export async function registeredDevices(
  services: Services,
  userId: string,
  { until, lane, took, log }: Pick<Call, 'until' | 'lane' | 'took' | 'log'>,
): Promise<Authenticators['devices'] | undefined> {
  try {
    const found = await list(services, userId, { includeBrowsers: false, until, lane, took });
    return found?.devices.filter(({ browser }) => !browser) ?? [];
  } catch (error) {
    log.warn({ err: error }, 'registered devices are unknown');
    return undefined;
  }
}
