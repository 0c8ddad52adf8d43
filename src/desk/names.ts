/** What can be typed. */
export const COMMANDS = [
  'user',
  'authenticators',
  'token',
  'code',
  'license',
  'lockdown',
  'unblock',
  'help',
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** The `action_id`s of buttons and choices, besides those that lead to a command. */
export const BUTTONS = [
  'registration-code:verify',
  'registration-code:cancel',
  'registration-code:hide',
  'approval:approve',
  'approval:deny',
  'notice:report',
  'notice:confirm',
  'notice:lift',
  'notice:devices',
  'lockdown:lift',
  'license:csv',
  'home:task',
] as const;
export type ButtonName = (typeof BUTTONS)[number];

/** The `callback_id`s of modals that can be submitted. */
export const FORMS = ['home', 'registration-code:issue'] as const;
export type FormName = (typeof FORMS)[number];

/** Buttons that lead from one operation to the next: `action_id` is this and the operation's name. */
export const FOLLOW_UP = 'follow-up:';

/** Everything that can be asked for. */
export const OPERATIONS: readonly string[] = [
  ...COMMANDS,
  ...COMMANDS.map((name) => `${FOLLOW_UP}${name}`),
  ...BUTTONS,
  ...FORMS,
];
