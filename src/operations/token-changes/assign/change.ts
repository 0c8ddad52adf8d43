import { defineChange } from '../../../guard/change/define-change.ts';
import { hasExpired } from '../../hardware-token/state.ts';
import { idOf, isDs100, isSame, lookAgainAtOwned, owned, TOKEN_CHANGE } from '../token-change.ts';
import { card, gone } from '../token-view.ts';
import * as view from './view.ts';
import { alreadyAssigned, EXPIRED, isDone, ON_DEVICE, THEIRS } from './view.ts';

/** Assigns a token that nobody has to a user, who then activates it. */
export const assignToken = defineChange({
  ...TOKEN_CHANGE,
  name: 'token-assign',
  api: 'PATCH v1/users/{userId}/sidTokens/assign',
  risk: 'grants',
  needsUser: ['enabled', 'not pending deletion'],
  button: 'Assign token',
  async card({ securid, clock, names }, { user, input: { serial = '' } }, call) {
    const token = await securid.hardwareTokens.find(serial, call.securid);
    if (!token) return card(serial, undefined, gone(serial));
    const { userId } = token;
    const show = (unable?: string) => card(serial, token, unable);
    if (userId !== undefined && isSame(userId, user.id)) return show(THEIRS);
    if (userId !== undefined) {
      return card(
        serial,
        token,
        alreadyAssigned(token.tokenSerialNumber ?? serial),
        names.of(userId) ?? idOf(userId),
      );
    }
    if (isDs100(token)) return show(ON_DEVICE);
    return show(hasExpired(token, clock.now()) ? EXPIRED : undefined);
  },
  perform: ({ securid, ...asked }, options) => securid.hardwareTokens.assign(owned(asked), options),
  lookAgain: lookAgainAtOwned(isDone),
  view,
});
