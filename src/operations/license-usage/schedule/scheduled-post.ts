import type { Message } from '../../../slack/blocks.ts';
import type { ChannelOptions } from '../../../slack/channel.ts';

/** One time at which a scheduled post is due. */
export type Turn = {
  /** The time, in ISO 8601. */
  due: string;
  /** The incident number, for the log, the audit trail, and the channel if something fails. */
  incident: string;
};

export type Posting = { message: Message } & ChannelOptions;

/** Something posted at most once each time that it is due. */
export type ScheduledPost = {
  /** Its name in the log. */
  name: string;
  /** The prefix of its keys in the store, which other versions of the app also use. */
  key: string;
  /** What to post, if anything. */
  message(turn: Turn): Promise<Posting | undefined>;
  /** Right before posting: records that it may have been posted. */
  begins(turn: Turn): Promise<void>;
  posted(turn: Turn): Promise<void>;
  /** Slack certainly did not accept it. */
  refused(turn: Turn, failure: string, how: { final: boolean }): Promise<void>;
  /** What is posted instead if SecurID fails for too long. */
  apology?(turn: Turn): Message;
};
