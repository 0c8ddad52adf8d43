import { says } from '../../verb-words.ts';
import {
  type DoneToken,
  done as doneToken,
  type TokenNow,
  refusals as tokenRefusals,
  tokenWords,
} from '../token-view.ts';

export const words = tokenWords({
  base: 'unassign',
  third: 'unassigns',
  past: 'unassigned',
  ing: 'unassigning',
  withheld: 'cannot have a token unassigned',
});

export const title = (name: string) => `Unassign a token from ${name}`;

export const verify = 'Verify and unassign';
export const submit = 'Unassign';
export const reasons = 'Token returned, …';
export const warning =
  'The user can no longer sign in with the token, and it can be given to somebody else.';

export const checking = (name: string) => `Checking whether a token can be unassigned from ${name}`;
export const asking = (name: string) => `Asking SecurID to unassign a token from ${name}`;
export const silence = 'If nothing appears within half a minute, look the token up.';

export const approval = `The token is unassigned right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the token was not unassigned.';

export const unknown =
  'SecurID may have unassigned the token, but no usable answer arrived. `/securid token` shows its owner.';

export const ON_DEVICE =
  'The OTP credential of a DS100 cannot be unassigned. Its user deletes it on My Page, or you do in the Cloud Administration Console.';
export const refusals = tokenRefusals(words.none);

/** Whether the token's record shows the change. */
export const isDone = ({ tokenState }: NonNullable<TokenNow>) => says(tokenState, 'Unassigned');

export const done = (made: DoneToken) => doneToken(made, isDone);
