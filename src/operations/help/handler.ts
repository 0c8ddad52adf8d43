import { z } from 'zod';
import { refusalFor } from '../../desk/call.ts';
import { defineOperation, type OperationText } from '../../desk/operation.ts';
import { hasRole } from '../../desk/roles.ts';
import type { Services } from '../services.ts';
import * as view from './view.ts';

/** `/securid help`: what the person asking may do. */
export const help = (services: Services, operations: OperationText[]) =>
  defineOperation({
    name: 'help',
    aliases: ['?'],
    role: undefined,
    args: '',
    example: '/securid help',
    summary: 'this list',
    input: z.object({}),
    read: () => ({}),
    async run(_, call) {
      const mayUse = operations.filter(({ role }) => role && hasRole(call.access, role));
      const refusal = refusalFor(services, call, 'any');
      if (refusal) return refusal;
      // `help` works even if the lockdown's state is unknown.
      const { lockdown, changes } = services.guard;
      const on = await lockdown.isOn().catch(() => false);
      return view.help(mayUse, {
        on,
        ofLostState: lockdown.isOfLostState(),
        stopped: changes.stopped,
      });
    },
  });
