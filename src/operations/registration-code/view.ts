import type { types } from '@slack/bolt';
import type { Device, RegistrationCode, UserDetails } from '../../securid/index.ts';
import {
  actions,
  button,
  context,
  facts,
  header,
  input,
  type Message,
  option,
  paragraph,
  select,
  sentence,
  textInput,
  verbatim,
  verbatimSentence,
} from '../../slack/blocks.ts';
import { dateTime, day, escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';
import { REFUSALS, withIncident } from '../failures.ts';
import { nameOf, status } from '../user-details/view.ts';
import { CANCEL, HIDE, ISSUE, PLATFORM, REASON, TICKET } from './card.ts';

export { nameOf } from '../user-details/view.ts';

export type Platform = 'ios' | 'android' | 'windows' | 'macos';

export const PLATFORMS: Record<Platform, string> = {
  ios: 'iOS',
  android: 'Android',
  windows: 'Windows',
  macos: 'macOS',
};

type CardContent = {
  user: UserDetails;
  /** `undefined` when SecurID did not tell. */
  registered: Device[] | undefined;
  platform: Platform | undefined;
  /** Why there can be no code, if that is so. */
  refusal: string | undefined;
  /** The sealed value of *Issue code*. */
  issue: string;
};

/** Who it would be for, what speaks against it, and what to record. */
export function card({ user, registered, platform, refusal, issue }: CardContent): Message {
  const name = nameOf(user);
  return {
    text: `Registration code for ${escapeMrkdwn(name)}: nothing is issued yet.`,
    blocks: [
      header(`Registration code for ${name}`),
      ...facts([
        ['E-mail', user.emailAddress],
        ['User name', user.principalUsername],
        ['Status', status(user)],
        ['Identity source', user.identitySource],
        ['Registered devices', registered ? devices(registered) : 'SecurID did not tell'],
      ]),
      ...(refusal
        ? [paragraph(`:no_entry: ${refusal}`)]
        : [...caution(registered), ...form(platform)]),
      refusal ? actions(cancel) : actions(issueButton(name, issue), cancel),
    ],
  };
}

function devices(registered: Device[]): string {
  const named = registered.slice(0, 3).map(deviceWords);
  const more = registered.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ') || 'None';
}

function deviceWords({ name, deviceType, registeredDate }: Device): string {
  const kind = deviceType && `(${oneLine(deviceType, 20)})`;
  const since = registeredDate && `since ${day(registeredDate)}`;
  return [oneLine(name ?? 'A device', 40), kind, since].filter(Boolean).join(' ');
}

function caution(registered: Device[] | undefined): types.KnownBlock[] {
  if (!registered || registered.length === 0) return [];
  return [
    paragraph(
      ':warning: There is a registered device already. SecurID is likely to refuse: the old device has to be deleted first, in the Cloud Administration Console.',
    ),
  ];
}

const form = (platform: Platform | undefined): types.KnownBlock[] => [
  input(
    'Platform',
    PLATFORM,
    select(
      PLATFORM,
      'Choose a platform',
      Object.entries(PLATFORMS).map(([value, label]) => option(label, value)),
      platform,
    ),
  ),
  input(
    'Reason',
    REASON,
    textInput(REASON, { placeholder: 'New telephone, first registration, …', max: 300 }),
  ),
  input('Ticket', TICKET, textInput(TICKET, { placeholder: 'If there is one', max: 60 }), {
    optional: true,
  }),
];

const issueButton = (name: string, value: string) =>
  button('Issue code', {
    action: ISSUE,
    value,
    style: 'primary',
    confirm: {
      title: 'Issue a registration code?',
      text: `Whoever has the code can register a device as ${oneLine(name, 100)}. Have you made sure who is asking?`,
      yes: 'Issue code',
      no: 'Not yet',
    },
  });

const cancel = button('Cancel', { action: CANCEL });

/** Something is not filled in; the card stays. */
export function fillIn(missing: string[]): Message {
  const names: Record<string, string> = {
    [PLATFORM]: 'choose the platform',
    [REASON]: 'write the reason (at most 300 characters)',
    [TICKET]: 'shorten the ticket to 60 characters',
  };
  const what = [...new Set(missing.map((name) => names[name] ?? 'fill in the form'))];
  return sentence(
    `No code was issued. On the card, please ${what.join(' and ')}; then press *Issue code* again.`,
  );
}

export const issuing = (name: string): Message =>
  verbatimSentence(
    `Asking SecurID for a registration code for ${name}… If nothing follows within half a minute, no code was shown: please type the command again.`,
  );

type CodeContent = {
  code: RegistrationCode;
  name: string;
  platform: Platform;
  erasesAt: Date;
  /** The sealed value of *Hide now*. */
  hide: string;
};

/** The one message that holds the code. Its fallback text, which notifications show, does not. */
export function code({ code, name, platform, erasesAt, hide }: CodeContent): Message {
  const expires = code.expirationDate ?? erasesAt;
  return {
    text: `Registration code for ${escapeMrkdwn(name)}`,
    blocks: [
      verbatim(`Registration code for ${name}`),
      header(code.deviceRegistrationCode),
      ...facts([
        ['Platform', PLATFORMS[platform]],
        ['Company ID', code.companyId],
        ['Expires at', { mrkdwn: dateTime(expires, 'time') }],
      ]),
      context(
        'It works once, in the RSA Authenticator app. Only you see this message, and it erases itself when the code expires.',
      ),
      actions(button('Hide now', { action: HIDE, value: hide })),
    ],
  };
}

const gone = (name: string | undefined, what: string): Message =>
  verbatimSentence(
    name ? `The registration code for ${name} ${what}` : `The registration code ${what}`,
  );

export const expired = (name: string): Message => gone(name, 'has expired and was erased here.');
export const hidden = (name: string | undefined): Message =>
  gone(name, 'was hidden. It stays valid until it is used or expires.');
export const withdrawn = (name: string): Message =>
  gone(
    name,
    'was erased here because SecurID Desk is restarting. It stays valid until it is used or expires.',
  );
export const cancelled = (): Message => sentence('Cancelled. No code was issued.');
export const usedAlready = (): Message =>
  sentence('This card was used already. For another code, please type the command again.');

/** A rule refuses, though the card still had its button. */
export const refused = (sentence: string): Message => ({
  text: `No code was issued. ${sentence}`,
  blocks: [paragraph(`:no_entry: No code was issued. ${sentence}`)],
});

export const NOT_RECORDED =
  'The audit trail cannot be written, so no code was asked for. Please tell whoever runs SecurID Desk.';

export const NEVER_ASKED =
  'SecurID could not be reached, so no code was issued. Please try again in a minute.';

export const unknownOutcome = (incident: string): Message =>
  withIncident(
    'It is unknown whether SecurID issued a code: no usable answer arrived. If it did, nobody has seen that code. This app does not ask twice by itself; `/securid code` asks for another.',
    incident,
  );

/** RSA refused because of a device; names it where SecurID tells. */
export function alreadyRegistered(registered: Device[] | undefined, incident: string): Message {
  const message = withIncident(REFUSALS.DEVICE_ALREADY_REGISTERED, incident);
  if (!registered || registered.length === 0) return message;
  const [first, ...rest] = message.blocks;
  const named = verbatim(`Registered: ${devices(registered)}`);
  return { ...message, blocks: first ? [first, named, ...rest] : message.blocks };
}
