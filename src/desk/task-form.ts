import type { types } from '@slack/bolt';
import { input, textInput } from '../slack/blocks.ts';
import { splitWords } from './words.ts';

/** The values, by `block_id`. */
type Filled = Record<string, string | undefined>;

/**
 * The words one would have typed, and the field for an error about them; or errors at the fields, by
 * `block_id`.
 */
export type TaskWords = { words: string[]; field: string } | { errors: Record<string, string> };

/** An operation's task in the form that `/securid` alone opens. */
export type TaskForm = {
  /** Its label: `Look up a user`. */
  task: string;
  /** The label of its submit button. */
  button: string;
  /** Its fields, in order. */
  fields: types.InputBlock[];
  read(filled: Filled): TaskWords;
  /** The error at that field if the words make no task. */
  missing: string;
};

/** Longer than any address, since a paste may include the name. */
export const LONGEST_FIELD = 500;

const PERSON = 'home:person';
const TYPED = 'home:typed';

/** For an operation about one person: pick them in Slack, or type an address or user name. */
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
        placeholder: { type: 'plain_text', text: 'Someone in Slack' },
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
    if (picked && isTyped) return { errors: { [TYPED]: 'Pick a person or type, but not both.' } };
    if (picked) return { words: [`<@${picked}>`], field: PERSON };
    if (!isTyped) return { errors: { [PERSON]: 'Pick a person, or type below.' } };
    return { words: words ?? [], field: TYPED };
  },
  missing: 'Type an e-mail address or a SecurID user name.',
});
