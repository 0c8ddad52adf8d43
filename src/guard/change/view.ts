import type { types } from '@slack/bolt';
import { withIncident } from '../../desk/failures.ts';
import {
  actions,
  type Block,
  button,
  type Message,
  paragraph,
  verbatim,
  verbatimContext,
  verbatimSentence,
} from '../../slack/blocks.ts';
import { escapeMrkdwn } from '../../slack/mrkdwn.ts';
import type { Symptom } from '../../troubleshooting.ts';
import { idsOf } from '../form/card.ts';
import type { Told } from '../notice/tell.ts';
import type { Change } from './change.ts';
import { capital, lower } from './letters.ts';

/** @param first what is done before, if anything */
export const asking = ({ say, words }: Change, name: string, first?: Change): Message =>
  verbatimSentence(
    first
      ? `${first.say.asking(name)}, then for ${words.one}… ${say.silence}`
      : `${say.asking(name)}… ${say.silence}`,
  );

type DoneContent = {
  name: string;
  blocks: Block[];
  told: Told;
  /** Buttons for what usually comes next. */
  next: Block[];
  /** The sealed value of *Hide now*, if there is a secret to hide. */
  hide?: string;
};

/** The first of two steps, in the answer to the second. */
export const step = (change: Change, name: string, blocks: Block[]): Block[] => [
  verbatim(change.title(name)),
  ...blocks,
];

/** Whether the user was told. */
export const toldOf = (change: Change, name: string, told: Told): Block[] =>
  told === 'nothing to tell' ? [] : [notice(change, name, told)];

/** The second of two steps was not made, or nobody knows. What was done before it comes first. */
export const afterStep = ({ words }: Change, done: Block[], message: Message): Message => ({
  ...message,
  text: `${capital(words.did)}. ${message.text}`,
  blocks: [...done, ...message.blocks],
});

/** The first of two steps was not made, or nobody knows, so the second was not begun. */
export function notBegun({ text, blocks, ...more }: Message, { words }: Change): Message {
  const [first, ...rest] = blocks;
  const then = paragraph(words.none);
  return {
    ...more,
    text: `${text} ${words.none}`,
    blocks: [...(first ? [first] : []), then, ...rest],
  };
}

/** What was done. The fallback text holds no secret, because notifications show it. */
export function done(change: Change, { name, blocks, told, next, hide }: DoneContent): Message {
  const { hide: action } = idsOf(change);
  return {
    text: escapeMrkdwn(change.title(name)),
    blocks: [
      verbatim(change.title(name)),
      ...blocks,
      ...toldOf(change, name, told),
      ...(hide === undefined ? [] : [actions(button('Hide now', { action, value: hide }))]),
      ...next,
    ],
  };
}

function notice(
  { words }: Change,
  name: string,
  told: Exclude<Told, 'nothing to tell'>,
): types.KnownBlock {
  const tellThem = `Please tell them about this ${words.short}.`;
  if (told === 'told') return verbatimContext(`${name} was notified in Slack.`);
  if (told === 'not in Slack') {
    return paragraph(
      `:warning: The user was not notified: no Slack account has their e-mail address. ${tellThem}`,
    );
  }
  return paragraph(
    told === 'failed'
      ? `:warning: The user was not notified: Slack did not accept the message. ${tellThem}`
      : `:warning: Slack did not confirm in time that the user was notified. ${tellThem}`,
  );
}

const STAYS_VALID = 'It stays valid until it is used or expires.';

const gone = ({ words }: Change, name: string | undefined, what: string): Message =>
  verbatimSentence(name ? `The ${words.thing} for ${name} ${what}` : `The ${words.thing} ${what}`);

export const hidden = (change: Change, name: string | undefined): Message =>
  gone(change, name, `was hidden. ${STAYS_VALID}`);

const ERASED = {
  expired: 'has expired and was removed.',
  'shown long enough': `was removed from the screen. ${STAYS_VALID}`,
  restart: `was removed because SecurID Desk is restarting. ${STAYS_VALID}`,
  untold: `was removed because SecurID Desk cannot reach its store. ${STAYS_VALID}`,
  lockdown: `was withdrawn: SecurID Desk is in lockdown. It may still work. Do not pass it on.`,
  'on hold': `was withdrawn: this account is on hold. It may still work. Do not pass it on, and call your security team.`,
};

/** The secret was erased, and why. */
export const erased = (change: Change, name: string, why: keyof typeof ERASED): Message =>
  gone(change, name, ERASED[why]);

export const notRecorded = ({ words }: Change): string =>
  `The audit trail cannot be written, so ${words.notAsked}. Please tell your SecurID Desk administrator.`;

export const neverAsked = ({ words }: Change): string =>
  `SecurID could not be reached, so ${lower(words.none)} Try again in a minute.`;

/** The user was found before, so nothing that the agent typed is wrong. */
export const notAccepted = ({ words }: Change): string =>
  `${words.none} SecurID did not accept the request. Please give the incident number to your SecurID Desk administrator.`;

/** It was there when the card was made. */
export const noLongerThere = ({ words }: Change): string =>
  `${words.none} SecurID no longer finds the user, or what was to be changed. Look the user up again to see what there is.`;

/** @param isNotSeen whether the record, read again, does not show the change */
export const unknownOutcome = ({ say }: Change, incident: string, isNotSeen: boolean): Message =>
  withIncident((isNotSeen && say.notSeen) || say.unknown, incident);

type RefusedByRSA = {
  why: string;
  own: Block[];
  incident: string;
  /** Where the administrator finds the remedy, if there is one. */
  symptom: Symptom | undefined;
};

/** RSA refused, in the change's own sentence. */
export function refusedByRSA({ why, own, incident, symptom }: RefusedByRSA): Message {
  const message = withIncident(why, incident, symptom);
  const [first, ...rest] = message.blocks;
  return { ...message, blocks: first ? [first, ...own, ...rest] : message.blocks };
}
