import type { Words } from '../guard/change/words.ts';

export type Verb = {
  /** `enable`, `enables`, `enabled`, `enabling`. */
  base: string;
  third: string;
  past: string;
  ing: string;
  /** The user is protected and …: `cannot have a token enabled`. */
  withheld: string;
};

type Noun = {
  /** In full: `hardware token`. */
  full: string;
  /** Once it was named: `token`. */
  short: string;
  /** What the change is called: `token change`. */
  change: string;
};

/** The words of a change that does one thing to one authenticator. */
export const verbWords = (
  { full, short, change }: Noun,
  { base, third, past, ing, withheld }: Verb,
): Words => ({
  thing: change,
  short: 'change',
  one: `a ${change}`,
  did: `${past} a ${full}`,
  doing: `${base} ${full}s`,
  done: 'carried out',
  notice: `A ${full} of your SecurID account was ${past}`,
  none: `The ${short} was not ${past}.`,
  noneOfIt: `The ${short} was not ${past}.`,
  noneYet: `The ${short} has not been ${past} yet.`,
  notAsked: `the ${short} was not ${past}`,
  action: `${base} ${full}s`,
  act: `${base} it`,
  noun: `${ing} the ${short}`,
  withheld,
  declines: `${third} nothing`,
  stopped: `no ${full}s are ${past}`,
  allowed: `this ${short} may be ${past}`,
});

/** Whether RSA's word is this one. */
export const says = (told: string | undefined, word: string) =>
  told?.toLowerCase() === word.toLowerCase();
