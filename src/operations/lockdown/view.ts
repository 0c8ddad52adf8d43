import { type Message, sentence } from '../../slack/blocks.ts';

/** Stands in `help`, too. */
export const ON =
  ':lock: Lockdown: no registration codes are issued until an approver types `/securid lockdown off`.';

export const isOn = (): Message => sentence(ON);
export const isOff = (): Message =>
  sentence('The lockdown is lifted. Registration codes can be issued again.');

/** The other instances are told as soon as the store is there again, and issue no code until then. */
export const isOnHere = (): Message =>
  sentence(
    `${ON} The other instances of SecurID Desk could not be told just now. They will be; please look at \`/securid help\` in a minute.`,
  );
export const staysOn = (): Message =>
  sentence(
    ':warning: The lockdown was not lifted: the other instances of SecurID Desk could not be told. Please try again in a minute.',
  );
