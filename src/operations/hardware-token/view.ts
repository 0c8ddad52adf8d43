import type { types } from '@slack/bolt';
import { nameOf } from '../../desk/user.ts';
import { firstLine, type Wrong } from '../../desk/wrong.ts';
import { type HardwareToken, LONGEST_SERIAL, type UserDetails } from '../../securid/index.ts';
import {
  type Block,
  context,
  facts,
  header,
  type Message,
  sentence,
  type Value,
  verbatim,
  verbatimContext,
  verbatimSentence,
} from '../../slack/blocks.ts';
import { day, escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';
import { kindOfToken } from '../authenticators/rows.ts';
import type { TokenChangeName } from '../token-changes/names.ts';
import { disabled, hasExpired, isEnabled, isPending, stateWords } from './state.ts';

type Shown = {
  /** The other credentials on the same device. */
  others: HardwareToken[];
  /** The owner's record, if this app knows it. */
  owner: UserDetails | undefined;
  /** The number on the back of a DS100, if known. */
  device: string | undefined;
  /** What the card leads to. */
  below: Block[];
  /** In milliseconds since 1970; decides whether the token has expired. */
  now: number;
};

export function hardwareToken(
  token: HardwareToken,
  { others, owner, device, below, now }: Shown,
): Message {
  const serial = oneLine(token.tokenSerialNumber ?? '', 40);
  const [state = 'state unknown'] = stateWords(token, now);
  const wrong = wrongWith(token, now);
  return {
    text: `Hardware token ${escapeMrkdwn(serial)}: ${escapeMrkdwn(state)}`,
    blocks: [
      header(`Hardware token ${serial}`),
      firstLine(wrong, token.userId === undefined ? 'Nobody has it.' : undefined),
      ...facts([
        ['Owner', ownerWords(token, owner)],
        ['Kind', kindOfToken(token)],
        ['Name', token.name === token.tokenSerialNumber ? undefined : token.name],
        ['State', token.tokenState],
        ['Status', status(token, now)],
        ['PIN', pin(token)],
        ['Expires', expiry(token, now)],
        ['Assigned', token.assignedAt],
        ['Assigned by', token.assignedBy],
        ['Registered', token.registeredDate],
        ['Status changed', token.tokenStatusChangedAt],
        ['Status changed by', token.tokenStatusChangedBy],
        ['Device serial number', device],
        ['Last updated', token.updatedAt],
      ]),
      ...(others.length > 0 ? [onTheSameDevice(others)] : []),
      ...below,
    ],
  };
}

/** What keeps the token's owner from signing in with it, each with its sign. */
function wrongWith(token: HardwareToken, now: number): Wrong[] {
  const { expiryDate, tokenStatus, userId, pinSet } = token;
  const isNew = userId !== undefined && isPending(token);
  const hasNoPin = userId !== undefined && !isNew && pinSet === false;
  const isDisabled = /^disabled$/i.test(tokenStatus ?? '');
  return [
    expiryDate &&
      hasExpired(token, now) && { sign: ':warning:', words: `Expired on ${day(expiryDate)}` },
    !isEnabled(tokenStatus) && {
      sign: ':red_circle:',
      words: isDisabled ? 'Disabled' : 'Not enabled',
    },
    isNew && { sign: ':warning:', words: 'Not activated yet' },
    hasNoPin && { sign: ':warning:', words: 'No PIN' },
  ].filter((one) => typeof one === 'object');
}

function ownerWords({ userId }: HardwareToken, owner: UserDetails | undefined): string {
  if (userId === undefined) return 'Nobody';
  if (!owner) return `SecurID user ${userId}`;
  return [...new Set([nameOf(owner), owner.emailAddress])].filter(Boolean).join(', ');
}

function status(token: HardwareToken, now: number): Value | undefined {
  const { tokenStatus, tokenStatusReason: reason } = token;
  const words = disabled(tokenStatus) ?? tokenStatus;
  if (words && reason) return `${words}: ${reason}`;
  // No green light on a token that has expired.
  if (tokenStatus !== 'Enabled' || hasExpired(token, now)) return words;
  return { mrkdwn: ':large_green_circle: Enabled' };
}

const pin = ({ pinSet }: HardwareToken) =>
  pinSet === undefined ? undefined : pinSet ? 'Set' : 'Not set';

function expiry(token: HardwareToken, now: number): Value | undefined {
  const { expiryDate } = token;
  if (!expiryDate) return undefined;
  const words = day(expiryDate);
  return hasExpired(token, now) ? { mrkdwn: `:warning: Expired on ${words}` } : words;
}

const onTheSameDevice = (others: HardwareToken[]) => {
  const serials = others.slice(0, 10).map((one) => oneLine(one.tokenSerialNumber ?? '', 40));
  return verbatimContext(`Also on this device: ${serials.join(', ')}`);
};

/** @param withoutDevices SecurID could not say whether a DS100 has that number on its back */
export const noSuchToken = (serial: string, withoutDevices = false): Message =>
  sentence(
    withoutDevices
      ? `SecurID has no hardware token with the serial number \`${serial}\`. Is it a SecurID DS100? This app is not allowed to look one up by the number on its back; type the 12 digits of its OTP credential, which \`/securid authenticators\` shows.`
      : `SecurID has no hardware token with the serial number \`${serial}\`, and no DS100 with that number on its back.`,
  );

export const oneAtATime = (): Message => sentence('One serial number at a time, please.');

export const noSerial = (): Message =>
  sentence(
    `A serial number has only digits, at most ${LONGEST_SERIAL} of them. It is on the back of the token. Example: \`/securid token 000000900001\`.`,
  );

export const aPerson = (): Message =>
  sentence(
    'A serial number has only digits, and is on the back of the token. `/securid user` shows which tokens a user has.',
  );

export const oneChange = (): Message => sentence('One change at a time, please.');

/** `serial`: as SecurID writes it. */
const command = (serial: string, words: string) =>
  `\`/securid token ${escapeMrkdwn(oneLine(serial, 40))} ${words}\``;

export const forWhom = (serial: string): Message =>
  sentence(`Who is the token for? Type ${command(serial, 'assign jane@example.com')}.`);

export const nobodys = (serial: string): Message =>
  sentence(
    `Nobody has the token \`${escapeMrkdwn(oneLine(serial, 40))}\`: it is not assigned. To assign it, type ${command(serial, 'assign jane@example.com')}.`,
  );

/** `name`: of the owner, if this app has seen them. */
export const somebodyElses = (serial: string, name: string | undefined): Message => {
  const whose = name ? `it belongs to ${name}` : 'it belongs to another person';
  return verbatimSentence(
    `The token ${oneLine(serial, 40)} is somebody else’s: ${whose}. Check the serial number, and who is calling.`,
  );
};

/** The owner's record is needed, and SecurID tells only an id. */
export const whose = (serial: string, change: TokenChangeName): Message =>
  sentence(
    `SecurID tells only the owner’s id, so name the owner as well: ${command(serial, `${change} jane@example.com`)}. SecurID Desk then checks that the token is theirs.`,
  );

/** How to find out whose the token is. */
export function howToFindOut(
  serial: string,
  { isChangeable, canSynchronize }: { isChangeable: boolean; canSynchronize: boolean },
): Block {
  const ways = [
    canSynchronize && '*Synchronize owner* shows who it is.',
    canSynchronize ? undefined : 'Look up the person you think it is, then the token again.',
    isChangeable &&
      `To change the token, name its owner, too: ${command(serial, 'disable jane@example.com')}.`,
  ];
  return context(['SecurID tells only the owner’s id.', ...ways].filter(Boolean).join(' '));
}

/** The form behind *Assign*. */
export const assignForm = (
  serial: string,
  fields: types.InputBlock[],
  { callbackId, sealed }: { callbackId: string; sealed: string },
): types.ModalView => ({
  type: 'modal',
  callback_id: callbackId,
  private_metadata: sealed,
  title: { type: 'plain_text', text: 'Assign a token' },
  submit: { type: 'plain_text', text: 'Next' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [verbatim(`Who is the token ${serial} for?`), ...fields],
});
