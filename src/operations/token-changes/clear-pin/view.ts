import type { Words } from '../../../guard/change/words.ts';
import { paragraph } from '../../../slack/blocks.ts';
import {
  type DoneToken,
  done as doneToken,
  type TokenNow,
  refusals as tokenRefusals,
} from '../token-view.ts';

export const words: Words = {
  thing: 'PIN reset',
  short: 'reset',
  one: 'a PIN reset',
  did: 'cleared the PIN of a hardware token',
  doing: 'clear PINs',
  done: 'carried out',
  notice: 'The PIN of a hardware token of your SecurID account was cleared',
  none: 'The PIN was not cleared.',
  noneOfIt: 'The PIN was not cleared.',
  noneYet: 'The PIN has not been cleared yet.',
  notAsked: 'the PIN was not cleared',
  action: 'clear the PINs of hardware tokens',
  act: 'clear it',
  noun: 'clearing the PIN',
  withheld: 'cannot have a PIN cleared',
  declines: 'clears no PIN',
  stopped: 'no PINs are cleared',
  allowed: 'this PIN may be cleared',
};

export const title = (name: string) => `Clear a token PIN for ${name}`;

export const verify = 'Verify and clear PIN';
export const submit = 'Clear PIN';
export const reasons = 'PIN forgotten, …';
export const warning = 'Anyone who has the token can then set a PIN of their own.';

export const checking = (name: string) => `Checking whether a token PIN can be cleared for ${name}`;
export const asking = (name: string) => `Asking SecurID to clear a token PIN for ${name}`;
export const silence = 'If nothing appears within half a minute, look the token up.';

export const approval = `The PIN is cleared right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the PIN was not cleared.';

export const unknown =
  'SecurID may have cleared the PIN, but no usable answer arrived. `/securid token` shows whether one is set.';

export const NO_PIN = 'The token has no PIN, so there is none to clear.';
export const EXPIRED =
  'The token has expired: with or without a PIN, nobody can sign in with it. Give the user another one.';
export const refusals = tokenRefusals(words.none);

/** Whether the token's record shows the change. */
export const isDone = ({ pinSet }: NonNullable<TokenNow>) => pinSet === false;

export const done = (made: DoneToken) => [...doneToken(made, isDone), NEXT];

const NEXT = paragraph(
  'SecurID asks the user for a new PIN, at the next sign-in with the token or on My Page.',
);
