import { z } from 'zod';
import { defineChange } from '../../guard/change/define-change.ts';
import { setting } from '../enable-user/status.ts';
import * as view from './view.ts';
import { ALREADY } from './view.ts';

/** `/securid disable <who>`: nobody can sign in as this user until they are enabled again. */
export const disableUser = defineChange({
  name: 'disable',
  switchedBy: 'user',
  risk: 'protects',
  needsUser: [],
  args: '',
  example: '/securid disable jane@example.com',
  summary: 'disables a user, so that nobody can sign in as them',
  button: 'Disable user',
  task: 'Disable a user',

  input: z.object({}),
  fields: [],
  unable: ({ userStatus }) => (userStatus === 'Disabled' ? ALREADY : undefined),
  suits: ({ userStatus, markDeleted }) =>
    userStatus === 'Enabled' && markDeleted !== true ? 'possible' : undefined,

  onAlert: { button: 'Disable user' },

  ...setting('Disabled'),
  next: ({ key }) => [{ label: 'User details', operation: 'user', input: { who: key } }],
  view,
});
