import { slackTrouble } from '../../desk/slack-trouble.ts';
import type { Trouble } from '../../slack/trouble.ts';
import type { ChangeWords } from '../change/guarded.ts';

/** Which rule refuses: its name for the audit trail, its sentence for the agent. */
export type Refusal = {
  rule: string;
  sentence: string;
  /** For the second person, where the sentence speaks to the agent. */
  toApprover?: string;
};

/** Where one of the rules cannot be told: its name in the audit trail. */
export const UNTOLD = 'cannot be told';

/** A rule that cannot be told refuses. Where there is a trouble, asking again will not help. */
export function untold({ allowed }: ChangeWords, trouble?: Trouble): Refusal {
  const next = trouble ? slackTrouble(trouble) : 'Try again in a minute.';
  const sentence = `SecurID Desk could not check whether ${allowed}. ${next}`;
  return { rule: UNTOLD, sentence };
}

/** What a change makes no sense for, by its own word. */
export const nothingToDo = (sentence: string): Refusal => ({ rule: NOTHING_TO_DO, sentence });
export const NOTHING_TO_DO = 'nothing to do';

/** What a card was made for is not what its address or user name leads to now. */
export const OTHER_USER: Refusal = {
  rule: 'the same user',
  sentence:
    'This address or user name now belongs to another user or to nobody. Type the command again.',
};
