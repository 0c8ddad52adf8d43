import type { z } from 'zod';
import type { Lead } from '../../desk/leads.ts';
import type { Call } from '../../desk/operation.ts';
import type {
  Api,
  Authenticators,
  CallOptions,
  Permission,
  UserDetails,
} from '../../securid/index.ts';
import type { Block } from '../../slack/blocks.ts';
import type { Limit } from '../limits/limit.ts';
import type {
  Asked,
  CardServices,
  Done,
  Fact,
  Input,
  OnCard,
  OwnCard,
  Refused,
  Secret,
} from './asked.ts';
import type { First, OnAlert, OnReport, Wanted } from './change.ts';
import type { Field } from './fields.ts';
import type { GuardedChange } from './guarded.ts';
import type { ChangeSentences, ChangeText } from './words.ts';

/** What a change that is typed under its own name declares besides. */
type Typed = {
  isTyped?: true;
  /** What follows the user in a usage line: `[ios|android]`, or nothing. */
  args: string;
  /** A complete command to copy. */
  example: string;
  /** Half a sentence for `help`. */
  summary: string;
  /** The task in the form: `Issue a registration code`. */
  task: string;
};

/** Only buttons and other commands lead to it. */
type Untyped = Partial<Omit<Typed, 'isTyped'>> & {
  isTyped: false;
};

/** What is particular to a change. */
export type Definition<S extends z.ZodObject, A> = Omit<GuardedChange, 'words'> &
  (Typed | Untyped) &
  Declared<S, A>;

type Declared<S extends z.ZodObject, A> = {
  /** The name in `SECURID_CHANGES` that switches it on. By default its own. */
  switchedBy?: string;
  /** The documented API that makes the change. */
  api: Api;
  /** The OAuth permission that this API requires. */
  scope: Permission;
  /** Those of other APIs that carry it out for some, such as for a SecurID DS100. */
  moreScopes?: readonly Permission[];
  /** The button on the user's card: `Registration code`. */
  button: string;
  /**
   * It can be made without the user's record: by the id that RSA gave the user, or by a key of somebody
   * whom RSA does not know yet. Only for what `refreshes`; the record that its rules see is then empty.
   */
  withoutRecord?: 'by id' | 'by key';
  /** What it needs to know besides the user. All values are strings and go into the audit trail. */
  input: S;
  /** Choices in the form, for what the card leaves open. */
  fields: readonly Field[];
  /** What is requested, if that is more than the choices in the form. */
  facts?(input: Input): Fact[];
  /** Which of the user's authenticators it is about, for the user: `iPhone 14 (iOS 18.1)`. */
  which?(input: Input): string;
  /** Reads the words after the user, such as a platform. Without it, no such words are accepted. */
  read?(words: string[]): Partial<z.output<S>> | undefined;
  /** Its own limits, in addition to the one that an agent's changes share. */
  limits?: readonly Limit[];
  /**
   * Why the change makes no sense for this user, by their record. Asked for the card, and again
   * right before the change.
   */
  unable?(user: UserDetails, input: Input): string | undefined;
  /**
   * How wanted it is on the user's card: `now` comes first, and `undefined` leaves it out. Without it, a change
   * that is typed is `possible`, and no other is there. `authenticators` is `undefined` if they are not known.
   */
  suits?(user: UserDetails, authenticators: Authenticators | undefined): Wanted | undefined;
  /**
   * The part of the input that follows from the user's record. Used for the card, and right before the
   * change with the input that was asked for, which it may narrow.
   */
  settle?(user: UserDetails, asked: Input | undefined): Partial<z.output<S>>;
  /** What the card shows besides the user. If it throws, the agent reads the failure in place of the card. */
  card?(services: CardServices, asked: OnCard, call: Call): Promise<OwnCard>;
  /**
   * If the input asks for something that has to be done first, in the same request: another change with its
   * input, and what is left of this one's. Both are counted before the first is made, each has its rows, and
   * this one is only begun if the first was made.
   */
  first?(input: z.output<S>): First | undefined;
  /**
   * Asks RSA once. Passes `options` on unchanged, because through them
   * the guard stops and records the change.
   */
  perform(asked: Asked<z.output<S>>, options: CallOptions): Promise<A>;
  /** If RSA's answer was empty: what the record says now. */
  readBack?(asked: Asked<z.output<S>>, options: CallOptions): Promise<A>;
  /**
   * If no usable answer arrived: what the record says now. `isMade` if it shows the change. By
   * default nobody looks, and the outcome stays unknown.
   */
  lookAgain?(
    asked: Asked<z.output<S>>,
    options: CallOptions,
  ): Promise<{ isMade: boolean; answer: A }>;
  /** If the answer is a secret that erases itself: when it expires, according to RSA. */
  present?(answer: A): Secret;
  /**
   * The app makes this change by itself, with the input that `settle` reads from the record, as soon as the user
   * reports any change.
   */
  onReport?: OnReport;
  /** Offered on the alert about a reported change, to all who may ask for it. Only for what `protects`. */
  onAlert?: OnAlert;
  /** What to show with RSA's reason for refusing. Never throws. */
  explain?(services: CardServices, refused: Refused, call: Call): Promise<Block[]>;
  /** Buttons on the answer, for what usually comes next. Those that are not for the reader are left out. */
  next?(done: Done<z.output<S>, A>): readonly Lead[];
  view: Omit<ChangeText, 'name' | 'risk' | 'facts' | 'which'> &
    ChangeSentences & {
      /** RSA's answer, below the title. */
      done(done: Done<z.output<S>, A>): Block[];
    };
};
