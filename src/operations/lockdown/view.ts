import type { StoppedWords } from '../../guard/change/changes.ts';
import { capital } from '../../guard/change/letters.ts';
import type { Given, StaysGiven } from '../../guard/switches/switches.ts';
import { LOST_STATE, on } from '../../guard/switches/view.ts';
import { actions, button, type Message, paragraph, sentence } from '../../slack/blocks.ts';
import { dateTime, mentionUser } from '../../slack/mrkdwn.ts';
import { see } from '../../troubleshooting.ts';

/** `action_id` of *Lift the lockdown*. */
export const LIFT = 'lockdown:lift';

const NOT_SAVED = `:warning: This could not be saved and ends when SecurID Desk restarts. Please tell your SecurID Desk administrator that \`STATE_FILE\` and \`AUDIT_FILE\` cannot be written: \`${see('the-state-file-cannot-be-written')}\`.`;
const LIFTED_UNTIL_RESTART = `:warning: This could not be saved: when SecurID Desk restarts, it may be in lockdown again. Please tell your SecurID Desk administrator that \`STATE_FILE\` cannot be written: \`${see('the-state-file-cannot-be-written')}\`.`;
/**
 * The other instances are told as soon as the store is available
 * again, and issue no code until then.
 */
const NOT_TOLD =
  'The other instances of SecurID Desk do not know yet. They will be told; check with `/securid help` in a minute.';

export const isOn = (stopped: StoppedWords, { told, outlivesRestart }: Given): Message =>
  sentence([on(stopped), told ? [] : NOT_TOLD, outlivesRestart ? [] : NOT_SAVED].flat().join(' '));
const can = ({ many, done }: StoppedWords) => `${capital(many)} can be ${done}`;

export const isOff = (stopped: StoppedWords, { outlivesRestart }: Given): Message =>
  sentence(
    [`The lockdown is lifted. ${can(stopped)} again.`, outlivesRestart ? [] : LIFTED_UNTIL_RESTART]
      .flat()
      .join(' '),
  );

export const notOn = (stopped: StoppedWords): Message =>
  sentence(`There is no lockdown. ${can(stopped)}.`);
export const givenAnew = (): Message =>
  sentence(
    ':lock: The lockdown stays: someone turned it on again after you asked. Type `/securid lockdown off` again to lift it.',
  );

const STAYS_ON: Record<StaysGiven, Message> = {
  'given anew': givenAnew(),
  'not told': sentence(
    ':warning: The lockdown was not lifted: the other instances of SecurID Desk could not be told. Try again in a minute.',
  ),
  recovering: sentence(
    ':warning: The lockdown was not lifted: SecurID Desk is still searching its audit trail for users who must stay blocked. Try again in a minute.',
  ),
};

export const staysOn = (why: StaysGiven): Message => STAYS_ON[why];

const isOnSince = (stopped: StoppedWords, since: Date) =>
  `${on(stopped)} It started at ${dateTime(since, 'moment')}.`;

/** The answer to `/securid lockdown` alone. */
export const state = (stopped: StoppedWords, since: Date, ofLostState: boolean): Message =>
  sentence([isOnSince(stopped, since), ...(ofLostState ? [LOST_STATE] : [])].join('\n'));

/** The answer to `/securid lockdown off`. */
export const question = ({ many, done }: StoppedWords, since: Date, value: string): Message => ({
  text: 'Lift the lockdown?',
  blocks: [
    paragraph(
      `:lock: SecurID Desk has been in lockdown since ${dateTime(since, 'moment')}. Lift it? ${capital(many)} can then be ${done} again.`,
    ),
    actions(button('Lift the lockdown', { action: LIFT, value, style: 'danger' })),
  ],
});

/** What the channels read. */
export const orderedBy = ({ many }: StoppedWords, userId: string): Message =>
  sentence(`:lock: ${mentionUser(userId)} stopped all ${many}.`);
export const liftedBy = ({ many }: StoppedWords, userId: string): Message =>
  sentence(`:unlock: ${mentionUser(userId)} allowed ${many} again.`);
