import { defineChange } from '../../../guard/change/define-change.ts';
import { isEnabled } from '../../hardware-token/state.ts';
import {
  ALSO_DS100,
  cardOfOwned,
  emergencyCode,
  lookAgainAtOwned,
  owned,
  showToken,
  TOKEN_CHANGE,
} from '../token-change.ts';
import * as view from './view.ts';
import { ALREADY, isDone } from './view.ts';

/** Disables somebody's token: nobody can sign in with it until it is enabled. */
export const disableToken = defineChange({
  ...TOKEN_CHANGE,
  ...ALSO_DS100,
  name: 'token-disable',
  api: 'PATCH v1/users/{userId}/sidTokens/disable',
  risk: 'protects',
  needsUser: [],
  button: 'Disable token',
  card: cardOfOwned((token) => (isEnabled(token.tokenStatus) ? undefined : ALREADY)),
  perform({ securid, ...asked }, options) {
    const { device } = asked.input;
    return device
      ? securid.hardwareTokens.disableDs100(
          { ...owned(asked), deviceSerialNumber: device },
          options,
        )
      : securid.hardwareTokens.disable(owned(asked), options);
  },
  lookAgain: lookAgainAtOwned(isDone),
  next: ({ key, input }) => [emergencyCode(key), showToken(key, input)],
  view,
});
