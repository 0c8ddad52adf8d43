import type { z } from 'zod';
import type { Lead } from '../../desk/leads.ts';
import type { Call, DeskServices } from '../../desk/operation.ts';
import type {
  Api,
  Authenticators,
  CallOptions,
  Permission,
  SecurID,
  UserDetails,
  UserKey,
} from '../../securid/index.ts';
import type { Block, Value } from '../../slack/blocks.ts';
import type { Limit } from '../limits/limit.ts';
import { type Field, type Options, optionsOf } from './fields.ts';
import type { ChangeWords, GuardedChange } from './guarded.ts';
import type { Risk } from './risk.ts';

export type { Options } from './fields.ts';

/** What a change needs to know besides the user, as it is sealed, recorded and shown. */
export type Input = Record<string, string>;

/** How wanted a change is for somebody. */
export type Wanted = 'now' | 'possible';

export type Fact = [label: string, value: Value | undefined];

type Person = {
  user: UserDetails;
  /** The key by which RSA finds them. */
  key: UserKey;
};

/** What RSA refused, and its reason. */
export type Refused = { reason: string; userId: string; key: UserKey; input: Input };

type Asked<I = Input> = Person & {
  input: I;
  securid: SecurID;
  /** Which version of the Authenticator Details API to use. */
  authenticatorApi: DeskServices['authenticatorApi'];
};

/** For whom the card is, and what is known of the input. */
type OnCard = Person & { input: Input };

/** What a change shows on its card. */
export type OwnCard = {
  facts: Fact[];
  blocks: Block[];
  /** Why the change makes no sense, by more than the user's record. */
  unable?: string | undefined;
  /**
   * What there is to choose in the fields without options of their own, the most likely first: as many as fit
   * into a button. Values of digits alone do not keep this order.
   */
  options?: Options;
};

export type Done<I, A> = Person & {
  input: I;
  answer: A;
  name: string;
  /** When the secret expires, if there is one. */
  expiresAt: Date | undefined;
};

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
  words: Words;
  /** Title of the card, the form and the answer. */
  title(name: string): string;
};

/** The other sentences, for the agent and the approver. */
type ChangeSentences = {
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

/** What the app ends by itself, if there is any, as soon as the user reports a change. */
export type OnReport = {
  /** At the start of a sentence, … was ended: `Emergency access`. */
  ends: string;
  /** Whether there is any, by the record. */
  isThere(user: UserDetails): boolean;
  /** A whole sentence about what goes on, if anything does. */
  stays?: string;
};

/** Its button on the alert about a reported change. */
export type OnAlert = {
  button: string;
  /** What it knows from the report: when the reported change was made, in milliseconds since 1970. */
  input?(report: { at: number }): Input;
};

type Definition<S extends z.ZodObject, A> = Omit<GuardedChange, 'words'> &
  (Typed | Untyped) &
  Declared<S, A>;

type Declared<S extends z.ZodObject, A> = {
  /** The name in `SECURID_CHANGES` that switches it on. By default its own. */
  switchedBy?: string;
  /** The documented API that makes the change. */
  api: Api;
  /** The OAuth permission that this API requires. */
  scope: Permission;
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
  view: Omit<ChangeText, 'name' | 'risk' | 'facts'> &
    ChangeSentences & {
      /** RSA's answer, below the title. */
      done(done: Done<z.output<S>, A>): Block[];
    };
};

/** A change that comes first, and what is left to ask for after it. */
type First = { change: Change; input: Input; rest: Input };

/** With the changes, since one may lead to another that is switched on. */
export type CardServices = DeskServices & { changes: { on: readonly { name: string }[] } };

/** When a secret expires, according to RSA. */
export type Secret = {
  expiresAt: Date | undefined;
  /**
   * No secret of this kind lives longer, in milliseconds; a later time is a mistake or a clock difference.
   * By default it lives about as long as it is shown.
   */
  longest?: number;
};

/** A change that was made, and what to show of it. */
export type Performed = {
  /** Only if RSA's answer was empty and the record can be read. */
  readBack: ((options: CallOptions) => Promise<void>) | undefined;
  secret: Secret | undefined;
  blocks(name: string, expiresAt?: Date): Block[];
  next(name: string): readonly Lead[];
};

/** A declared change, as the guard uses it. */
export type Change = GuardedChange &
  ChangeText & {
    words: Words;
    fields: readonly Field[];
    switchedBy: string;
    /** Whether it is a command of its own. If not, only buttons and other commands lead to it. */
    isTyped: boolean;
    api: Api;
    scope: Permission;
    args: string;
    example: string;
    summary: string;
    button: string;
    task: string;
    say: ChangeSentences;
    limits: readonly Limit[];
    /** Whether the answer is a secret that erases itself. */
    isSecret: boolean;
    onReport?: OnReport;
    which?(input: Input): string;
    onAlert?: OnAlert;
    withoutRecord?: 'by id' | 'by key';
    /** Reads the words after the user; `undefined` if they are not understood. */
    read(words: string[]): Input | undefined;
    /** The complete input, or what is missing, by field. */
    complete(input: Input): { input: Input } | { errors: Record<string, string> };
    unable(user: UserDetails, input: Input): string | undefined;
    suits(user: UserDetails, authenticators: Authenticators | undefined): Wanted | undefined;
    settle(user: UserDetails, asked?: Input): Input;
    card(services: CardServices, asked: OnCard, call: Call): Promise<OwnCard>;
    explain(services: CardServices, asked: Refused, call: Call): Promise<Block[]>;
    first(input: Input): First | undefined;
    perform(asked: Asked, options: CallOptions): Promise<Performed>;
    /**
     * If no usable answer arrived: the change as the record shows it; `undefined` if it does not.
     * Without it, nobody can tell.
     */
    lookAgain: ((asked: Asked, options: CallOptions) => Promise<Performed | undefined>) | undefined;
  };

/**
 * Declares what is particular to a change. The guard does the rest, which is the same
 * for all: the command and its card, the form, the rules, approval, the limits, the
 * queue, the audit trail and the notice.
 * @param definition `name` is what the agent types, and part of action ids, seals, rows and
 *   metrics; for the rest, see the properties above
 */
export function defineChange<S extends z.ZodObject, A>(definition: Definition<S, A>): Change {
  const { view, input, read, settle, unable, ...rest } = definition;
  const { words, title, done: _, ...say } = view;
  const {
    limits = [],
    card = async (): Promise<OwnCard> => ({ facts: [], blocks: [] }),
    fields,
  } = rest;
  const strings = (given: object): Input =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));

  return {
    ...NOT_TYPED,
    ...rest,
    switchedBy: rest.switchedBy ?? rest.name,
    isTyped: rest.isTyped ?? true,
    words,
    title,
    say,
    limits,
    card,
    facts: rest.facts ?? ((given, options) => chosen(fields, given, options)),
    explain: rest.explain ?? (async () => []),
    isSecret: rest.present !== undefined,
    read(words) {
      const more = words.length === 0 ? {} : read?.(words);
      return more && strings(more);
    },
    complete(given) {
      const { data, error } = input.safeParse(given);
      if (data) return { input: strings(data) };
      const paths = new Set(error?.issues.map(({ path }) => path[0]));
      const missing = fields.filter(({ id }) => paths.has(id));
      return { errors: Object.fromEntries(missing.map((field) => [field.id, field.missing])) };
    },
    unable: (user, given) => unable?.(user, given),
    suits: rest.suits ?? (() => (rest.isTyped === false ? undefined : 'possible')),
    settle: (user, asked) => strings(settle?.(user, asked) ?? {}),
    ...requestsOf(definition),
  };
}

/** How a declared change is carried out, and looked for if no usable answer arrived. */
function requestsOf<S extends z.ZodObject, A>(
  definition: Definition<S, A>,
): Pick<Change, 'first' | 'perform' | 'lookAgain'> {
  const { input, first, perform, readBack, lookAgain, present, next, view } = definition;
  const whole = ({ input: given, ...asked }: Asked) => ({ ...asked, input: input.parse(given) });

  /** Tells what was answered, or read back since. */
  function performed(asked: Asked<z.output<S>>, tell: () => A) {
    const done = (name: string, expiresAt?: Date) => ({
      ...asked,
      answer: tell(),
      name,
      expiresAt,
    });
    return {
      secret: present?.(tell()),
      blocks: (name: string, expiresAt?: Date) => view.done(done(name, expiresAt)),
      next: (name: string) => next?.(done(name)) ?? [],
    };
  }

  return {
    first(given) {
      const { data } = input.safeParse(given);
      return data && first?.(data);
    },
    async perform(given, options) {
      const asked = whole(given);
      let answer = await perform(asked, options);
      const again = async (options: CallOptions) => {
        answer = (await readBack?.(asked, options)) ?? answer;
      };
      return {
        ...performed(asked, () => answer),
        readBack: answer === undefined && readBack ? again : undefined,
      };
    },
    lookAgain:
      lookAgain &&
      (async (given, options) => {
        const asked = whole(given);
        const { isMade, answer } = await lookAgain(asked, options);
        if (!isMade) return undefined;
        return { ...performed(asked, () => answer), readBack: undefined };
      }),
  };
}

const NOT_TYPED = { args: '', example: '', summary: '', task: '' };

/** The chosen options, under the form's labels. */
const chosen = (fields: readonly Field[], given: Input, offered?: Options): Fact[] =>
  fields.map((field) => {
    const value = given[field.id];
    return [field.label, optionsOf(field, offered)?.[value ?? ''] ?? value];
  });
