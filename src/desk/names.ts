/** What can be typed, besides the changes. */
export const COMMANDS = [
  'user',
  'authenticators',
  'token',
  'license',
  'lockdown',
  'unblock',
  'help',
] as const;

/** The `action_id`s of buttons and choices, besides those of changes and those that lead to a command. */
export const BUTTONS = [
  'notice:report',
  'notice:confirm',
  'notice:lift',
  'notice:devices',
  'lockdown:lift',
  'license:csv',
  'home:task',
] as const;

/** The `callback_id`s of modals that can be submitted. */
export const FORMS = ['home'] as const;

/** Buttons that lead from one operation to the next: `action_id` is this and the operation's name. */
export const FOLLOW_UP = 'follow-up:';

/** Everything that can be asked for: with the changes of these names, and their buttons and forms. */
export const operationsWith = (changes: string[], theirs: string[]): readonly string[] => [
  ...[...COMMANDS, ...changes].flatMap((name) => [name, `${FOLLOW_UP}${name}`]),
  ...theirs,
  ...BUTTONS,
  ...FORMS,
];
