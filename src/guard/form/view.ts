import type { types } from '@slack/bolt';
import { withIncident } from '../../desk/failures.ts';
import { PLATFORMS, type Platform } from '../../desk/platforms.ts';
import { nameOf, status } from '../../desk/user.ts';
import type { CodeRefusal, Device, RegistrationCode, UserDetails } from '../../securid/index.ts';
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
  verbatimContext,
  verbatimSentence,
} from '../../slack/blocks.ts';
import { dateTime, day, escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';
import type { Told } from '../notice/tell.ts';
import {
  CANCEL,
  type Card,
  HIDE,
  ISSUE,
  METHOD,
  PLATFORM,
  REASON,
  TICKET,
  VERIFY,
} from './card.ts';
import { LONGEST_REASON, LONGEST_TICKET } from './verification.ts';

export { nameOf } from '../../desk/user.ts';

type CardContent = {
  user: UserDetails;
  /** `undefined` if unknown. */
  registered: Device[] | undefined;
  /** Why there can be no code, if that is so. */
  refusal: string | undefined;
  needsApproval: boolean;
  /** The sealed value of *Verify and issue* and of *Cancel*. */
  verify: string;
  /** *Try again*, where it could not be told whether there can be a code. */
  again: types.Button[];
};

/** Who it would be for, and what speaks against it. */
export function card(content: CardContent): Message {
  const { user, registered, refusal, needsApproval, verify, again } = content;
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
        ['Registered devices', registered ? devices(registered) : 'Unknown'],
      ]),
      ...(refusal
        ? [paragraph(`:no_entry: ${refusal}`), actions(...again, cancel(verify))]
        : [
            ...caution(registered),
            ...(needsApproval ? [secondPerson] : []),
            actions(
              button(VERIFY_LABEL, { action: VERIFY, value: verify, style: 'primary' }),
              cancel(verify),
            ),
          ]),
    ],
  };
}

const VERIFY_LABEL = 'Verify and issue';

const secondPerson = paragraph(
  ':raised_hand: For this user a second person has to approve the code.',
);

function devices(registered: Device[]): string {
  const named = registered.slice(0, 3).map(deviceWords);
  const more = registered.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ') || 'None';
}

function deviceWords({ name, deviceType, registeredDate }: Device): string {
  const kind = deviceType && `(${oneLine(deviceType, 20)})`;
  const since = registeredDate && `since ${day(registeredDate)}`;
  return [oneLine(name ?? '', 40) || 'A device', kind, since].filter(Boolean).join(' ');
}

function caution(registered: Device[] | undefined): types.KnownBlock[] {
  if (!registered || registered.length === 0) return [];
  return [
    paragraph(
      ':warning: There is a registered device already. SecurID is likely to refuse: the old device has to be deleted first, in the Cloud Administration Console.',
    ),
  ];
}

const cancel = (card: string) => button('Cancel', { action: CANCEL, value: card });

/** The modal in which the agent records how they verified the caller. */
export function verification(
  { name, platform, typed, needsApproval }: Card,
  methods: string[],
  sealed: string,
): types.ModalView {
  return {
    type: 'modal',
    callback_id: ISSUE,
    private_metadata: sealed,
    title: { type: 'plain_text', text: 'Verification' },
    submit: { type: 'plain_text', text: needsApproval ? 'Ask for approval' : 'Issue code' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      verbatim(`Registration code for ${name}`),
      paragraph(
        'Whoever has the code can register a device as this user. What you record here goes into the audit trail, and the user is told.',
      ),
      input(
        'How did you verify the caller?',
        METHOD,
        select(
          METHOD,
          'Choose a method',
          methods.map((method) => option(method, method)),
          typed?.method,
        ),
      ),
      input(
        'Ticket',
        TICKET,
        textInput(TICKET, {
          placeholder: 'Its number',
          max: LONGEST_TICKET,
          ...(typed && { initial: typed.ticket }),
        }),
      ),
      input(
        'Reason',
        REASON,
        textInput(REASON, {
          placeholder: 'New telephone, first registration, …',
          max: LONGEST_REASON,
          ...(typed && { initial: typed.reason }),
        }),
      ),
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
    ],
  };
}

export const FORM_TOO_OLD = 'This form is too old. Please close it and type the command again.';

/** In place of the card, where it takes long before SecurID is asked. */
export const checking = (name: string): Message =>
  verbatimSentence(
    `Checking whether a registration code can be issued for ${name}… This takes longer than usual. No code has been issued yet.`,
  );

export const issuing = (name: string): Message =>
  verbatimSentence(
    `Asking SecurID for a registration code for ${name}… If nothing follows within half a minute, no code was shown: please type the command again.`,
  );

type CodeContent = {
  code: RegistrationCode;
  name: string;
  platform: Platform;
  expiresAt: Date;
  /** The sealed value of *Hide now*. */
  hide: string;
  told: Told;
};

/** The one message that holds the code. Its fallback text, which notifications show, does not. */
export function code({ code, name, platform, expiresAt, hide, told }: CodeContent): Message {
  return {
    text: `Registration code for ${escapeMrkdwn(name)}`,
    blocks: [
      verbatim(`Registration code for ${name}`),
      header(code.deviceRegistrationCode),
      ...facts([
        ['Platform', PLATFORMS[platform]],
        ['Company ID', code.companyId],
        ['Expires at', { mrkdwn: dateTime(expiresAt, 'time') }],
      ]),
      context(
        'It works once, in the RSA Authenticator app. Only you see this message, and it erases itself when the code expires.',
      ),
      notified(name)[told],
      actions(button('Hide now', { action: HIDE, value: hide })),
    ],
  };
}

/** Whether the user knows of it. */
const notified = (name: string): Record<Told, types.KnownBlock> => ({
  told: verbatimContext(`${name} was notified in Slack.`),
  'not in Slack': paragraph(
    ':warning: The user has no account in this Slack with their e-mail address, so nobody told them. Please tell them of this code.',
  ),
  failed: paragraph(
    ':warning: Slack did not take the message that tells the user of this code. Please tell them.',
  ),
  'not in time': paragraph(
    ':warning: Slack did not say in time whether the user was told of this code. Please tell them.',
  ),
});

const gone = (name: string | undefined, what: string): Message =>
  verbatimSentence(
    name ? `The registration code for ${name} ${what}` : `The registration code ${what}`,
  );

export const hidden = (name: string | undefined): Message =>
  gone(name, 'was hidden. It stays valid until it is used or expires.');

const STAYS_VALID = 'It stays valid until it is used or expires.';

const ERASED = {
  expired: 'has expired and was erased here.',
  restart: `was erased here because SecurID Desk is restarting. ${STAYS_VALID}`,
  untold: `was erased here because SecurID Desk cannot reach its store. ${STAYS_VALID}`,
  lockdown: `was withdrawn: SecurID Desk is in lockdown. ${STAYS_VALID} Do not pass it on.`,
  'on hold': `was withdrawn: this account is on hold. ${STAYS_VALID} Do not pass it on, and call your security team.`,
};

/** The code is gone from the screen, and why. */
export const erased = (name: string, why: keyof typeof ERASED): Message => gone(name, ERASED[why]);
export const cancelled = (): Message => sentence('Cancelled. No code was issued.');
export const usedAlready = (): Message =>
  sentence('This card was used already. For another code, please type the command again.');

/** Nobody knows whether it was its first use. */
export const USED_UP = 'This card is used up: please type the command again.';

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

/** What to do about each reason for which RSA gives no registration code. */
export const REFUSALS: Record<CodeRefusal, string> = {
  NOT_LICENSED:
    'SecurID gave no code: your company is not licensed for SecurID multifactor authentication. Please tell the SecurID administrators.',
  USER_NOT_FOUND:
    'SecurID gave no code: it no longer has that user. Check the spelling, or ask the SecurID administrators to synchronise the identity source.',
  USER_DISABLED:
    'SecurID gave no code: the user is disabled. The SecurID administrators have to enable the user first.',
  DEVICE_ALREADY_REGISTERED:
    'SecurID gave no code: the user already has a registered device. The old device has to be deleted in the Cloud Administration Console first; then ask for a code again.',
};

/** RSA refused because of a device; names it where SecurID tells. */
export function alreadyRegistered(registered: Device[] | undefined, incident: string): Message {
  const message = withIncident(REFUSALS.DEVICE_ALREADY_REGISTERED, incident);
  if (!registered || registered.length === 0) return message;
  const [first, ...rest] = message.blocks;
  const named = verbatim(`Registered: ${devices(registered)}`);
  return { ...message, blocks: first ? [first, named, ...rest] : message.blocks };
}
