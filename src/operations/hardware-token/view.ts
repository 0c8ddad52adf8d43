import type { types } from '@slack/bolt';
import { type HardwareToken, LONGEST_SERIAL } from '../../securid/index.ts';
import {
  actions,
  facts,
  header,
  type Message,
  sentence,
  type Value,
  verbatimContext,
} from '../../slack/blocks.ts';
import { day, escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';
import { kindOfToken } from '../authenticators/rows.ts';
import { disabled, hasExpired, isEnabled, stateWords } from './state.ts';

type Shown = {
  /** The other credentials on the same device. */
  others: HardwareToken[];
  buttons: types.Button[];
  /** In milliseconds since 1970; decides whether the token has expired. */
  now: number;
};

export function hardwareToken(token: HardwareToken, { others, buttons, now }: Shown): Message {
  const serial = oneLine(token.tokenSerialNumber ?? '', 40);
  const [state = 'state unknown'] = stateWords(token, now);
  const enabled: Row = ['Status', status(token, now)];
  const expires: Row = ['Expires', expiry(token, now)];
  const wrong = [
    ...(hasExpired(token, now) ? [expires] : []),
    ...(isEnabled(token.tokenStatus) ? [] : [enabled]),
  ];
  const rows: Row[] = [
    ['Kind', kindOfToken(token)],
    ['Name', token.name === token.tokenSerialNumber ? undefined : token.name],
    ['State', token.tokenState],
    enabled,
    ['PIN', pin(token)],
    expires,
  ];
  return {
    text: `Hardware token ${escapeMrkdwn(serial)}: ${escapeMrkdwn(state)}`,
    blocks: [
      header(`Hardware token ${serial}`),
      ...facts([
        // The agent is looking for what keeps the owner from signing in.
        ...wrong,
        ...rows.filter((row) => !wrong.includes(row)),
        ['Owner', token.userId ? `SecurID user ${token.userId}` : 'Nobody'],
        ['Assigned', token.assignedAt],
        ['Assigned by', token.assignedBy],
        ['Registered', token.registeredDate],
        ['Status changed', token.tokenStatusChangedAt],
        ['Status changed by', token.tokenStatusChangedBy],
        ['Device serial number', token.deviceSerialNumber],
        ['Last updated', token.updatedAt],
      ]),
      ...(others.length > 0 ? [onTheSameDevice(others)] : []),
      ...(buttons.length > 0 ? [actions(...buttons)] : []),
    ],
  };
}

type Row = [label: string, value: Value | undefined];

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

/** `withoutDevices`: SecurID could not say whether a DS100 has that number on its back. */
type Missing = { withoutDevices?: boolean | undefined; buttons: types.Button[] };

export function noSuchToken(serial: string, { withoutDevices, buttons }: Missing): Message {
  const { text, blocks } = sentence(
    withoutDevices
      ? `SecurID has no hardware token with the serial number \`${serial}\`. Is it a SecurID DS100? This app is not allowed to look one up by the number on its back; type the 12 digits of its OTP credential, which \`/securid authenticators\` shows.`
      : `SecurID has no hardware token with the serial number \`${serial}\`, and no DS100 with that number on its back.`,
  );
  return { text, blocks: buttons.length > 0 ? [...blocks, actions(...buttons)] : blocks };
}

export const oneAtATime = (): Message => sentence('One serial number at a time, please.');

export const noSerial = (): Message =>
  sentence(
    `A serial number has only digits, at most ${LONGEST_SERIAL} of them. It is on the back of the token. Example: \`/securid token 000000900001\`.`,
  );
