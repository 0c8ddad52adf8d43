import { defineChange } from '../../../guard/change/define-change.ts';
import { hasExpired } from '../../hardware-token/state.ts';
import { ALSO_DS100, cardOfOwned, lookAgainAtOwned, owned, TOKEN_CHANGE } from '../token-change.ts';
import * as view from './view.ts';
import { EXPIRED, isDone, NO_PIN } from './view.ts';

/** Clears the PIN of somebody's token, who has forgotten it and sets a new one. */
export const clearTokenPin = defineChange({
  ...TOKEN_CHANGE,
  ...ALSO_DS100,
  name: 'token-clear-pin',
  api: 'PATCH v2/users/{userId}/sidTokens/clearPin',
  risk: 'grants',
  needsUser: ['enabled', 'not pending deletion'],
  button: 'Clear PIN',
  card: cardOfOwned((token, now) => {
    if (hasExpired(token, now)) return EXPIRED;
    return token.pinSet === false ? NO_PIN : undefined;
  }),
  perform: ({ securid, ...asked }, options) =>
    asked.input.device
      ? securid.hardwareTokens.clearPinDs100(owned(asked), options)
      : securid.hardwareTokens.clearPin(owned(asked), options),
  lookAgain: lookAgainAtOwned(isDone),
  view,
});
