import type { types } from '@slack/bolt';
import type { z } from 'zod';
import type { Audit } from '../audit/index.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../monitoring/index.ts';
import type { CallOptions, SecurID } from '../securid/index.ts';
import type { Message } from '../slack/blocks.ts';
import type { Place } from '../slack/place.ts';
import type { PostOptions, Reply } from '../slack/reply.ts';
import type { Slack } from '../slack/slack.ts';
import type { CallAudit } from './call-audit.ts';
import type { Identities } from './identity/identities.ts';
import type { KnownNames } from './identity/known-names.ts';
import type { LookUps } from './look-ups.ts';
import type { Arrival, Progress } from './progress.ts';
import type { Access, Roles, WhoMay } from './roles.ts';
import type { Silence } from './silence.ts';
import type { TaskForm } from './task-form.ts';
import type { Whereabouts } from './whereabouts.ts';

/** What every request needs to become an answer. */
export type DeskServices = {
  slack: Slack;
  securid: SecurID;
  audit: Audit;
  identities: Identities;
  /** Names of users whom the audit trail knows by id. */
  names: KnownNames;
  roles: Roles;
  whereabouts: Whereabouts;
  lookUps: LookUps;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Which version of the Authenticator Details API to use. */
  authenticatorApi: 1 | 2;
};

/** One request by one person. */
export type Call = Place & {
  userId: string;
  channelId: string;
  responseUrl: string;
  access: Access;
  /** As read from `clock.elapsed()`. */
  startedAt: number;
  /** Options for calls to SecurID: the deadline, the asker's lane, and the time they take. */
  securid: Required<Pick<CallOptions, 'until' | 'lane' | 'took'>>;
  /** For the log, and for the answer if something fails. */
  incident: string;
  progress: Progress;
  log: Log;
  audit: CallAudit;
  reply: Reply;
  silence: Silence;
};

/** A message, by default only for the asker. */
type Answer = Message & { inChannel?: boolean } & Pick<PostOptions, 'onFallback'>;

/** Looks up, decides, acts and answers. */
export type Task = (call: Call) => Promise<Answer>;

/** Why words are not a task: a sentence, or the operation's usage line. */
export type Problem = { problem: Message } | 'usage';

export type OperationText = {
  name: string;
  aliases: string[];
  /** False if only buttons and other commands lead to it. */
  isTyped?: boolean;
  /** Who may use it; `undefined` means everybody. */
  role: WhoMay;
  /** The arguments, as in a usage line. */
  args: string;
  /** A whole command to copy. */
  example: string;
  /** What it does, for `help`. */
  summary: string;
  /** Its task in the form that `/securid` alone opens, if any. */
  form?: TaskForm;
  /** Whether words that begin with another operation's name mean this one: `disable token 000000900001`. */
  claims?(words: string[]): boolean;
  /** The words of somebody's name, each of which may be searched for: `Jane Doe`. */
  parts?(words: string[]): string[];
  /** Reads words without its name. */
  namedBy?(words: string[]): Named | undefined;
};

/**
 * Says that words without a name mean this operation, and how certain that is. The answer says when it was a
 * guess.
 */
export type Named = { words: string[]; how: 'beyond doubt' | 'likely' | 'a guess' };

export type Operation = OperationText & {
  /** Not listed in help and never suggested. */
  isUnlisted?: true;
  /** The task for the words after the name. */
  typed(words: string[]): Task | Problem;
  /** The task of a sealed button; `undefined` if it is not this operation's. */
  pressed(input: unknown): Task | undefined;
};

type Definition<Input extends z.ZodType> = OperationText & {
  /** The operation's input, from words, buttons or forms. */
  input: Input;
  read(words: string[]): z.output<Input> | { problem: Message } | undefined;
  run(input: z.output<Input>, call: Call): Promise<Answer>;
  /** It changes something, so there is no *Try again* after a failure. */
  changesState?: true;
};

/** A press of one of the operation's own buttons, in a message or a modal. */
export type Press = Call & {
  /** The button's value. */
  value: string;
  /** The values of the inputs around it, by `block_id`. */
  filled: Record<string, string | undefined>;
  /** The modal that was opened for it, if any. */
  modalId: string | undefined;
  /** The modal that contains the button, if any. */
  view: { id: string; privateMetadata: string } | undefined;
};

/** Acts and posts its own answer: only it knows what becomes of its message. */
export type PressHandler = (press: Press) => Promise<void>;

/** A press before Slack was asked who pressed. */
export type BarePress = { value: string; userId: string; channelId: string; responseUrl: string };

export type PressListener = {
  /** Who may press it; `undefined` means everybody who can see it. */
  role: WhoMay;
  /** Whether the presser's role must be asked for again. */
  fresh?: boolean;
  /**
   * A modal to open before the presser's role is known, since a trigger lives three seconds. May only show
   * what the presser could already see.
   */
  modal?: (press: BarePress) => Promise<types.ModalView | undefined>;
  handle: PressHandler;
};

/** A modal was submitted. */
export type Submission = Place & {
  userId: string;
  filled: Record<string, string | undefined>;
  privateMetadata: string;
};

/** Errors are shown at the modal's fields, by `block_id`, and keep the modal open. */
export type SubmissionResult =
  | { errors: Record<string, string> }
  | { go: (arrival?: Arrival) => Promise<void> };
export type SubmissionHandler = (submission: Submission) => Promise<SubmissionResult>;

/** An operation's buttons and forms. */
export type Listeners = {
  /** By `action_id`. */
  presses?: Record<string, PressListener>;
  /** By `callback_id`. */
  submissions?: Record<string, SubmissionHandler>;
};

/** Defines an operation that can be typed, or run by another's button. */
export function defineOperation<Input extends z.ZodObject>(
  definition: Definition<Input>,
): Operation {
  const { input, read, run, changesState = false, ...text } = definition;
  const task =
    (asked: z.output<Input>): Task =>
    (call) => {
      if (!changesState) call.progress.again = { operation: text.name, input: asked };
      return run(asked, call);
    };
  return {
    ...text,
    typed(words) {
      const asked = read(words);
      if (asked === undefined) return 'usage';
      if ('problem' in asked) return asked as { problem: Message };
      return task(asked as z.output<Input>);
    },
    pressed(value) {
      const { data, success } = input.safeParse(value);
      return success ? task(data) : undefined;
    },
  };
}
