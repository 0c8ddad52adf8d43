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
import { kindOfToken } from '../authenticators/view.ts';

type Shown = {
  /** What else is on the same device. */
  others: HardwareToken[];
  buttons: types.Button[];
  /** Tells whether the token has expired. */
  now: number;
};

/** A hardware token's record. */
export function hardwareToken(token: HardwareToken, { others, buttons, now }: Shown): Message {
  const serial = oneLine(token.tokenSerialNumber ?? '', 40);
  return {
    text: `Hardware token ${escapeMrkdwn(serial)}: ${escapeMrkdwn(token.tokenState ?? 'state unknown')}`,
    blocks: [
      header(`Hardware token ${serial}`),
      ...facts([
        ['Kind', kindOfToken(token)],
        ['Name', token.name === token.tokenSerialNumber ? undefined : token.name],
        ['State', token.tokenState],
        ['Status', status(token)],
        ['PIN', pin(token)],
        ['Expires', token.expiryDate && expiry(token.expiryDate, now)],
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

function status({ tokenStatus, tokenStatusReason: reason }: HardwareToken): Value | undefined {
  if (tokenStatus === 'Enabled') return { mrkdwn: ':large_green_circle: Enabled' };
  if (tokenStatus === 'Disabled' && !reason) return { mrkdwn: ':red_circle: Disabled' };
  return reason ? `${tokenStatus}: ${reason}` : tokenStatus;
}

const pin = ({ pinSet }: HardwareToken) =>
  pinSet === undefined ? undefined : pinSet ? 'Set' : 'Not set';

function expiry(date: Date, now: number): Value {
  return date.getTime() <= now ? { mrkdwn: `:warning: Expired on ${day(date)}` } : day(date);
}

const onTheSameDevice = (others: HardwareToken[]) => {
  const serials = others.slice(0, 10).map((one) => oneLine(one.tokenSerialNumber ?? '', 40));
  return verbatimContext(`Also on this device: ${serials.join(', ')}`);
};

/** `withoutDevices`: whether a DS100 has that number on its back could not be asked. */
export const noSuchToken = (serial: string, withoutDevices = false): Message =>
  sentence(
    withoutDevices
      ? `SecurID has no hardware token with the serial number \`${serial}\`. Is it a SecurID DS100? This app may not look one up by the number on its back; type the 12 digits of its OTP credential, which \`/securid authenticators\` shows.`
      : `SecurID has no hardware token with the serial number \`${serial}\`, and no DS100 with that number on its back.`,
  );

export const oneAtATime = (): Message =>
  sentence('One serial number at a time, please. Send the command once for each.');

export const noSerial = (): Message =>
  sentence(
    `A serial number has digits only, at most ${LONGEST_SERIAL} of them: the number on the back of the token, such as \`/securid token 000000900001\`.`,
  );
