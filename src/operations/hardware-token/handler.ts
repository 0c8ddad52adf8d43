import { z } from 'zod';
import type { CallOptions, HardwareToken, SecurID } from '../../securid/index.ts';
import { followUp } from '../follow-up.ts';
import { defineOperation, type Services } from '../operation.ts';
import { readSerials } from '../words.ts';
import * as view from './view.ts';

/** The length of the serial number on a SecurID 700; its leading zeros are easily left out. */
const SERIAL_LENGTH = 12;

/** `/securid token <serial>`: the record of a hardware token. */
export const hardwareToken = ({ securid, seal, clock }: Services) =>
  defineOperation({
    name: 'token',
    aliases: [],
    role: ['agent', 'approver'],
    args: '<serial>',
    example: '/securid token 000000900001',
    summary: "a hardware token's record, by the serial number on its back",
    input: z.object({ serial: z.string() }),

    read(words) {
      if (words.length === 0) return undefined;
      const [serial, ...more] = readSerials(words);
      if (more.length > 0) return { problem: view.oneAtATime() };
      return serial ? { serial } : { problem: view.noSerial() };
    },

    async run({ serial }, call) {
      void call.audit.note('look-up', { target: serial });
      const token = await find(securid, serial, call);
      if (!token) return view.noSuchToken(serial);

      const owner = token.userId && {
        operation: 'authenticators',
        input: { who: { userId: token.userId }, browsers: false },
      };
      return view.hardwareToken(
        token,
        owner ? [await followUp(seal, "Owner's authenticators", owner)] : [],
        clock.now(),
      );
    },
  });

async function find(
  securid: SecurID,
  serial: string,
  options: CallOptions,
): Promise<HardwareToken | undefined> {
  const token = await securid.hardwareTokens.find(serial, options);
  if (token || serial.length >= SERIAL_LENGTH) return token;
  return securid.hardwareTokens.find(serial.padStart(SERIAL_LENGTH, '0'), options);
}
