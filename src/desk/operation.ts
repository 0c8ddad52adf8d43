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

/** What every request needs to become an answer. */
export type DeskServices = {
  slack: Slack;
  securid: SecurID;
  audit: Audit;
  identities: Identities;
  /** What those are called whom the audit trail knows by their ids. */
  names: KnownNames;
  roles: Roles;
  lookUps: LookUps;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Which version of the Authenticator Details API to ask. */
  authenticatorApi: 1 | 2;
};

/** Somebody asking for something once. */
export type Call = Place & {
  userId: string;
  channelId: string;
  responseUrl: string;
  access: Access;
  /** By `clock.elapsed()`. */
  startedAt: number;
  /** For every call to SecurID: until when it may take, in the asker's lane, counted as this call's time. */
  securid: Required<Pick<CallOptions, 'until' | 'lane' | 'took'>>;
  /** Stands in the log, and in the answer when something fails. */
  incident: string;
  progress: Progress;
  log: Log;
  audit: CallAudit;
  reply: Reply;
  silence: Silence;
};

/** A message, for the asker alone unless it says otherwise. */
type Answer = Message & { inChannel?: boolean } & Pick<PostOptions, 'onFallback'>;

/** Looks up, decides, acts and answers. */
export type Task = (call: Call) => Promise<Answer>;

/** Why words make no task: a sentence, or the usage line of the operation. */
export type Problem = { problem: Message } | 'usage';

export type OperationText = {
  name: string;
  aliases: string[];
  /** Who may; `undefined` is everybody. */
  role: WhoMay;
  /** The arguments, as in a usage line. */
  args: string;
  /** A whole command to copy. */
  example: string;
  /** Half a sentence for `help`. */
  summary: string;
  /** As a task of the form that `/securid` alone opens, if it is one. */
  form?: TaskForm;
  /** Reads words without its name. */
  namedBy?(words: string[]): Named | undefined;
};

/**
 * That words without a name mean this operation, with these words behind its name. What is beyond doubt comes
 * first, then what is likely; what may be so is said to be a guess.
 */
export type Named = { words: string[]; how: 'beyond doubt' | 'likely' | 'a guess' };

export type Operation = OperationText & {
  /** It is listed nowhere, and suggested to nobody. */
  isUnlisted?: true;
  /** The task for the words typed behind the name. */
  typed(words: string[]): Task | Problem;
  /** The task that a sealed button carries; `undefined` if it carries none of this operation's. */
  pressed(input: unknown): Task | undefined;
};

type Definition<Input extends z.ZodType> = OperationText & {
  /** What the operation needs to know, whoever hands it in. */
  input: Input;
  read(words: string[]): z.output<Input> | { problem: Message } | undefined;
  run(input: z.output<Input>, call: Call): Promise<Answer>;
  /** It changes something, so nobody is offered to run it again after a failure. */
  changesState?: true;
};

/** A button of an operation's own was pressed, on a message or in a modal. */
export type Press = Call & {
  /** What the button carried. */
  value: string;
  /** What was filled in around it, by `block_id`. */
  filled: Record<string, string | undefined>;
  /** The modal that it opened, if it does. */
  modalId: string | undefined;
  /** The modal it stands in, if any. */
  view: { id: string; privateMetadata: string } | undefined;
};

/** Acts and answers on its own, since only it knows what its message turns into. */
export type PressHandler = (press: Press) => Promise<void>;

/** A press, before anybody was asked about it. */
export type BarePress = { value: string; userId: string; channelId: string; responseUrl: string };

export type PressListener = {
  /** Who may; `undefined` is everybody who could see the button. */
  role: WhoMay;
  /** Whether no answer of Slack's about the presser may be older than ten seconds. */
  fresh?: boolean;
  /**
   * A modal that the press opens, while it is still found out who presses: a trigger lives three
   * seconds. So it shows nothing but what the presser could see before.
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

/** Errors stand at the fields of the modal, by `block_id`, and keep it open. */
export type SubmissionResult =
  | { errors: Record<string, string> }
  | { go: (arrival?: Arrival) => Promise<void> };
export type SubmissionHandler = (submission: Submission) => Promise<SubmissionResult>;

/** What an operation hears besides its command. */
export type Listeners = {
  /** By `action_id`. */
  presses?: Record<string, PressListener>;
  /** By `callback_id`. */
  submissions?: Record<string, SubmissionHandler>;
};

/** Makes an operation that can be typed, or pressed on a card of another. */
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
