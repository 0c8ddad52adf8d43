import { LONGEST_FIELD, type TaskForm } from '../../desk/task-form.ts';
import { splitWords } from '../../desk/words.ts';
import { input, textInput } from '../../slack/blocks.ts';

const PART = 'home:part';

/** The form's task: searches for users by a part of their e-mail address. */
export const form: TaskForm = {
  task: 'Find a user',
  button: 'Show',
  fields: [
    input(
      'Part of the e-mail address',
      PART,
      textInput(PART, { placeholder: 'jane', max: LONGEST_FIELD }),
      { hint: 'At least two letters or digits.' },
    ),
  ],
  read: ({ [PART]: typed }) => ({ words: splitWords(typed ?? '') ?? [], field: PART }),
  missing: 'Type a part of the e-mail address.',
};
