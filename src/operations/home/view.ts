import type { types } from '@slack/bolt';
import { withIncident } from '../../desk/failures.ts';
import { modal } from '../../desk/modal.ts';
import type { OperationText, Problem } from '../../desk/operation.ts';
import { input, type Message, option, paragraph, select, textInput } from '../../slack/blocks.ts';

/** `callback_id` of the form. */
export const HOME = 'home';

/** `block_id`s and `action_id`s of its fields. */
export const TASK = 'home:task';
export const PERSON = 'home:person';
export const TYPED = 'home:typed';
export const SERIAL = 'home:serial';
export const WHERE = 'home:where';

export const TOO_OLD = 'This form is too old. Close it and type /securid again.';

/** What stands at a field that makes no task; Slack reads no markup there. */
export function wrong(problem: Problem, field: string): string {
  if (problem !== 'usage') return problem.problem.text.replaceAll('`', '');
  return field === SERIAL
    ? 'Type the serial number on the back of the token.'
    : 'Type an e-mail address or a SecurID user name.';
}

const TASKS: Record<string, string> = {
  user: 'Look up a user',
  authenticators: "Show a user's authenticators",
  token: 'Look up a hardware token',
  code: 'Issue a registration code',
  license: 'Show the licence summary',
};

/** Stands there while Slack says who is asking. */
export const loading = () => modal([paragraph('One moment…')]);

/** The form for one task; choosing another changes the fields below. */
export function form(operations: OperationText[], sealed: string, task?: string): types.ModalView {
  const options = operations.map(({ name }) => option(TASKS[name] ?? name, name));
  const chosen = operations.find(({ name }) => name === task) ?? operations[0];
  const choice = select(TASK, 'Choose a task', options, chosen?.name);
  return {
    ...modal([
      input('What would you like to do?', TASK, choice, { dispatch: true }),
      ...fields(chosen?.name),
    ]),
    callback_id: HOME,
    private_metadata: sealed,
    submit: { type: 'plain_text', text: chosen?.name === 'code' ? 'Next' : 'Show' },
  };
}

function fields(task: string | undefined): types.KnownBlock[] {
  if (task === 'license') return [where];
  return task === 'token' ? [serial] : person;
}

/** More than anybody's address has, since what is pasted may hold their name as well. */
const LONGEST_FIELD = 500;

const person: types.KnownBlock[] = [
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
];

const serial = input(
  'Serial number',
  SERIAL,
  textInput(SERIAL, { placeholder: '000000900001', max: LONGEST_FIELD }),
  { hint: 'The number on the back of the token.' },
);

const where = input(
  'Who sees it?',
  WHERE,
  select(
    WHERE,
    'Who sees it?',
    [option('Everybody in the channel', 'channel'), option('Only me', 'private')],
    'channel',
  ),
);

export const notOpened = (incident: string): Message =>
  withIncident(
    'The form could not be opened. Please try again, or type a command: `/securid help` lists them.',
    incident,
  );
