import { z } from 'zod';
import { refusalAfresh } from '../call.ts';
import { defineOperation, type Services } from '../operation.ts';
import * as view from './view.ts';

/** `/securid lockdown on|off`: stops all issuing of registration codes at once, or allows it again. */
export const lockdownSwitch = ({ lockdown, roles }: Services) =>
  defineOperation({
    name: 'lockdown',
    aliases: [],
    role: 'approver',
    args: 'on|off',
    example: '/securid lockdown on',
    summary: 'stops all registration codes at once, or allows them again',
    input: z.object({ on: z.boolean() }),

    read(words) {
      const [word, ...more] = words.map((one) => one.toLowerCase());
      if (more.length > 0 || (word !== 'on' && word !== 'off')) return undefined;
      return { on: word === 'on' };
    },

    async run({ on }, call) {
      const { audit } = call;
      if (on) {
        // At once, whether or not it can be recorded.
        const given = await lockdown.set(true);
        await audit.note('lockdown on');
        return view.isOn(given);
      }
      const refusal = await refusalAfresh({ roles }, call, 'approver');
      if (refusal) return refusal;
      // Whoever does not know of it has nothing to record.
      await lockdown.isOn();
      await audit.write('lockdown off');
      const given = await lockdown.set(false);
      if (given.told) return view.isOff(given);
      // The trail's last word is what stands.
      await audit.note('lockdown on', { failure: 'it could not be lifted everywhere' });
      return view.staysOn();
    },
  });
