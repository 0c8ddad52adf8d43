import type { types } from '@slack/bolt';
import { rowOf } from '../../desk/follow-up.ts';
import { placeOf } from '../../desk/place-of.ts';
import { nameOf, status } from '../../desk/user.ts';
import type { UserDetails } from '../../securid/index.ts';
import {
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
  verbatimSentence,
} from '../../slack/blocks.ts';
import { escapeMrkdwn } from '../../slack/mrkdwn.ts';
import type { Fact } from '../change/asked.ts';
import type { Change } from '../change/change.ts';
import { type Field, type Options, optionsOf } from '../change/fields.ts';
import type { Refusal } from '../gate/refusal.ts';
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
  refusal: Pick<Refusal, 'sentence' | 'symptom'> | undefined;
  needsApproval: boolean;
  /** The sealed value of the card's buttons; without it, there are none. */
  sealed: string | undefined;
  /** What to do about the refusal: *Try again*, or a change that has to come first. */
  instead: (types.Button | undefined)[];
};

/** The user, and the reason if the change cannot be made. */
export function card(change: Change, content: CardContent): Message {
  const { user, own, left, refusal, needsApproval, sealed, instead } = content;
  const { verify, cancel } = idsOf(change);
  const name = nameOf(user);
  const title = change.title(name);
  const carrying = (label: string, action: string, style?: 'primary') =>
    sealed === undefined
      ? undefined
      : button(label, { action, value: sealed, ...(style && { style }) });
  const cancelling = carrying('Cancel', cancel);
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
        ? [
            paragraph(`:no_entry: ${refusal.sentence}`),
            ...(refusal.symptom ? [placeOf(refusal.symptom)] : []),
            ...rowOf(...instead, cancelling),
          ]
        : [
            ...own.blocks,
            ...left.map(notListed),
            ...(needsApproval ? [secondPerson(change)] : []),
            ...rowOf(carrying(change.say.verify, verify, 'primary'), cancelling),
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
