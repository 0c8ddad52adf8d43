import type { TaskForm } from '../../desk/task-form.ts';
import { input, option, select } from '../../slack/blocks.ts';

const WHERE = 'home:where';
const IN_CHANNEL = option('Everyone in the channel', 'channel');
const PRIVATE = option('Only me', 'private');

/** The form's task: shows the license summary, and to whom. */
export const form: TaskForm = {
  task: 'Show the license summary',
  button: 'Show',
  fields: [
    input(
      'Who sees it?',
      WHERE,
      select(WHERE, 'Who sees it?', [IN_CHANNEL, PRIVATE], IN_CHANNEL.value),
    ),
  ],
  read: ({ [WHERE]: where }) => ({
    words: where === PRIVATE.value ? ['private'] : [],
    field: WHERE,
  }),
  missing: 'Choose who sees it.',
};
