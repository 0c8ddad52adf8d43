import { z } from 'zod';
import { keyOf } from '../../desk/user.ts';
import { defineChange } from '../../guard/change/define-change.ts';
import { FOLLOWS_DIRECTORY } from './limit.ts';
import * as view from './view.ts';

/** `/securid sync <who>`: updates SecurID's record from the directory, and shows it. */
export const sync = defineChange({
  name: 'sync',
  api: 'POST v1/users/{userId}/sync',
  scope: 'rsa.user.sync',
  risk: 'refreshes',
  needsUser: [],
  // A token names its owner by id alone.
  withoutRecord: 'by id',
  args: '',
  example: '/securid sync jane@example.com',
  summary: "updates a user's record from the directory, and shows it",
  button: 'Synchronize',
  task: 'Synchronize a user',

  input: z.object({}),
  fields: [],
  limits: [FOLLOWS_DIRECTORY],
  perform: ({ securid, user }, options) => securid.users.sync(user.id, options),
  next({ answer }) {
    const who = keyOf(answer);
    return who ? [{ label: 'User details', operation: 'user', input: { who } }] : [];
  },
  view,
});
