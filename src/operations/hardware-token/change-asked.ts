import { refusalFor } from '../../desk/call.ts';
import type { Call, Operation } from '../../desk/operation.ts';
import type { Who } from '../../desk/words.ts';
import type { HardwareToken } from '../../securid/index.ts';
import type { Message } from '../../slack/blocks.ts';
import type { Services } from '../services.ts';
import type { TokenChangeName } from '../token-changes/names.ts';
import { deviceNumberOf } from './find-token.ts';
import { ownerOf } from './owner.ts';
import { synchronizeOwner } from './synchronize-owner.ts';
import * as view from './view.ts';

type Asked = { token: HardwareToken; change: TokenChangeName; who: Who | undefined };

/** The card of a change that was typed behind a serial number, or what is missing for it. */
export async function changeAsked(services: Services, asked: Asked, call: Call): Promise<Message> {
  const { token, change, who } = asked;
  const { guard, securid } = services;
  const name = `token-${change}`;
  const operation = [...guard.commands, ...guard.switchedOff].find((one) => one.name === name);
  if (!operation) throw new Error(`no operation is called ${name}`);
  const refusal = refusalFor(services, call, operation.role);
  if (refusal) return refusal;
  const isOn = guard.commands.includes(operation);
  if (!isOn) return cardOf(operation, {}, call);

  const serial = token.tokenSerialNumber ?? '';
  if (change === 'assign') {
    return who ? cardOf(operation, { who, input: { serial } }, call) : view.forWhom(serial);
  }
  if (token.userId === undefined) return view.nobodys(serial);
  const [owner, device] = await Promise.all([
    ownerOf(services, token, call, who),
    deviceNumberOf(securid, token, call),
  ]);
  if (owner === 'somebody else') {
    return view.somebodyElses(serial, services.names.of(token.userId));
  }
  if (owner === 'unknown') {
    const { text, blocks } = view.whose(serial, change);
    return { text, blocks: [...blocks, ...(await synchronizeOwner(services, token, call))] };
  }
  if ('problem' in owner) return owner.problem;
  const input = { serial, ...(device && { device }) };
  return cardOf(operation, { who: owner.key, input }, call);
}

/** What the operation answers to a button with this input. */
function cardOf(operation: Operation, input: object, call: Call): Promise<Message> {
  const task = operation.pressed(input);
  if (!task) throw new Error(`${operation.name} does not take its own input`);
  return task(call);
}
