import { z } from 'zod';
import { hasEmergencyAccess, tellsEmergencyAccess } from '../../desk/emergency-access.ts';
import { defineChange } from '../../guard/change/define-change.ts';
import type { CallOptions, SecurID, UserDetails, UserKey } from '../../securid/index.ts';
import * as view from './view.ts';
import { card, NO_CODE, NONE, OFFLINE_STAYS, stateNow } from './view.ts';

type About = { securid: SecurID; key: UserKey };

/** The record as it is now; `undefined` if the key leads to somebody else. */
async function now({ securid, key }: About, userId: string, options: CallOptions) {
  const found = await securid.users.find(key, options);
  return found?.id === userId ? found : undefined;
}

/** *End emergency access*: all of the user's emergency codes stop working, but the offline one. */
export const endEmergency = defineChange({
  name: 'end-emergency',
  switchedBy: 'emergency',
  isTyped: false,
  api: 'DELETE v1/users/{userId}/emergencyTokencode/{eacId}',
  scope: 'rsa.authenticator.emergency.manage',
  risk: 'protects',
  needsUser: [],
  button: 'End emergency access',

  /** RSA's id of the code, which is no secret. */
  input: z.object({ code: z.string() }),
  fields: [],
  facts: () => [],
  settle: ({ emergencyTokencodeId: code }) => ({ ...(code !== undefined && { code }) }),
  suits: (user) => (hasEmergencyAccess(user) ? 'possible' : undefined),
  unable(user) {
    if (!hasEmergencyAccess(user)) return NONE;
    return user.emergencyTokencodeId === undefined ? NO_CODE : undefined;
  },
  onReport: { ends: 'Emergency access', isThere: tellsEmergencyAccess, stays: OFFLINE_STAYS },

  card: async (_, { user }) => card(user),
  async perform({ securid, user, input }, options): Promise<UserDetails | undefined> {
    await securid.emergencyAccess.disable(user.id, input.code, options);
    return undefined;
  },
  readBack: (asked, options) => now(asked, asked.user.id, options),
  async lookAgain(asked, options) {
    const answer = await now(asked, asked.user.id, options);
    return { isMade: answer !== undefined && tellsEmergencyAccess(answer) === false, answer };
  },
  async explain({ securid }, { key, userId }, call) {
    const options = { ...call.securid, fresh: true };
    const found = await now({ securid, key }, userId, options).catch(() => undefined);
    return found ? stateNow(found) : [];
  },
  view,
});
