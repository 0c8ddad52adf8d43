import { defineChange } from '../../../guard/change/define-change.ts';
import { cardOfOwned, isDs100, lookAgainFor, owned, TOKEN_CHANGE } from '../token-change.ts';
import * as view from './view.ts';
import { isDone, ON_DEVICE } from './view.ts';

/** Takes a token from its owner, so that it can be assigned to somebody else. */
export const unassignToken = defineChange({
  ...TOKEN_CHANGE,
  name: 'token-unassign',
  api: 'PATCH v1/users/{userId}/sidTokens/unassign',
  risk: 'grants',
  needsUser: [],
  button: 'Unassign token',
  card: cardOfOwned((token) => (isDs100(token) ? ON_DEVICE : undefined)),
  perform: ({ securid, ...asked }, options) =>
    securid.hardwareTokens.unassign(owned(asked), options),
  next: ({ input: { serial } }) => [{ label: 'Show token', operation: 'token', input: { serial } }],
  lookAgain: lookAgainFor(isDone),
  view,
});
