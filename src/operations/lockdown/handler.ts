import { z } from 'zod';
import { defineOperation, type Services } from '../operation.ts';
import * as view from './view.ts';

/** `/securid lockdown on|off`: stops all issuing of registration codes at once, or allows it again. */
export const lockdownSwitch = ({ lockdown }: Services) =>
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

    async run({ on }, { audit }) {
      if (on) {
        // At once, whether or not it can be recorded.
        lockdown.set(true);
        await audit.note('lockdown on');
        return view.isOn();
      }
      await audit.write('lockdown off');
      lockdown.set(false);
      return view.isOff();
    },
  });
