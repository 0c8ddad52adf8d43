import type { types, webApi } from '@slack/bolt';
import type { Clock } from '../clock.ts';
import type { Block, Message } from './blocks.ts';
import { LONGEST_PAUSE } from './channel-pace.ts';
import { createChannelTurns, type TurnOptions } from './channel-turns.ts';
import { mayPass, retryAfter } from './delivery.ts';
import { isPlatformError } from './errors.ts';
import { BLOCKS_REFUSED, sendWithFallback } from './fallback.ts';

/** Where a message of the bot is. */
export type Posted = { channel: string; ts: string };

export type ChannelOptions = TurnOptions & {
  /** Called if Slack took the fallback blocks instead. */
  onFallback?: (() => void) | undefined;
};

/** The bot's own messages. Slack's failures are thrown as they are, once retrying ends. */
export type Channels = {
  /**
   * Posts when it is this message's turn in its channel, see `channel-turns.ts`.
   * @param channelId a channel that the bot is in, or a user id: then it is a direct message
   * @param message what to post; a function is called each time it is sent
   * @throws NoTurn if it was given up before it was sent
   * @see https://docs.slack.dev/reference/methods/chat.postMessage
   */
  post(
    channelId: string,
    message: Message | (() => Message),
    options?: ChannelOptions,
  ): Promise<Posted>;
  /**
   * Tries again after a 429 or when Slack was unavailable: an update does no harm twice.
   * @param patience milliseconds; default 5,000
   */
  update(posted: Posted, message: Message, patience?: number): Promise<void>;
  /** Puts a text file into a channel or conversation that the bot is in. */
  upload(channelId: string, file: { name: string; title: string; text: string }): Promise<void>;
  /** Waits before Slack is asked again, in milliseconds. False if the app stopped meanwhile. */
  rest(ms: number): Promise<boolean>;
  /** How many messages wait for their turn or for Slack. */
  waiting(): number;
  /** The app is stopping: from now on each message is tried at once and waits only briefly. */
  hurry(): void;
};

/** For what must be read and may arrive twice. */
export const MUST_ARRIVE = { patience: 10 * 60_000, repeatable: true } as const;

/** Someone is waiting for the update. */
const UPDATE_PATIENCE = 5000;

/** Pause before an update is tried again; doubles each time. */
const FIRST_PAUSE = 1000;
const LAST_PAUSE = 60_000;

type Wiring = {
  /** A client without retries: a message that timed out may have arrived. */
  client: webApi.WebClient;
  clock: Clock;
  /** Counts work that the app waits for when it stops. */
  count: (work: Promise<unknown>) => Promise<void>;
};

export function createChannels({ client, clock, count }: Wiring): Channels {
  const turns = createChannelTurns(clock);

  async function postOnce(channelId: string, message: Message) {
    let posted: Posted = { channel: channelId, ts: '' };
    const asItIs = await sendShown(message, async (content) => {
      const wanted = { channel: channelId, ...content, unfurl_links: false };
      const { channel = channelId, ts = '' } = await client.chat.postMessage(wanted);
      posted = { channel, ts };
    });
    return { posted, asItIs };
  }

  async function keepUpdating({ channel, ts }: Posted, message: Message, until: number) {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LAST_PAUSE)) {
      try {
        await sendShown(message, async (content) => {
          await client.chat.update({ channel, ts, ...content });
        });
        return;
      } catch (error) {
        const quiet = retryAfter(error);
        const wait = Math.max(Math.min(quiet ?? 0, LONGEST_PAUSE), pause);
        if (quiet === undefined && !mayPass(error)) throw error;
        if (clock.elapsed() + wait > until || !(await turns.rest(wait))) throw error;
      }
    }
  }

  return {
    async post(channelId, message, { onFallback, ...options } = {}) {
      let posted: Posted = { channel: channelId, ts: '' };
      const send = async () => {
        const made = typeof message === 'function' ? message() : message;
        const sent = await postOnce(channelId, made);
        posted = sent.posted;
        if (!sent.asItIs) onFallback?.();
      };
      const sent = turns.inTurn(channelId, send, options);
      // The caller gets the failure.
      count(sent).catch(() => {});
      await sent;
      return posted;
    },
    async update(posted, message, patience = UPDATE_PATIENCE) {
      const updated = keepUpdating(posted, message, clock.elapsed() + patience);
      count(updated).catch(() => {});
      await updated;
    },
    async upload(channel_id, { name, title, text }) {
      await client.filesUploadV2({ channel_id, filename: name, title, content: text });
    },
    rest: turns.rest,
    waiting: turns.waiting,
    hurry: turns.hurry,
  };
}

/** Sends a message, with its fallbacks if Slack refuses its blocks. Returns whether they were its own. */
async function sendShown(
  message: Message,
  send: (content: { text: string; blocks: types.KnownBlock[] }) => Promise<void>,
): Promise<boolean> {
  const { asItIs } = await sendWithFallback(message, async (blocks) => {
    try {
      await send({ text: message.text, blocks: known(blocks) });
      return 'ok';
    } catch (error) {
      const refused = BLOCKS_REFUSED.find((code) => isPlatformError(error, code));
      if (refused === undefined || blocks === plainest(message)) throw error;
      return refused;
    }
  });
  return asItIs;
}

/** Slack knows more blocks than its types do. */
const known = (blocks: Block[]) => blocks as types.KnownBlock[];

function plainest({ blocks, fallback }: Pick<Message, 'blocks' | 'fallback'>): Block[] {
  return fallback ? plainest(fallback) : blocks;
}
