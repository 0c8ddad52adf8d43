import type { Fact, Input } from './asked.ts';
import type { Options } from './fields.ts';
import type { ChangeWords } from './guarded.ts';
import type { Risk } from './risk.ts';

/** Phrases for the guard's own sentences. The examples are those of the registration code. */
export type Words = ChangeWords & {
  /** Within a sentence, without an article: `registration code`. */
  thing: string;
  /** Short for `thing`: `code`. */
  short: string;
  /** … asks for approval of …: `a registration code`. */
  one: string;
  /** The agent …: `issued a registration code`. */
  did: string;
  /** You … yourself: `issue codes`. */
  doing: string;
  /** A code that was …: `issued`. */
  done: string;
  /**
   * What the user reads before who did it and when:
   * `A registration code for your SecurID account was issued`.
   */
  notice: string;
  /** For after the thing has been named: `None was issued.` */
  noneOfIt: string;
  /** A whole sentence: `No code has been issued yet.` */
  noneYet: string;
  /** The audit trail cannot be written, so …: `no code was asked for`. */
  notAsked: string;
};

/** What agents, approvers and users read about a change, apart from the answer. */
export type ChangeText = {
  name: string;
  risk: Risk;
  /** What is requested, besides for whom. */
  facts(input: Input, options?: Options): Fact[];
  /** Which of the user's authenticators it is about. */
  which?(input: Input): string;
  words: Words;
  /** Title of the card, the form and the answer. */
  title(name: string): string;
};

/** The other sentences, for the agent and the approver. */
export type ChangeSentences = {
  /** On the card's button, such as `Verify and issue`. */
  verify: string;
  /** On the form's button, such as `Issue code`. */
  submit: string;
  /** Placeholder of the reason. */
  reasons: string;
  /** What the change can do in the wrong hands. */
  warning: string;
  /**
   * Shown while it takes long, without the end of the sentence:
   * `Checking whether …`, `Asking SecurID …`.
   */
  checking(name: string): string;
  asking(name: string): string;
  /** What to assume if no answer follows. */
  silence: string;
  /** For the approver before approving: what happens right away. */
  approval: string;
  /** For the agent while an approver decides: where the answer will appear. */
  waiting: string;
  /** If nobody knows whether the change was made. */
  unknown: string;
  /** The same if the record, read again, does not show the change. */
  notSeen?: string;
  /** By RSA's reason. */
  refusals: Record<string, string>;
};
