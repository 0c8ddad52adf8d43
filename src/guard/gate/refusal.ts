import { slackTrouble, symptomOfTrouble } from '../../desk/slack-trouble.ts';
import type { Trouble } from '../../slack/trouble.ts';
import type { Symptom } from '../../troubleshooting.ts';
import type { ChangeWords } from '../change/guarded.ts';

/** A rule that refuses: its name for the audit trail, its sentence for the agent. */
export type Refusal = {
  rule: string;
  sentence: string;
  /** For the approver, if the sentence addresses the agent. */
  toApprover?: string;
  /** Where the administrator finds the remedy, if there is one. */
  symptom?: Symptom;
};

/** The name in the audit trail for a user who is not enabled. */
export const NOT_ENABLED = 'enabled';

/** The name in the audit trail for a rule that could not be checked. */
export const UNTOLD = 'cannot be told';

/** Refuses because a rule could not be checked. With a `trouble`, trying again will not help. */
export function untold({ allowed }: ChangeWords, trouble?: Trouble): Refusal {
  const next = trouble ? slackTrouble(trouble) : 'Try again in a minute.';
  const sentence = `SecurID Desk could not check whether ${allowed}. ${next}`;
  return { rule: UNTOLD, sentence, ...(trouble && { symptom: symptomOfTrouble(trouble) }) };
}

/** The change makes no sense for this user, in the change's own words. */
export const nothingToDo = (sentence: string): Refusal => ({ rule: NOTHING_TO_DO, sentence });
export const NOTHING_TO_DO = 'nothing to do';

/** What the card's buttons have to carry does not fit into them. */
export const TOO_LONG: Refusal = {
  rule: 'too long for a card',
  sentence:
    'SecurID’s record of this user is too long for a card in Slack. Use the Cloud Administration Console instead.',
};

/** The card's address or user name now leads to another user. */
export const OTHER_USER: Refusal = {
  rule: 'the same user',
  sentence:
    'This address or user name now belongs to another user or to nobody. Look the user up again.',
};
