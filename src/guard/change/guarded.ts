import type { Risk } from './risk.ts';

/** What the user has to be for this change; others, such as enabling a user, need neither. */
export type UserState = 'enabled' | 'not pending deletion';

/** The change's own words, for the sentences that every change has. The examples are the registration code's. */
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

/** What the rules have to know of a change. */
export type GuardedChange = {
  name: string;
  risk: Risk;
  needsUser: readonly UserState[];
  words: ChangeWords;
};
