import { says } from '../../verb-words.ts';
import {
  type DoneToken,
  done as doneToken,
  type TokenNow,
  refusals as tokenRefusals,
  tokenWords,
} from '../token-view.ts';

export const words = tokenWords({
  base: 'disable',
  third: 'disables',
  past: 'disabled',
  ing: 'disabling',
  withheld: 'cannot have a token disabled',
});

export const title = (name: string) => `Disable a token of ${name}`;

export const verify = 'Disable the token';
export const submit = 'Disable';
export const reasons = 'Token lost, stolen, …';
export const warning = 'Nobody can sign in with the token until it is enabled again.';

export const checking = (name: string) => `Checking whether a token of ${name} can be disabled`;
export const asking = (name: string) => `Asking SecurID to disable a token of ${name}`;
export const silence = 'If nothing appears within half a minute, look the token up.';

export const approval = `The token is disabled right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the token was not disabled.';

export const unknown =
  'SecurID may have disabled the token, but no usable answer arrived. `/securid token` shows its status.';

export const ALREADY = 'The token is already disabled.';
export const refusals = tokenRefusals(words.none);

/** Whether the token's record shows the change. */
export const isDone = ({ tokenStatus }: NonNullable<TokenNow>) => says(tokenStatus, 'Disabled');

export const done = (made: DoneToken) => doneToken(made, isDone);
