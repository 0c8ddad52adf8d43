import { says } from '../../verb-words.ts';
import {
  type DoneToken,
  done as doneToken,
  type TokenNow,
  refusals as tokenRefusals,
  tokenWords,
} from '../token-view.ts';

export const words = tokenWords({
  base: 'enable',
  third: 'enables',
  past: 'enabled',
  ing: 'enabling',
  withheld: 'cannot have a token enabled',
});

export const title = (name: string) => `Enable a token of ${name}`;

export const verify = 'Verify and enable';
export const submit = 'Enable';
export const reasons = 'Token found again, …';
export const warning = 'Anyone who has the token and its PIN can sign in with it again.';

export const checking = (name: string) => `Checking whether a token of ${name} can be enabled`;
export const asking = (name: string) => `Asking SecurID to enable a token of ${name}`;
export const silence = 'If nothing appears within half a minute, look the token up.';

export const approval = `The token is enabled right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the token was not enabled.';

export const unknown =
  'SecurID may have enabled the token, but no usable answer arrived. `/securid token` shows its status.';

export const ALREADY = 'The token is already enabled.';
export const EXPIRED =
  'The token has expired: enabled or not, nobody can sign in with it. Give the user another one.';
export const refusals = tokenRefusals(words.none);

/** Whether the token's record shows the change. */
export const isDone = ({ tokenStatus }: NonNullable<TokenNow>) => says(tokenStatus, 'Enabled');

export const done = (made: DoneToken) => doneToken(made, isDone);
