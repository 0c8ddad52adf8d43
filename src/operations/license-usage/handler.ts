import { z } from 'zod';
import { defineOperation } from '../../desk/operation.ts';
import type { Services } from '../services.ts';
import { form } from './form.ts';

/** `/securid license [private]`: the license summary, in the channel by default. */
export const licenseUsage = ({ licenses }: Services) =>
  defineOperation({
    name: 'license',
    aliases: ['licence'],
    role: 'manager',
    args: '[private]',
    example: '/securid license',
    summary: 'the license summary, for everyone in the channel; `private` shows it to you alone',
    form,
    input: z.object({ inChannel: z.boolean() }),

    read(words) {
      const [only, ...more] = words.map((word) => word.toLowerCase());
      if (more.length > 0 || (only && only !== 'private')) return undefined;
      return { inChannel: only !== 'private' };
    },

    async run({ inChannel }, call) {
      void call.audit.note('look-up');
      const { message, onFallback } = licenses.summary(
        await licenses.months(call.securid),
        call.userId,
      );
      return { ...message, inChannel, onFallback };
    },
  });
