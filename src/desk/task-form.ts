import type { types } from '@slack/bolt';
import { input, textInput } from '../slack/blocks.ts';
import { splitWords } from './words.ts';

/** What was filled in, by `block_id`. */
type Filled = Record<string, string | undefined>;

/**
 * What was filled in, in the words that one would have typed, and the field at which to say what is wrong
 * with them; or what is wrong with the fields, by `block_id`.
 */
export type TaskWords = { words: string[]; field: string } | { errors: Record<string, string> };

/** An operation as one of the tasks of the form that `/securid` alone opens. */
export type TaskForm = {
  /** What it is called there: `Look up a user`. */
  task: string;
  /** On the button that submits it. */
  button: 'Show' | 'Next';
  /** Its fields, in their order. */
  fields: types.InputBlock[];
  read(filled: Filled): TaskWords;
  /** What stands at the field where the words make no task. */
  missing: string;
};

/** More than anybody's address has, since what is pasted may hold their name as well. */
export const LONGEST_FIELD = 500;

const PERSON = 'home:person';
const TYPED = 'home:typed';

/** For an operation about one person: somebody is picked in Slack, or an address or user name is typed. */
export const personForm = (task: string, button: TaskForm['button']): TaskForm => ({
  task,
  button,
  fields: [
    input(
      'Person',
      PERSON,
      {
        type: 'users_select',
        action_id: PERSON,
        placeholder: { type: 'plain_text', text: 'Somebody in Slack' },
      },
      { optional: true },
    ),
    input(
      'Or an e-mail address or SecurID user name',
      TYPED,
      textInput(TYPED, { placeholder: 'jane@example.com', max: LONGEST_FIELD }),
      { optional: true },
    ),
  ],
  read({ [PERSON]: picked, [TYPED]: typed }): TaskWords {
    const words = splitWords(typed ?? '');
    const isTyped = words === undefined || words.length > 0;
    if (picked && isTyped) return { errors: { [TYPED]: 'Pick a person or type, not both.' } };
    if (picked) return { words: [`<@${picked}>`], field: PERSON };
    if (!isTyped) return { errors: { [PERSON]: 'Pick a person, or type below.' } };
    return { words: words ?? [], field: TYPED };
  },
  missing: 'Type an e-mail address or a SecurID user name.',
});
