import type { Risk } from './risk.ts';

/**
 * The state that a change requires of its user. Some changes,
 * such as enabling a user, require none.
 */
export type UserState = 'enabled' | 'not pending deletion';

/**
 * A change's own words in the guard's sentences. The examples are those of the registration code.
 */
export type ChangeWords = {
  /** Only the help desk may …: `issue registration codes`. */
  action: string;
  /** A colleague has to …: `issue the code`. */
  act: string;
  /** The agent cannot approve …: `the code`. */
  noun: string;
  /** This account is protected and …: `gets no code`. */
  withheld: string;
  /** SecurID Desk cannot tell who this is, so it …: `issues no code`. */
  declines: string;
  /** SecurID Desk is in lockdown: …: `no registration codes are issued`. */
  stopped: string;
  /** SecurID Desk could not check whether …: `this code may be issued`. */
  allowed: string;
  /** A whole sentence: `No code was issued.` */
  none: string;
};

/** What the rules need to know of a change. */
export type GuardedChange = {
  name: string;
  risk: Risk;
  needsUser: readonly UserState[];
  words: ChangeWords;
};
