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
import type { Asked, CardServices, Input, OnCard, OwnCard, Refused, Secret } from './asked.ts';
import type { Field } from './fields.ts';
import type { GuardedChange } from './guarded.ts';
import type { ChangeSentences, ChangeText, Words } from './words.ts';

/** How wanted a change is for somebody. */
export type Wanted = 'now' | 'possible';

/** What the app ends by itself, if there is any, as soon as the user reports a change. */
export type OnReport = {
  /** At the start of a sentence, … was ended: `Emergency access`. */
  ends: string;
  /** Whether there is any, by the record; `undefined` if the record does not say. */
  isThere(user: UserDetails): boolean | undefined;
  /** A whole sentence about what goes on, if anything does. */
  stays?: string;
};

/** Its button on the alert about a reported change. */
export type OnAlert = {
  button: string;
  /** What it knows from the report: when the reported change was made, in milliseconds since 1970. */
  input?(report: { at: number }): Input;
};

/** A change that comes first, and what is left to ask for after it. */
export type First = { change: Change; input: Input; rest: Input };

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
    /** All OAuth permissions that it needs, `scope` first. */
    scopes: readonly Permission[];
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
