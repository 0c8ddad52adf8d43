import type { types } from '@slack/bolt';
import { withIncident } from '../../desk/failures.ts';
import { modal } from '../../desk/modal.ts';
import type { Problem } from '../../desk/operation.ts';
import type { TaskForm } from '../../desk/task-form.ts';
import { input, type Message, option, paragraph, select } from '../../slack/blocks.ts';

/** `callback_id` of the form. */
export const HOME = 'home';

/** `block_id` and `action_id` of the choice of a task. */
export const TASK = 'home:task';

export const TOO_OLD = 'This form has expired. Close it and type /securid again.';
export const NO_TASK = 'Choose a task.';
export const OTHER_FIELDS = 'These fields belong to another task. Choose the task again.';

/** The error at a field. Slack reads no markup there. */
export const wrong = (problem: Problem, { missing }: TaskForm): string =>
  problem === 'usage' ? missing : problem.problem.text.replaceAll('`', '');

/** Shown until Slack has said who is asking. */
export const loading = () => modal([paragraph('One moment…')]);

/** The form for one task. Choosing another changes the fields below. */
export function form(
  tasks: { name: string; form: TaskForm }[],
  sealed: string,
  chosenName?: string,
): types.ModalView {
  const options = tasks.map(({ name, form: { task } }) => option(task, name));
  const chosen = tasks.find(({ name }) => name === chosenName) ?? tasks[0];
  const choice = select(TASK, 'Choose a task', options, chosen?.name);
  return {
    ...modal([
      input('What would you like to do?', TASK, choice, { dispatch: true }),
      ...(chosen?.form.fields ?? []),
    ]),
    callback_id: HOME,
    private_metadata: sealed,
    submit: { type: 'plain_text', text: chosen?.form.button ?? 'Show' },
  };
}

export const notOpened = (incident: string): Message =>
  withIncident(
    'The form could not be opened. Try again, or type a command: `/securid help` lists them.',
    incident,
  );
