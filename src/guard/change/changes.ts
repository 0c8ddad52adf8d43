import { type Limit, limitsOf } from '../limits/limit.ts';
import type { Change } from './change.ts';
import { GIVES_ACCESS } from './risk.ts';
import type { ChangeText, Words } from './words.ts';

/** All changes, and what they are called together. */
export type Changes = {
  /** Those that are switched on, in the order of `help`. */
  on: readonly Change[];
  /** Those that are switched off. */
  off: readonly Change[];
  /** Whether a change of that name is declared. */
  knows(name: string): boolean;
  /** Every limit of any of them, once. */
  limits: readonly Limit[];
  /** The texts of a change by its name, even if this version does not know it. */
  textOf(name: string): ChangeText;
  /** What lockdowns and blocks stop. */
  stopped: StoppedWords;
};

/**
 * Phrases for what lockdowns and blocks stop. The examples apply if
 * only registration codes are switched on.
 */
export type StoppedWords = {
  /** No … are issued: `registration codes`. */
  many: string;
  /** Short for `many`: `codes`. */
  few: string;
  /** `issued`. */
  done: string;
  /** If you did not ask for …: `the code`. */
  noun: string;
  /** A report of …: `a registration code`. */
  one: string;
  /** Like `one` without its article, and its short form: `registration code`, `code`. */
  thing: string;
  short: string;
  /** You … yourself: `issue codes`. */
  doing: string;
};

/** The one change that earlier versions knew. What they kept does not name it. */
export const EARLIER = 'code';

const SOME: StoppedWords = {
  many: 'changes that give access',
  few: 'changes that give access',
  done: 'made',
  noun: 'it',
  one: 'a change',
  thing: 'change',
  short: 'change',
  doing: 'make such changes',
};

const UNKNOWN: Words = {
  thing: 'change',
  short: 'change',
  one: 'a change',
  did: 'made a change',
  doing: 'change this',
  done: 'made',
  notice: 'Your SecurID account was changed',
  noneOfIt: 'Nothing was changed.',
  noneYet: 'Nothing has been changed yet.',
  notAsked: 'nothing was changed',
  action: 'change this',
  act: 'make the change',
  noun: 'the change',
  withheld: 'is not changed',
  declines: 'changes nothing',
  stopped: 'nothing is changed',
  allowed: 'this may be changed',
  none: 'Nothing was changed.',
};

/** The names that `SECURID_CHANGES` may hold. One name may switch on several changes. */
export const switchesOf = (all: readonly Pick<Change, 'switchedBy'>[]): string[] => [
  ...new Set(all.map(({ switchedBy }) => switchedBy)),
];

/**
 * @param all every declared change
 * @param switches those in `SECURID_CHANGES`
 */
export function createChanges(all: readonly Change[], switches: readonly string[]): Changes {
  const on = all.filter(({ switchedBy }) => switches.includes(switchedBy));
  return {
    on,
    off: all.filter((one) => !on.includes(one)),
    knows: (name) => all.some((one) => one.name === name),
    limits: [...new Set(all.flatMap(limitsOf))],
    textOf: (name) =>
      all.find((one) => one.name === name) ?? {
        name,
        // The riskiest, so that its user can still report it.
        risk: 'grants',
        facts: (input) => Object.entries(input),
        words: UNKNOWN,
        title: (person) => `A change for ${person}`,
      },
    stopped: stoppedWords(on.filter(({ risk }) => GIVES_ACCESS.has(risk))),
  };
}

function stoppedWords([one, ...others]: Change[]): StoppedWords {
  if (!one || others.length > 0) return SOME;
  const { thing, short } = one.words;
  return { ...one.words, many: `${thing}s`, few: `${short}s` };
}
