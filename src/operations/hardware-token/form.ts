import { LONGEST_FIELD, type TaskForm } from '../../desk/task-form.ts';
import { splitWords } from '../../desk/words.ts';
import { input, textInput } from '../../slack/blocks.ts';

const SERIAL = 'home:serial';

/** The form's task: looks up a hardware token by its serial number. */
export const form: TaskForm = {
  task: 'Look up a hardware token',
  button: 'Show',
  fields: [
    input(
      'Serial number',
      SERIAL,
      textInput(SERIAL, { placeholder: '000000900001', max: LONGEST_FIELD }),
      { hint: 'The number on the back of the token.' },
    ),
  ],
  read: ({ [SERIAL]: typed }) => ({ words: splitWords(typed ?? '') ?? [], field: SERIAL }),
  missing: 'Type the serial number on the back of the token.',
};
