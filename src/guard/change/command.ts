import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { registeredDevices } from '../../desk/devices.ts';
import { tryAgain } from '../../desk/follow-up.ts';
import { defineOperation } from '../../desk/operation.ts';
import { Platform, readPlatform } from '../../desk/platforms.ts';
import { personForm } from '../../desk/task-form.ts';
import { findUser, readPerson, saying } from '../../desk/who.ts';
import { Who } from '../../desk/words.ts';
import { LIMITS } from '../../slack/limits.ts';
import type { Seal } from '../../slack/seal.ts';
import { CARD_LIFETIME, type Card, Typed, VERIFY } from '../form/card.ts';
import * as view from '../form/view.ts';
import { isRefusal } from '../gate/gate.ts';
import { UNTOLD } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import { REGISTRATION_CODE } from './registration-code.ts';

/** `/securid code <who> [platform]`: shows who that is and asks once more; nothing is issued yet. */
export const registrationCode = (services: GuardServices) =>
  defineOperation({
    name: 'code',
    aliases: [],
    role: 'agent',
    args: '<who> [ios|android|windows|macos]',
    example: '/securid code jane@example.com ios',
    summary: 'a one-time device registration code, after a question',
    form: personForm('Issue a registration code', 'Next'),
    namedBy: (words) => (readPlatform(words) ? { words: [], how: 'beyond doubt' } : undefined),
    input: z.object({ who: Who, platform: Platform.optional(), typed: Typed.optional() }),

    read(words) {
      const [first = '', ...rest] = words;
      const before = readPlatform([first]);
      // A platform alone names nobody.
      if (before && rest.length === 0) return undefined;
      if (before && !readPlatform(rest)) {
        return readPerson(rest, (more) => (more.length === 0 ? { platform: before } : undefined));
      }
      return readPerson(words, (more) => {
        const platform = readPlatform(more);
        if (more.length === 0) return {};
        return platform && { platform };
      });
    },

    async run({ who, platform, typed }, call) {
      const { seal, gate, lookUps } = services;
      const found = await findUser(services, who, call);
      if ('problem' in found) return found.problem;
      const { user, key } = found;

      void lookUps.found(user.id, call);
      const {
        userId: agent,
        access,
        securid: { until, lane },
      } = call;
      const [verdict, registered] = await Promise.all([
        gate.forCard(REGISTRATION_CODE, { agentId: agent, access, user, until, lane }),
        registeredDevices(services, user.id, call),
      ]);
      const refusal = isRefusal(verdict) ? verdict : undefined;
      if (refusal) {
        call.progress.outcome = 'refused';
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
        typed,
        needsApproval,
      };
      const shown = view.card({
        user,
        registered,
        refusal: refusal?.sentence,
        needsApproval,
        verify: await sealed(seal, card),
        again: refusal?.rule === UNTOLD ? await tryAgain(seal, call.progress.again) : [],
      });
      return saying(found, shown);
    },
  });

/** What was filled in before goes with it, unless that is more than a button carries. */
async function sealed(seal: Seal, card: Card): Promise<string> {
  const whole = await seal.close(VERIFY, card, CARD_LIFETIME);
  const { typed: _, ...rest } = card;
  return whole.length > LIMITS.buttonValue ? seal.close(VERIFY, rest, CARD_LIFETIME) : whole;
}
