import { z } from 'zod';
import { followUp } from '../../desk/follow-up.ts';
import { type Call, defineOperation } from '../../desk/operation.ts';
import { readSerials } from '../../desk/words.ts';
import { type HardwareToken, type SecurID, SecurIDError } from '../../securid/index.ts';
import type { Services } from '../services.ts';
import { form } from './form.ts';
import * as view from './view.ts';

/** The length of a SecurID 700's serial number. Agents often leave out its leading zeros. */
const SERIAL_LENGTH = 12;

/** `/securid token <serial>`: a hardware token's record. */
export const hardwareToken = ({ securid, clock, slack: { seal } }: Services) =>
  defineOperation({
    name: 'token',
    aliases: [],
    role: ['agent', 'approver'],
    args: '<serial>',
    example: '/securid token 000000900001',
    summary: "a hardware token's record, by the serial number on its back",
    form,
    input: z.object({ serial: z.string() }),

    namedBy: (words) =>
      readSerials(words).length > 0 ? { words, how: 'beyond doubt' } : undefined,

    read(words) {
      if (words.length === 0) return undefined;
      const [serial, ...more] = readSerials(words);
      if (more.length > 0) return { problem: view.oneAtATime() };
      return serial ? { serial } : { problem: view.noSerial() };
    },

    async run({ serial }, call) {
      void call.audit.note('look-up', { target: serial });
      const { tokens, withoutDevices } = await find(securid, serial, call);
      const [token, ...others] = tokens;
      if (!token) {
        const user = { operation: 'user', input: { who: { username: serial } } };
        const isShort = serial.length < SERIAL_LENGTH;
        const buttons = isShort ? [await followUp(seal, 'Look for a user of that name', user)] : [];
        return view.noSuchToken(serial, { withoutDevices, buttons });
      }

      const owner = token.userId && {
        operation: 'authenticators',
        input: { who: { userId: token.userId }, browsers: false },
      };
      return view.hardwareToken(token, {
        others,
        buttons: owner ? [await followUp(seal, "Owner's authenticators", owner)] : [],
        now: clock.now(),
      });
    },
  });

/** `withoutDevices`: SecurID could not say whether a DS100 has that number on its back. */
type Found = { tokens: HardwareToken[]; withoutDevices?: boolean };

async function find(securid: SecurID, serial: string, call: Call): Promise<Found> {
  const spellings = [serial, serial.padStart(SERIAL_LENGTH, '0')];
  for (const spelling of new Set(spellings)) {
    const token = await securid.hardwareTokens.find(spelling, call.securid);
    if (token) return { tokens: [token] };
  }
  try {
    return { tokens: await securid.hardwareTokens.onDevice(serial, call.securid) };
  } catch (error) {
    if (!(error instanceof SecurIDError) || !MISSING.has(error.code)) throw error;
    call.log.warn({ err: error }, 'SecurID does not look up a DS100 by its number for this app');
    return { tokens: [], withoutDevices: true };
  }
}

/** The key lacks the permission, or the tenant the API. The other answers still count. */
const MISSING = new Set(['NOT_AUTHORIZED', 'UNEXPECTED_RESPONSE', 'INVALID_REQUEST', 'REFUSED']);
