import type { types } from '@slack/bolt';
import { inGroups } from '../../desk/aloud.ts';
import { devicesListed, wordsOfChosen } from '../../desk/device-words.ts';
import { PLATFORMS, type Platform } from '../../desk/platforms.ts';
import type { Done, Fact, OwnCard } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { CodeRefusal, Device, RegistrationCode } from '../../securid/index.ts';
import {
  actions,
  type Block,
  context,
  facts,
  header,
  paragraph,
  verbatim,
} from '../../slack/blocks.ts';
import { dateTime } from '../../slack/mrkdwn.ts';

export const words: Words = {
  thing: 'registration code',
  short: 'code',
  one: 'a registration code',
  did: 'issued a registration code',
  doing: 'issue codes',
  done: 'issued',
  notice: 'A registration code for your SecurID account was issued',
  none: 'No code was issued.',
  noneOfIt: 'None was issued.',
  noneYet: 'No code has been issued yet.',
  notAsked: 'no code was requested',
  action: 'issue registration codes',
  act: 'issue the code',
  noun: 'the code',
  withheld: 'gets no code',
  declines: 'issues no code',
  stopped: 'no registration codes are issued',
  allowed: 'this code may be issued',
};

export const title = (name: string) => `Registration code for ${name}`;

export const verify = 'Verify and issue';
export const submit = 'Issue code';
export const reasons = 'New phone, first registration, …';

export const warning = 'Anyone who has the code can register a device as this user.';

export const checking = (name: string) =>
  `Checking whether a registration code can be issued for ${name}`;
export const asking = (name: string) => `Asking SecurID for a registration code for ${name}`;
export const silence =
  'If nothing appears within half a minute, no code was shown: type the command again.';

export const approval = `The agent gets the code right away. ${warning}`;
export const waiting = 'The code will appear here. If it has not by then, none was issued.';

export const unknown =
  'SecurID may have issued a code, but no usable answer arrived. If it did, nobody has seen the code. Type `/securid code` to request another.';

/** What to do about each of RSA's reasons for not issuing a code. */
export const refusals: Record<CodeRefusal, string> = {
  NOT_LICENSED:
    'SecurID issued no code: your company is not licensed for SecurID multifactor authentication. Please tell the SecurID administrators.',
  USER_NOT_FOUND:
    'SecurID issued no code: it no longer has that user. Look the user up again; if they are gone, the SecurID administrators can tell why.',
  USER_DISABLED:
    'SecurID issued no code: the user is disabled. Find out why, and have the user enabled first.',
  DEVICE_ALREADY_REGISTERED: 'SecurID issued no code: the user already has a registered device.',
};

/** In place of a device: RSA may allow another beside it. */
export const KEEP = 'keep';
export const KEEP_WORDS = 'Delete none: SecurID will probably refuse';

/** A choice in the form, for a device by its words. */
export const toDeleteFirst = (device: string) => `Delete ${device} first`;

/** What is read of the choice. */
export const deletedFirst = (device: string): Fact => ['Delete first', wordsOfChosen(device)];

/**
 * @param found the registered devices; `undefined` if unknown
 * @param choices those that can be deleted first
 */
export function card(found: Device[] | undefined, choices: Record<string, string>): OwnCard {
  const facts: Fact[] = [['Registered devices', found ? devicesListed(found) : 'Unknown']];
  if (!found || found.length === 0) return { facts, blocks: [] };
  if (Object.keys(choices).length === 0) return { facts, blocks: [ASK_THE_CONSOLE] };
  return { facts, blocks: [DELETE_FIRST], options: { device: choices } };
}

const ASK_THE_CONSOLE = paragraph(
  ':warning: This user already has a registered device. SecurID will probably refuse until it is deleted in the Cloud Administration Console.',
);
const DELETE_FIRST = paragraph(
  ':warning: This user already has a registered device. SecurID issues no code until it is deleted: choose it in the form, and it is deleted first.',
);

/**
 * The registered devices, which are why RSA refused, if known, and what to do about them.
 * @param again leads to the card whose form offers to delete one; without it, nobody here can
 */
export function registered(found: Device[] | undefined, again: types.Button | undefined): Block[] {
  const listed = found && found.length > 0 ? [verbatim(`Registered: ${devicesListed(found)}`)] : [];
  return [...listed, again ? actions(again) : IN_THE_CONSOLE];
}

const IN_THE_CONSOLE = paragraph(
  'Have the old device deleted in the Cloud Administration Console, then request a code again.',
);

/** The only message with the code: in groups to read out, and exact to copy. */
export const done = ({
  answer,
  input,
  expiresAt,
}: Done<{ platform: Platform }, RegistrationCode>): Block[] => [
  header(inGroups(answer.deviceRegistrationCode)),
  ...facts([
    ['To copy', { mrkdwn: `\`${answer.deviceRegistrationCode}\`` }],
    ['Platform', PLATFORMS[input.platform]],
    ['Company ID', answer.companyId],
    ['Expires at', expiresAt && { mrkdwn: dateTime(expiresAt, 'time') }],
  ]),
  context(
    'It works once, in the RSA Authenticator app. Only you can see this message. It disappears when the code expires.',
  ),
];
