import type { types } from '@slack/bolt';
import { withIncident } from '../../desk/failures.ts';
import { nameOf, status } from '../../desk/user.ts';
import type { UserDetails } from '../../securid/index.ts';
import {
  actions,
  type Block,
  button,
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
import { escapeMrkdwn } from '../../slack/mrkdwn.ts';
import type { Fact } from '../change/asked.ts';
import type { Change } from '../change/change.ts';
import { type Field, type Options, optionsOf } from '../change/fields.ts';
import { capital, lower } from '../change/letters.ts';
import type { Told } from '../notice/tell.ts';
import { ASKS, asksToVerify } from './asks.ts';
import { type Card, idsOf, METHOD, REASON, TICKET } from './card.ts';
import { howVerified } from './kept-view.ts';
import { LONGEST_REASON, LONGEST_TICKET } from './verification.ts';

export { nameOf } from '../../desk/user.ts';

type CardContent = {
  user: UserDetails;
  /** What the change itself shows. */
  own: { facts: Fact[]; blocks: Block[] };
  /** Fields of which the form does not list all that there is to choose. */
  left: { label: string; most: number; shown: number }[];
  /** Why the change cannot be made, if so. */
  refusal: string | undefined;
  needsApproval: boolean;
  /** The sealed value of the card's buttons. */
  sealed: string;
  /** What to do about the refusal: *Try again*, or a change that has to come first. */
  instead: types.Button[];
};

/** The user, and the reason if the change cannot be made. */
export function card(change: Change, content: CardContent): Message {
  const { user, own, left, refusal, needsApproval, sealed, instead } = content;
  const { verify, cancel } = idsOf(change);
  const name = nameOf(user);
  const title = change.title(name);
  const cancelling = button('Cancel', { action: cancel, value: sealed });
  const verifying = button(change.say.verify, { action: verify, value: sealed, style: 'primary' });
  return {
    text: `${escapeMrkdwn(title)}: nothing ${change.words.done} yet.`,
    blocks: [
      header(title),
      ...facts([
        ['E-mail', user.emailAddress],
        ['User name', user.principalUsername],
        ['Status', status(user)],
        ['Identity source', user.identitySource],
        ...own.facts,
      ]),
      ...(refusal
        ? [paragraph(`:no_entry: ${refusal}`), actions(...instead, cancelling)]
        : [
            ...own.blocks,
            ...left.map(notListed),
            ...(needsApproval ? [secondPerson(change)] : []),
            actions(verifying, cancelling),
          ]),
    ],
  };
}

const notListed = ({ label, most, shown }: CardContent['left'][number]) =>
  paragraph(
    `:information_source: ${label}: the form has room for the first ${shown} of ${most}. The others are in the Cloud Administration Console.`,
  );

const secondPerson = ({ words }: Change) =>
  paragraph(`:raised_hand: A second person has to approve ${words.noun}.`);

/** The modal in which the agent records how they verified the caller, and why the change is needed. */
export function verification(
  change: Change,
  { name, input: known, options, typed, needsApproval, verified }: Card,
  methods: string[],
  sealed: string,
): types.ModalView {
  return {
    type: 'modal',
    callback_id: idsOf(change).form,
    private_metadata: sealed,
    title: {
      type: 'plain_text',
      text: asksToVerify(change) ? 'Verification' : 'Ticket and reason',
    },
    submit: { type: 'plain_text', text: needsApproval ? 'Ask for approval' : change.say.submit },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      verbatim(change.title(name)),
      paragraph(
        `${change.say.warning} What you enter here goes into the audit trail, and the user is notified.`,
      ),
      ...recorded(change, { typed, verified }, methods),
      ...change.fields.flatMap((field) => choice(field, options, known[field.id])),
    ],
  };
}

/** The fields that go on record, by the change's risk. */
function recorded(
  { risk, say }: Change,
  { typed, verified }: Pick<Card, 'typed' | 'verified'>,
  methods: string[],
): Block[] {
  const written = (label: string, id: typeof TICKET | typeof REASON, placeholder: string) => {
    const max = id === TICKET ? LONGEST_TICKET : LONGEST_REASON;
    const initial = typed?.[id] ?? (id === TICKET ? verified?.ticket : undefined);
    return input(label, id, textInput(id, { placeholder, max, ...(initial && { initial }) }));
  };
  const all = {
    [METHOD]: () => howVerified(verified, typed?.[METHOD], methods),
    [TICKET]: () => [written('Ticket', TICKET, 'Ticket number')],
    [REASON]: () => [written('Reason', REASON, say.reasons)],
  };
  return ASKS[risk].flatMap((field) => all[field]());
}

/** Nobody is asked to choose where there is nothing to choose from. */
function choice(
  field: Field,
  offered: Options | undefined,
  value: string | undefined,
): types.InputBlock[] {
  const { id, label, placeholder } = field;
  const options = optionsOf(field, offered);
  if (!options) return [];
  const listed = Object.entries(options).map(([one, shown]) => option(shown, one));
  return [input(label, id, select(id, placeholder, listed, value))];
}

/** Replaces the card if the checks before asking SecurID take long. */
export const checking = ({ say, words }: Change, name: string): Message =>
  verbatimSentence(`${say.checking(name)}… This is taking longer than usual. ${words.noneYet}`);

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

export const canceled = ({ words }: Change): Message => sentence(`Canceled. ${words.none}`);

export function usedAlready({ name, words, isTyped }: Change): Message {
  const next = isTyped ? `type \`/securid ${name}\`` : 'look the user up again';
  return sentence(`This card has already been used. For another ${words.short}, ${next}.`);
}

/** If nobody knows whether the card was used before. */
export const USED_UP = 'This card cannot be used again. Look the user up again.';

/** A rule refused after the button was pressed. */
export const refused = ({ words }: Change, why: string): Message => ({
  text: `${words.none} ${why}`,
  blocks: [paragraph(`:no_entry: ${words.none} ${why}`)],
});

export const notRecorded = ({ words }: Change): string =>
  `The audit trail cannot be written, so ${words.notAsked}. Please tell whoever runs SecurID Desk.`;

export const neverAsked = ({ words }: Change): string =>
  `SecurID could not be reached, so ${lower(words.none)} Try again in a minute.`;

/** The user was found before, so nothing that the agent typed is wrong. */
export const notAccepted = ({ words }: Change): string =>
  `${words.none} SecurID did not accept the request. Please give the incident number to whoever runs SecurID Desk.`;

/** It was there when the card was made. */
export const noLongerThere = ({ words }: Change): string =>
  `${words.none} SecurID no longer finds the user, or what was to be changed. Look the user up again to see what there is.`;

/** @param isSeenNot whether the record, read again, does not show the change */
export const unknownOutcome = ({ say }: Change, incident: string, isSeenNot: boolean): Message =>
  withIncident((isSeenNot && say.notSeen) || say.unknown, incident);

/** RSA refused, in the change's own sentence. */
export function refusedByRSA(why: string, own: Block[], incident: string): Message {
  const message = withIncident(why, incident);
  const [first, ...rest] = message.blocks;
  return { ...message, blocks: first ? [first, ...own, ...rest] : message.blocks };
}
