import { z } from 'zod';
import { defineChange } from '../../guard/change/define-change.ts';
import { setting } from './status.ts';
import * as view from './view.ts';
import { ALREADY, UNKNOWN_STATUS } from './view.ts';

/**
 * `/securid enable <who>`: lets a disabled user sign in again. It always counts as new access: SecurID does
 * not say who disabled a user, or when, so that nobody can tell whether this app did it last.
 */
export const enableUser = defineChange({
  name: 'enable',
  switchedBy: 'user',
  risk: 'grants',
  needsUser: ['not pending deletion'],
  args: '',
  example: '/securid enable jane@example.com',
  summary: 'enables a disabled user',
  button: 'Enable user',
  task: 'Enable a user',

  input: z.object({}),
  fields: [],
  unable({ userStatus }) {
    if (userStatus === 'Disabled') return undefined;
    return userStatus === 'Enabled' ? ALREADY : UNKNOWN_STATUS;
  },
  suits: ({ userStatus, markDeleted }) =>
    userStatus === 'Disabled' && markDeleted !== true ? 'now' : undefined,

  ...setting('Enabled'),
  // Whoever comes back often has another phone.
  next: ({ key }) => [
    { label: 'User details', operation: 'user', input: { who: key } },
    { label: 'Registration code', operation: 'code', input: { who: key } },
  ],
  view,
});
