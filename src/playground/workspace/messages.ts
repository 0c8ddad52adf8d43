import type { Clock } from '../../clock.ts';
import { inputsOf } from './inputs.ts';
import type { Block, Message, Shown, SlackChannel, UploadedFile } from './types.ts';

export type Content = { text: string; blocks: Block[] };

type Posted = Content & { channel: string; to?: string; files?: UploadedFile[] };

export function createMessages(clock: Clock, changed: (shown: Shown) => void) {
  const all: Message[] = [];

  return {
    all,
    post({ channel, to, text, blocks, files }: Posted): Message {
      const ts = `${Math.floor(clock.now() / 1000)}.${String(all.length + 1).padStart(6, '0')}`;
      const message: Message = {
        kind: 'message',
        ts,
        channel,
        ...(to && { to }),
        text,
        blocks,
        ...(files && { files }),
        deleted: false,
        replaced: 0,
        inputs: inputsOf(blocks),
      };
      all.push(message);
      changed(message);
      return message;
    },
    replace(message: Message, { text, blocks }: Content): void {
      message.text = text;
      message.blocks = blocks;
      message.replaced += 1;
      message.inputs = inputsOf(blocks, message.inputs);
      changed(message);
    },
    remove(message: Message): void {
      message.deleted = true;
      changed(message);
    },
    /** Ephemeral messages have a `ts`, but no method of the Web API finds them by it. */
    find(channel: unknown, ts: unknown): Message | undefined {
      return all.find((one) => one.channel === channel && one.ts === ts && !one.to && !one.deleted);
    },
    seenBy(userId: string, channel: SlackChannel | undefined): Message[] {
      if (!channel?.members.includes(userId)) return [];
      return all.filter(
        (one) => one.channel === channel.id && !one.deleted && (!one.to || one.to === userId),
      );
    },
  };
}

export type Messages = ReturnType<typeof createMessages>;
