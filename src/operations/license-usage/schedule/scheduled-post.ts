import type { Message } from '../../../slack/blocks.ts';
import type { ChannelOptions } from '../../../slack/channel.ts';

/** One time at which a scheduled post is due. */
export type Turn = {
  /** When it is due, in ISO 8601. */
  due: string;
  /** Stands in the log, in the audit trail, and in the channel when something fails. */
  incident: string;
};

export type Posting = { message: Message } & ChannelOptions;

/** Something that is posted at most once each time it is due. */
export type ScheduledPost = {
  /** What the log calls it. */
  name: string;
  /** Begins its keys in the store, which other versions of the app know as well. */
  key: string;
  /** What there is to post, if anything. */
  message(turn: Turn): Promise<Posting | undefined>;
  /** Right before it is posted: who reads this later knows that it may have been. */
  begins(turn: Turn): Promise<void>;
  posted(turn: Turn): Promise<void>;
  /** Slack certainly did not take it. */
  refused(turn: Turn, failure: string, how: { final: boolean }): Promise<void>;
  /** What is posted in its place when SecurID fails for too long. */
  apology?(turn: Turn): Message;
};
