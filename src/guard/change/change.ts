import type { z } from 'zod';
import type { Call, DeskServices } from '../../desk/operation.ts';
import type {
  Api,
  CallOptions,
  Permission,
  SecurID,
  UserDetails,
  UserKey,
} from '../../securid/index.ts';
import type { Block, Value } from '../../slack/blocks.ts';
import type { Limit } from '../limits/limit.ts';
import type { ChangeWords, GuardedChange } from './guarded.ts';

/** What a change needs to know besides whom it is for: as it is sealed, recorded and shown. */
export type Input = Record<string, string>;

/** A choice in the form. */
export type Field = {
  /** The property of the input that it fills, and its `block_id`. */
  id: string;
  label: string;
  placeholder: string;
  /** What is shown, by value. */
  options: Record<string, string>;
  /** What stands at it as long as nothing is chosen. */
  missing: string;
};

export type Fact = [label: string, value: Value | undefined];

/** Whom a change is for. */
type Person = {
  user: UserDetails;
  /** By which RSA finds them. */
  key: UserKey;
};

/** What is asked of SecurID. */
type Asked<I = Input> = Person & { input: I; securid: SecurID };

/** What an answer shows. */
export type Done<I, A> = Person & {
  input: I;
  answer: A;
  name: string;
  /** When the secret ends; only where there is one. */
  expiresAt: Date | undefined;
};

/** Phrases for the guard's own sentences. The examples are the registration code's. */
export type Words = ChangeWords & {
  /** In the middle of a sentence, without an article: `registration code`. */
  thing: string;
  /** The same, short: `code`. */
  short: string;
  /** … asks for approval of …: `a registration code`. */
  one: string;
  /** The agent …: `issued a registration code`. */
  did: string;
  /** You … yourself: `issue codes`. */
  doing: string;
  /** A code that was …: `issued`. */
  done: string;
  /** What the person reads, before by whom and when: `A registration code for your SecurID account was issued`. */
  notice: string;
  /** The same where the code has been named before: `None was issued.` */
  noneOfIt: string;
  /** A whole sentence: `No code has been issued yet.` */
  noneYet: string;
  /** The audit trail cannot be written, so …: `no code was asked for`. */
  notAsked: string;
};

/** What everybody reads of a change who has to do with it, besides the answer. */
export type ChangeText = {
  name: string;
  /** What is asked for, besides for whom. */
  facts(input: Input): Fact[];
  words: Words;
  /** Above the card, the form and the answer. */
  title(name: string): string;
};

/** What the agent and the approver read besides. */
type ChangeSentences = {
  /** On the card's button, such as `Verify and issue`. */
  verify: string;
  /** On the form's button, such as `Issue code`. */
  submit: string;
  /** In the empty field for the reason. */
  reasons: string;
  /** What it can do in the wrong hands. */
  warning: string;
  /** While it takes long, without its end: `Checking whether …`, `Asking SecurID …`. */
  checking(name: string): string;
  asking(name: string): string;
  /** What to make of it if nothing follows. */
  silence: string;
  /** What the approver reads before approving: what happens at once. */
  approval: string;
  /** What the agent reads while an approver decides: where the answer will be. */
  waiting: string;
  /** When nobody knows whether it was made. */
  unknown: string;
  /** By RSA's reason. */
  refusals: Record<string, string>;
};

type Definition<S extends z.ZodObject, A> = Omit<GuardedChange, 'words'> & {
  /** The documented API that carries it out. */
  api: Api;
  /** The OAuth permission that this API takes. */
  scope: Permission;
  /** Behind the person in a usage line: `[ios|android]`, or nothing. */
  args: string;
  /** A whole command to copy. */
  example: string;
  /** Half a sentence for `help`. */
  summary: string;
  /** On the user's card, and among the tasks of the form: `Registration code`, `Issue a registration code`. */
  button: string;
  task: string;
  /** What it needs to know besides the user. All of it is strings, and goes on record. */
  input: S;
  /** Its choices in the form, for what the card does not settle. */
  fields: readonly Field[];
  /** What is asked for, where that is more than the choices in the form. */
  facts?(input: Input): Fact[];
  /** What words besides the person mean, such as a platform; without it none are understood. */
  read?(words: string[]): Partial<z.output<S>> | undefined;
  /** Its own limits, besides the one that all changes of an agent share. */
  limits?: readonly Limit[];
  /** Why it makes no sense for this user, by their record; asked for the card, and again at the last. */
  unable?(user: UserDetails, input: Input): string | undefined;
  /** What the user's record settles when the card is made. */
  settle?(user: UserDetails): Partial<z.output<S>>;
  /** What its card shows besides who it is for. Never throws. */
  card?(
    services: DeskServices,
    person: Person,
    call: Call,
  ): Promise<{ facts: Fact[]; blocks: Block[] }>;
  /** Asks RSA once, with the options as they are: the guard stops it and records it through them. */
  perform(asked: Asked<z.output<S>>, options: CallOptions): Promise<A>;
  /** Where RSA answered nothing: what the record says now. */
  readBack?(asked: Asked<z.output<S>>, options: CallOptions): Promise<A>;
  /** Where the answer is a secret that erases itself: when it ends, as RSA says. */
  present?(answer: A): { expiresAt: Date | undefined };
  /** What goes with RSA's reason for refusing it. Never throws. */
  explain?(
    services: DeskServices,
    asked: { reason: string; userId: string },
    call: Call,
  ): Promise<Block[]>;
  view: Omit<ChangeText, 'name' | 'facts'> &
    ChangeSentences & {
      /** What RSA answered, below the title. */
      done(done: Done<z.output<S>, A>): Block[];
    };
};

/** A change that was made, and what there is to show of it. */
export type Performed = {
  /** Only where RSA answered nothing and the record can be read. */
  readBack: ((options: CallOptions) => Promise<void>) | undefined;
  expiresAt: Date | undefined;
  blocks(name: string, expiresAt?: Date): Block[];
};

/** A declared change, as the guard knows it. */
export type Change = GuardedChange &
  ChangeText & {
    words: Words;
    fields: readonly Field[];
    api: Api;
    scope: Permission;
    args: string;
    example: string;
    summary: string;
    button: string;
    task: string;
    say: ChangeSentences;
    limits: readonly Limit[];
    /** Whether its answer is a secret that erases itself. */
    isSecret: boolean;
    /** What words besides the person mean; `undefined` for words that are not understood. */
    read(words: string[]): Input | undefined;
    /** A whole input; by field, what is missing. */
    complete(input: Input): { input: Input } | { errors: Record<string, string> };
    unable(user: UserDetails, input: Input): string | undefined;
    settle(user: UserDetails): Input;
    card(
      services: DeskServices,
      person: Person,
      call: Call,
    ): Promise<{ facts: Fact[]; blocks: Block[] }>;
    explain(
      services: DeskServices,
      asked: { reason: string; userId: string },
      call: Call,
    ): Promise<Block[]>;
    perform(asked: Asked, options: CallOptions): Promise<Performed>;
  };

/**
 * Declares a change: everything that is its own. The guard does the rest, the same for each: the command and
 * its card, the form, the rules, a second person, the limits, its turn, the audit trail, the notice.
 * @param definition its name, which is typed and which action ids, seals, rows and metrics carry, and what
 *   the properties above say
 */
export function defineChange<S extends z.ZodObject, A>(definition: Definition<S, A>): Change {
  const { view, input, read, settle, unable, perform, readBack, present, ...rest } = definition;
  const { done, words, title, ...say } = view;
  const { limits = [], card = async () => ({ facts: [], blocks: [] }), fields } = rest;
  const strings = (given: object): Input =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));

  return {
    ...rest,
    words,
    title,
    say,
    limits,
    card,
    facts: rest.facts ?? ((given) => chosen(fields, given)),
    explain: rest.explain ?? (async () => []),
    isSecret: present !== undefined,
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
    settle: (user) => strings(settle?.(user) ?? {}),
    async perform({ input: given, ...asked }, options) {
      const whole = { ...asked, input: input.parse(given) };
      let answer = await perform(whole, options);
      return {
        readBack:
          answer === undefined && readBack
            ? async (again) => {
                answer = await readBack(whole, again);
              }
            : undefined,
        expiresAt: present?.(answer).expiresAt,
        blocks: (name, expiresAt) => done({ ...whole, answer, name, expiresAt }),
      };
    },
  };
}

/** What was chosen, by the form's own labels. */
const chosen = (fields: readonly Field[], given: Input): Fact[] =>
  fields.map(({ id, label, options }) => [label, options[given[id] ?? ''] ?? given[id]]);
