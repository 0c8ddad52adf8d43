import { defineChange } from '../../../guard/change/define-change.ts';
import { hasExpired, isEnabled } from '../../hardware-token/state.ts';
import { ALSO_DS100, cardOfOwned, lookAgainAtOwned, owned, TOKEN_CHANGE } from '../token-change.ts';
import * as view from './view.ts';
import { ALREADY, EXPIRED, isDone } from './view.ts';

/** Enables somebody's token, which was lost and found again. */
export const enableToken = defineChange({
  ...TOKEN_CHANGE,
  ...ALSO_DS100,
  name: 'token-enable',
  api: 'PATCH v1/users/{userId}/sidTokens/enable',
  risk: 'restores',
  needsUser: ['enabled', 'not pending deletion'],
  button: 'Enable token',
  card: cardOfOwned((token, now) => {
    if (hasExpired(token, now)) return EXPIRED;
    return isEnabled(token.tokenStatus) ? ALREADY : undefined;
  }),
  perform({ securid, ...asked }, options) {
    const { device } = asked.input;
    return device
      ? securid.hardwareTokens.enableDs100({ ...owned(asked), deviceSerialNumber: device }, options)
      : securid.hardwareTokens.enable(owned(asked), options);
  },
  lookAgain: lookAgainAtOwned(isDone),
  view,
});
