import type { Given, StaysGiven } from '../../guard/switches/switches.ts';
import { LOST_STATE, ON } from '../../guard/switches/view.ts';
import { actions, button, type Message, paragraph, sentence } from '../../slack/blocks.ts';
import { dateTime, mentionUser } from '../../slack/mrkdwn.ts';

/** `action_id` of *Lift the lockdown*. */
export const LIFT = 'lockdown:lift';

const NOT_SAVED =
  ':warning: This could not be saved, and ends when SecurID Desk restarts. Please tell whoever runs it that `STATE_FILE` and `AUDIT_FILE` cannot be written.';
const LIFTED_UNTIL_RESTART =
  ':warning: This could not be saved: when SecurID Desk restarts, it may be in lockdown again. Please tell whoever runs it that `STATE_FILE` cannot be written.';
/** The other instances are told as soon as the store is there again, and issue no code until then. */
const NOT_TOLD =
  'The other instances of SecurID Desk do not know of it yet. They will be told; please check with `/securid help` in a minute.';

export const isOn = ({ told, outlivesRestart }: Given): Message =>
  sentence([ON, told ? [] : NOT_TOLD, outlivesRestart ? [] : NOT_SAVED].flat().join(' '));
export const isOff = ({ outlivesRestart }: Given): Message =>
  sentence(
    [
      'The lockdown is lifted. Registration codes can be issued again.',
      outlivesRestart ? [] : LIFTED_UNTIL_RESTART,
    ]
      .flat()
      .join(' '),
  );

export const notOn = (): Message =>
  sentence('There is no lockdown. Registration codes can be issued.');
export const givenAnew = (): Message =>
  sentence(
    ':lock: The lockdown stays: somebody ordered it again after you asked. Type `/securid lockdown off` once more to lift it.',
  );

const STAYS_ON: Record<StaysGiven, Message> = {
  'given anew': givenAnew(),
  'not told': sentence(
    ':warning: The lockdown was not lifted: the other instances of SecurID Desk could not be told. Please try again in a minute.',
  ),
  recovering: sentence(
    ':warning: The lockdown was not lifted: SecurID Desk is still searching its audit trail for users who have to stay blocked. Please try again in a minute.',
  ),
};

export const staysOn = (why: StaysGiven): Message => STAYS_ON[why];

const isOnSince = (since: Date) => `${ON} It began ${dateTime(since, 'moment')}.`;

/** What `/securid lockdown` alone answers. */
export const state = (since: Date, ofLostState: boolean): Message =>
  sentence([isOnSince(since), ...(ofLostState ? [LOST_STATE] : [])].join('\n'));

/** *off* asks once more. */
export const question = (since: Date, value: string): Message => ({
  text: 'Lift the lockdown?',
  blocks: [
    paragraph(
      `:lock: SecurID Desk has been in lockdown since ${dateTime(since, 'moment')}. Lift it? Registration codes can then be issued again.`,
    ),
    actions(button('Lift the lockdown', { action: LIFT, value, style: 'danger' })),
  ],
});

/** What the channels read. */
export const orderedBy = (userId: string): Message =>
  sentence(`:lock: ${mentionUser(userId)} stopped all registration codes.`);
export const liftedBy = (userId: string): Message =>
  sentence(`:unlock: ${mentionUser(userId)} allowed registration codes again.`);
