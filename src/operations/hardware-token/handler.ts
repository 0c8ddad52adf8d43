import { z } from 'zod';
import { followUp, withButtons } from '../../desk/follow-up.ts';
import { type Call, defineOperation } from '../../desk/operation.ts';
import { readSerials, Who } from '../../desk/words.ts';
import type { Services } from '../services.ts';
import { TokenChangeName } from '../token-changes/names.ts';
import { changeAsked } from './change-asked.ts';
import { deviceNumberOf, findToken, SERIAL_LENGTH } from './find-token.ts';
import { form } from './form.ts';
import { leadsFor } from './leads-for.ts';
import { type Owner, ownerOf } from './owner.ts';
import * as view from './view.ts';
import { claimsChange, namesAChange, readToken } from './words.ts';

const Input = z.object({
  serial: z.string(),
  change: TokenChangeName.optional(),
  who: Who.optional(),
});

/** `/securid token <serial>`: a hardware token's record, and what can be done with it. */
export const hardwareToken = (services: Services) => {
  const isChangeable = services.guard.changes.on.some(({ switchedBy }) => switchedBy === 'token');
  return defineOperation({
    name: 'token',
    aliases: [],
    role: ['agent', 'approver'],
    args: isChangeable ? '<serial> [disable|enable|clear-pin|unassign|assign <who>]' : '<serial>',
    example: '/securid token 000000900001',
    summary: "a hardware token's record, by the serial number on its back",
    form,
    input: Input,
    claims: claimsChange,
    namedBy: (words) =>
      readSerials(words).length > 0 || namesAChange(words)
        ? { words, how: 'beyond doubt' }
        : undefined,
    read: readToken,
    run: (asked, call) => answer(services, isChangeable, asked, call),
  });
};

async function answer(
  services: Services,
  isChangeable: boolean,
  { serial, change, who }: z.output<typeof Input>,
  call: Call,
) {
  const { securid, clock } = services;
  void call.audit.note('look-up', { target: serial });
  const { tokens, withoutDevices } = await findToken(securid, serial, call);
  const [token, ...others] = tokens;
  if (!token) return noSuchToken(services, serial, withoutDevices);
  if (change) return changeAsked(services, { token, change, who }, call);

  const [owner, device] = await Promise.all([
    // The card is useful without them.
    ownerOf(services, token, call, who).catch((error: unknown): Owner => {
      call.log.warn({ err: error }, 'the owner of a token could not be read');
      return 'unknown';
    }),
    isChangeable ? deviceNumberOf(securid, token, call) : token.deviceSerialNumber,
  ]);
  const known = typeof owner === 'object' && 'user' in owner ? owner : undefined;
  return view.hardwareToken(token, {
    others,
    owner: known?.user,
    device,
    below: await leadsFor(services, { token, owner: known, device }, call),
    now: clock.now(),
  });
}

async function noSuchToken(
  { slack: { seal } }: Services,
  serial: string,
  withoutDevices: boolean | undefined,
) {
  const user = { operation: 'user', input: { who: { username: serial } } };
  const isShort = serial.length < SERIAL_LENGTH;
  const buttons = isShort ? [await followUp(seal, 'Look for a user of that name', user)] : [];
  return withButtons(view.noSuchToken(serial, withoutDevices), buttons);
}
