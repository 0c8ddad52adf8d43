import type { Authenticators, Device, HardwareToken } from '../../securid/index.ts';
import { day, oneLine } from '../../slack/mrkdwn.ts';
import { disabled, hasExpired, stateWords } from '../hardware-token/state.ts';

/** An authenticator as a person reads it. */
export type Row = {
  family: Family;
  name: string;
  kind: string;
  details: string;
  registered?: Date | undefined;
};
export type Family = 'Devices' | 'Hardware tokens' | 'FIDO credentials' | 'Browsers';

const NAME_LENGTH = 60;

/** Newest first within each family. `now` in milliseconds since 1970; decides which tokens have expired. */
export function inOrder({ devices, sidTokens, fidoTokens }: Authenticators, now: number): Row[] {
  const rows = [
    ...devices.map(device),
    ...sidTokens.map((one) => hardwareToken(one, now)),
    ...fidoTokens.map(
      (one): Row => ({
        family: 'FIDO credentials',
        name: nameOr(one.name, 'FIDO credential'),
        kind: oneLine(one.deviceType ?? 'FIDO', NAME_LENGTH),
        details: disabled(one.status) ?? one.status ?? '',
        registered: one.registeredDate,
      }),
    ),
  ];
  const newestFirst = (a: Row, b: Row) =>
    (b.registered?.getTime() ?? 0) - (a.registered?.getTime() ?? 0);
  return FAMILIES.flatMap((family) =>
    rows.filter((row) => row.family === family).sort(newestFirst),
  );
}

/** Browsers last: there are many of them, and they help an agent least. */
export const FAMILIES: Family[] = ['Hardware tokens', 'FIDO credentials', 'Devices', 'Browsers'];

const device = (one: Device): Row => ({
  family: one.browser ? 'Browsers' : 'Devices',
  name: nameOr(one.name, 'Device'),
  kind: oneLine(one.deviceType ?? 'Unknown', NAME_LENGTH),
  details: /\bFINGERPRINT\b/.test(one.capabilities ?? '') ? 'Fingerprint' : '',
  registered: one.registeredDate,
});

function hardwareToken(one: HardwareToken, now: number): Row {
  const serial = one.tokenSerialNumber ?? one.deviceSerialNumber;
  const named = one.name && one.name !== serial ? `${oneLine(one.name, NAME_LENGTH)}, ` : '';
  const until = one.expiryDate && !hasExpired(one, now) && `until ${day(one.expiryDate)}`;
  return {
    family: 'Hardware tokens',
    name: `${named}${oneLine(serial ?? 'no serial number', NAME_LENGTH)}`,
    kind: kindOfToken(one),
    details: [...stateWords(one, now), one.pinSet === false && 'no PIN', until]
      .filter(Boolean)
      .join(', '),
    registered: one.registeredDate,
  };
}

/** One name for RSA's two spellings of the SecurID 700. */
export const kindOfToken = ({ deviceType }: HardwareToken) =>
  /^(RSA SecurID 700|SID700)$/i.test(deviceType ?? '')
    ? 'SecurID 700'
    : oneLine(deviceType ?? 'Hardware token', NAME_LENGTH);

const nameOr = (name: string | undefined, other: string) =>
  oneLine(name ?? '', NAME_LENGTH) || other;

export const registered = ({ registered }: Row) => (registered ? day(registered) : '');

/** The row as a line of plain text. */
export const line = (row: Row): string =>
  ['•', row.name, '·', row.kind, row.details && `· ${row.details}`, since(row)]
    .filter(Boolean)
    .join(' ');

const since = (row: Row) => row.registered && `· since ${registered(row)}`;

export const SINGULAR: Record<Family, string> = {
  Devices: 'device',
  'Hardware tokens': 'hardware token',
  'FIDO credentials': 'FIDO credential',
  Browsers: 'browser',
};
