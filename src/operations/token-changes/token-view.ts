import type { Done, Fact, OwnCard } from '../../guard/change/asked.ts';
import type { HardwareToken, TokenRefusal, TokenState } from '../../securid/index.ts';
import { type Block, facts, paragraph, verbatim } from '../../slack/blocks.ts';
import { day, escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';
import { kindOfToken } from '../authenticators/rows.ts';
import { stateWords } from '../hardware-token/state.ts';
import { type Verb, verbWords } from '../verb-words.ts';

/** What a change did, as RSA answered or as the record says; `undefined` if neither told. */
export type TokenNow = TokenState | HardwareToken | undefined;

export type DoneToken = Done<{ serial: string; device?: string | undefined }, TokenNow>;

/** The words of a change that enables, disables, assigns or unassigns a token. */
export const tokenWords = (verb: Verb) =>
  verbWords({ full: 'hardware token', short: 'token', change: 'token change' }, verb);

/** What to do about each of RSA's reasons. `none` is a whole sentence, such as `The token was not enabled.` */
export const refusals = (none: string): Record<TokenRefusal, string> => ({
  USER_NOT_FOUND: `${none} SecurID no longer has that user. Look the user up again; if they are gone, the SecurID administrators can tell why.`,
  TOKEN_NOT_FOUND: `${none} SecurID no longer has that token, or it belongs to somebody else by now.`,
  ALREADY_SO: `${none} SecurID says that this is already so, or that the token’s state does not allow it.`,
  NOT_OFFERED: `${none} This SecurID tenant does not let an app do that for a DS100. Do it in the Cloud Administration Console.`,
});

export const NOBODYS = 'Nobody has this token: it is not assigned.';
export const NO_DEVICE_NUMBER =
  'SecurID does not say which number is on the back of this DS100. Look the token up by that number: type `/securid token` and its nine digits.';

export const gone = (serial: string) =>
  `SecurID no longer has a hardware token with the serial number \`${escapeMrkdwn(oneLine(serial, 40))}\`.`;

export const SOMEBODY_ELSES = 'This is somebody else’s token.';

export const about = (serial: string | undefined, device?: string): Fact[] => [
  ['Token', serial],
  ['Device serial number', device],
];

/** The number that stands on the token. */
export const whichToken = (serial: string, device?: string) => `Serial number ${device ?? serial}`;

/**
 * What the card shows of the token.
 * @param owner whose it is, if that is somebody else: their name, or their id
 */
export function card(
  serial: string,
  token: HardwareToken | undefined,
  unable: string | undefined,
  owner?: string,
): OwnCard {
  return {
    facts: [
      ['Owner', owner],
      ...about(serial, token?.deviceSerialNumber),
      ['Kind', token && kindOfToken(token)],
      ['Name', token?.name === token?.tokenSerialNumber ? undefined : token?.name],
      ['State', token?.tokenState],
      ['Token status', token?.tokenStatus],
      ['PIN', token && pin(token)],
      ['Expires', token?.expiryDate && day(token.expiryDate)],
    ],
    blocks: [],
    unable,
  };
}

const pin = ({ pinSet }: Pick<HardwareToken, 'pinSet'>) =>
  pinSet === undefined ? undefined : pinSet ? 'Set' : 'Not set';

type Now = { now: number; nameOf(userId: string): string | undefined };

/** The token as it is now. */
export function stateNow(token: HardwareToken | undefined, { now, nameOf }: Now): Block[] {
  if (!token) return [paragraph('SecurID has no such token now.')];
  const { userId } = token;
  const owner = userId === undefined ? 'nobody' : (nameOf(userId) ?? `SecurID user ${userId}`);
  return [verbatim(`Now: ${stateWords(token, now).join(', ')}. Owner: ${owner}.`)];
}

export const STATE_UNKNOWN = paragraph('SecurID did not say what state the token is in now.');

/**
 * What the token is like now.
 * @param isSo whether the change shows in it
 */
export function done(
  { answer, input }: DoneToken,
  isSo: (token: NonNullable<TokenNow>) => boolean,
) {
  if (!answer) return [...facts([['Token', input.serial]]), NOT_CONFIRMED];
  return [
    ...facts([
      ['Token', input.serial],
      ['State', answer.tokenState],
      ['Token status', answer.tokenStatus],
      ['PIN', pin(answer)],
    ]),
    ...(isSo(answer) ? [] : [NOT_SHOWN]),
  ];
}

const NOT_CONFIRMED = paragraph(
  ':grey_question: SecurID accepted it, but did not confirm it. `/securid token` shows its state.',
);
const NOT_SHOWN = paragraph(
  ':warning: SecurID accepted it, but the token’s record does not show it yet. Look the token up again in a minute.',
);
