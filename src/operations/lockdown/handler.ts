import { z } from 'zod';
import { refusalAfresh } from '../../desk/call.ts';
import { defineOperation } from '../../desk/operation.ts';
import type { Services } from '../services.ts';
import { closeQuestion } from './lift.ts';
import * as view from './view.ts';

/**
 * `/securid lockdown on|off`: stops all changes that give access at once, or asks whether to allow
 * them again. Without a word, says whether a lockdown is on.
 */
export function lockdownSwitch(services: Services) {
  const { lockdown, changes, announce } = services.guard;
  const { stopped } = changes;
  return defineOperation({
    name: 'lockdown',
    aliases: [],
    role: 'approver',
    changesState: true,
    args: '[on|off]',
    example: '/securid lockdown on',
    summary: `at once stops all ${stopped.many}, or allows them again; on its own it says whether there is a lockdown`,
    input: z.object({ order: z.enum(['on', 'off']).optional() }),

    read(words): { order?: 'on' | 'off' } | undefined {
      const [order, ...more] = words.map((one) => one.toLowerCase());
      if (more.length > 0) return undefined;
      if (order === 'on' || order === 'off') return { order };
      return order === undefined ? {} : undefined;
    },

    async run({ order }, call) {
      if (order === 'on') {
        // Right away, whether or not it can be recorded.
        const given = await lockdown.set(true);
        const isRecorded = await call.audit.note('lockdown on');
        announce(call, view.orderedBy(stopped, call.userId), isRecorded);
        return view.isOn(stopped, {
          ...given,
          outlivesRestart: given.outlivesRestart || isRecorded,
        });
      }
      const refusal = order && (await refusalAfresh(services, call, 'approver'));
      if (refusal) return refusal;
      // Asked first, because it also learns what the other instances know.
      const on = await lockdown.isOn();
      const { seq = 0, at = 0 } = lockdown.lastWord() ?? {};
      if (!on) return view.notOn(stopped);
      const since = new Date(at);
      if (!order) return view.state(stopped, since, lockdown.isOfLostState());
      return view.question(stopped, since, await closeQuestion(services, { by: call.userId, seq }));
    },
  });
}
