import { paragraph, verbatim } from '../../../slack/blocks.ts';
import { escapeMrkdwn, oneLine } from '../../../slack/mrkdwn.ts';
import { says } from '../../verb-words.ts';
import {
  type DoneToken,
  done as doneToken,
  type TokenNow,
  refusals as tokenRefusals,
  tokenWords,
} from '../token-view.ts';

export const words = {
  ...tokenWords({
    base: 'assign',
    third: 'assigns',
    past: 'assigned',
    ing: 'assigning',
    withheld: 'gets no token',
  }),
  notice: 'A hardware token was assigned to your SecurID account',
};

export const title = (name: string) => `Assign a token to ${name}`;

export const verify = 'Verify and assign';
export const submit = 'Assign';
export const reasons = 'New token, old one lost, …';
export const warning =
  'Whoever has the token can activate it for this user, once signed in to My Page.';

export const checking = (name: string) => `Checking whether a token can be assigned to ${name}`;
export const asking = (name: string) => `Asking SecurID to assign a token to ${name}`;
export const silence = 'If nothing appears within half a minute, look the token up.';

export const approval = `The token is assigned right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the token was not assigned.';

export const unknown =
  'SecurID may have assigned the token, but no usable answer arrived. `/securid token` shows its owner.';

/** `serial`: as SecurID writes it. */
export const alreadyAssigned = (serial: string) =>
  `The token is already assigned to somebody else. Take another one, or unassign it first: \`/securid token ${escapeMrkdwn(oneLine(serial, 40))}\` shows its card.`;
export const THEIRS = 'The token is already assigned to this user.';
export const EXPIRED = 'The token has expired: nobody could sign in with it. Take another one.';
export const ON_DEVICE = 'A DS100 is not assigned: its user registers it on My Page.';
export const refusals = {
  ...tokenRefusals(words.none),
  ALREADY_SO: `${words.none} Either it is assigned already, or the user has as many tokens as SecurID allows.`,
};

/** Whether the token's record shows the change. */
export const isDone = ({ tokenState }: NonNullable<TokenNow>) =>
  tokenState !== undefined && !says(tokenState, 'Unassigned');

export const done = (made: DoneToken) => [
  ...doneToken(made, (token) => isDone(token) && isTheirs(token, made)),
  verbatim(`What ${made.name} does next:`),
  paragraph(NEXT),
];

const isTheirs = ({ userId }: NonNullable<TokenNow>, { user }: DoneToken) =>
  userId === undefined || userId.toLowerCase() === user.id.toLowerCase();

/**
 * How its user activates a token:
 * https://community.rsa.com/t5/securid-discussions/assign-cloud-managed-hw-tokens/td-p/704438
 */
const NEXT =
  '1. Sign in to My Page, and register a hardware token.\n2. Enter its serial number, and the tokencode that it shows.\n3. Name it, and choose a PIN of 6 to 8 digits, unless your company requires another length.\nUntil then its state is *Activation Pending*.';
