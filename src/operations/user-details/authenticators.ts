import type { Wrong } from '../../desk/wrong.ts';
import type { Authenticators } from '../../securid/index.ts';
import { type Block, paragraph, verbatim } from '../../slack/blocks.ts';
import { inOrder, line, type Row } from '../authenticators/rows.ts';
import { hasExpired, isEnabled, isPending } from '../hardware-token/state.ts';

/** How many authenticators the card lists; nobody reads more on a phone. */
export const LISTED = 8;

/** What the card knows of a user's authenticators. */
export type Listed = {
  /** `undefined` if SecurID did not say. */
  authenticators: Authenticators | undefined;
  /** Whether hardware tokens are among them: version 1 of the API leaves them out. */
  withTokens: boolean;
  /** In milliseconds since 1970; decides which tokens have expired. */
  now: number;
};

/** What is wrong with a user's authenticators. */
export function wrongAmong({ authenticators, withTokens, now }: Listed): Wrong[] {
  if (!authenticators) return [];
  const { devices, sidTokens, fidoTokens } = authenticators;
  const isOff = (status: string | undefined) => !isEnabled(status);
  const disabled = sidTokens.filter(({ tokenStatus }) => isOff(tokenStatus)).length;
  const expired = sidTokens.filter((one) => hasExpired(one, now)).length;
  const pending = sidTokens.filter((one) => isPending(one)).length;
  const keys = fidoTokens.filter(({ status }) => isOff(status)).length;
  const isNone = devices.length + sidTokens.length + fidoTokens.length === 0;
  const of = (count: number, one: string) => (count === 1 ? one : `${count} ${one}s`);
  return [
    disabled > 0 && { sign: ':red_circle:', words: `${of(disabled, 'Hardware token')} disabled` },
    expired > 0 && { sign: ':warning:', words: `${of(expired, 'Hardware token')} expired` },
    pending > 0 && {
      sign: ':warning:',
      words: `${of(pending, 'Hardware token')} not activated yet`,
    },
    keys > 0 && { sign: ':red_circle:', words: `${of(keys, 'FIDO credential')} disabled` },
    isNone && withTokens && { sign: ':warning:', words: 'No authenticators' },
  ].filter((one) => typeof one === 'object');
}

/** Each authenticator with its state, in a line. What others wrote is plain text. */
export function authenticatorLines({ authenticators, withTokens, now }: Listed): Block[] {
  if (!authenticators) return [UNKNOWN];
  const rows = inOrder(authenticators, now);
  if (rows.length === 0) return withTokens ? [] : [NOTHING_LISTED];
  const lines = rows.slice(0, LISTED).map((row) => line(inBrief(row)));
  const more = rows.length - lines.length;
  return [
    paragraph('*Authenticators*'),
    verbatim([...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')),
  ];
}

/** What a device is capable of is no state. */
const inBrief = (row: Row): Row => (row.family === 'Devices' ? { ...row, details: '' } : row);

const NOTHING_LISTED = paragraph(
  'No device and no FIDO credential is registered. SecurID Desk is set to an API that lists no hardware tokens.',
);

const UNKNOWN = paragraph(
  ':grey_question: SecurID did not say which authenticators this user has. *Authenticators* asks again.',
);
