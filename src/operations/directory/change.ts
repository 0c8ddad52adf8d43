import { z } from 'zod';
import { defineChange } from '../../guard/change/define-change.ts';
import { FOLLOWS_DIRECTORY } from '../sync/limit.ts';
import * as view from './view.ts';

/**
 * *Look in the directory*, for somebody whom SecurID does not have: it takes them over if the directory has
 * them.
 */
export const lookInDirectory = defineChange({
  name: 'directory',
  switchedBy: 'sync',
  isTyped: false,
  api: 'POST v1/users/lookup',
  scope: 'rsa.user.read',
  risk: 'refreshes',
  needsUser: [],
  withoutRecord: 'by key',
  button: 'Look in the directory',

  input: z.object({}),
  fields: [],
  limits: [FOLLOWS_DIRECTORY],
  perform: ({ securid, key }, options) => securid.users.findInDirectory(key, options),
  next({ answer, key }) {
    if (answer) {
      return [
        { label: 'User details', operation: 'user', input: { who: key } },
        { label: 'Registration code', operation: 'code', input: { who: key } },
      ];
    }
    // A userPrincipalName looks like an address.
    if (!('email' in key)) return [];
    const who = { username: key.email };
    return [{ label: 'Look for that user name', operation: 'directory', input: { who } }];
  },
  view,
});
