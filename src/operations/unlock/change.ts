import { z } from 'zod';
import { unlockable } from '../../desk/locks.ts';
import { defineChange } from '../../guard/change/define-change.ts';
import * as view from './view.ts';
import { card, methods as lockedMethods, methodNames, nothingToUnlock } from './view.ts';

/** The methods that were locked when the card was made, in RSA's words. */
const Methods = z.string().regex(/^(?:TOKEN|SMS|VOICE)(?: (?:TOKEN|SMS|VOICE))*$/);

/** `/securid unlock <who>`: unlocks tokencodes that were locked after too many failed attempts. */
export const unlock = defineChange({
  name: 'unlock',
  api: 'PATCH v1/users/{userId}/methods',
  scope: 'rsa.user.factor.manage',
  risk: 'restores',
  needsUser: ['enabled', 'not pending deletion'],
  args: '',
  example: '/securid unlock jane@example.com',
  summary: "unlocks a user's OTP, SMS and voice tokencodes",
  button: 'Unlock',
  task: "Unlock a user's tokencodes",

  input: z.object({ methods: Methods }),
  fields: [],
  facts: ({ methods }) => lockedMethods(methods),
  which: ({ methods }) => methodNames(methods),
  settle: (user, asked) => ({ methods: stillLocked(user, asked?.methods).join(' ') }),
  suits: () => 'now',
  unable: (user, { methods }) =>
    stillLocked(user, methods).length > 0 ? undefined : nothingToUnlock(user),

  card: async (_, { user }) => card(user),
  perform: ({ securid, user, input }, options) =>
    securid.users.unlock(user.id, stillLocked(user, input.methods), options),
  async readBack({ securid, key, user }, options) {
    const found = await securid.users.find(key, options);
    return found?.id === user.id ? found : undefined;
  },
  view,
});

/** The requested methods, or all, that are still locked according to the record. */
const stillLocked = (user: Parameters<typeof unlockable>[0], methods?: string) =>
  unlockable(user).filter((method) => methods?.split(' ').includes(method) ?? true);
