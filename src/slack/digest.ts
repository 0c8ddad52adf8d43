import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Channels } from './channel.ts';
import type { Priority } from './channel-turns.ts';
import { isBadMessage } from './delivery.ts';
import { createHeldLines, type Line, type Part } from './held-lines.ts';

export type { Line } from './held-lines.ts';

export type Digest = {
  /** Hands in a line, which is posted when the channel can take it. Never throws. */
  add(line: Line): void;
  /** Tries once more what is left. */
  stop(): void;
};

type Options = {
  channels: Channels;
  /** Without one nobody reads the lines. */
  channelId: string | undefined;
  /** For the log: the channel's variable. */
  name: string;
  clock: Clock;
  log: Log;
  /** The app waits for what is counted before it stops. */
  count: (work: Promise<unknown>) => Promise<void>;
};

/** Until a channel is tried again that the bot could not write to. */
const AGAIN = 5 * 60_000;

/**
 * Lines for one channel, however many come: one message at a time takes what waits, the most urgent first.
 * Where more comes than the channel takes, lines are counted and not dropped.
 */
export function createDigest(options: Options): Digest {
  const { channels, channelId, name, clock, log, count } = options;
  if (channelId === undefined) return { add: () => {}, stop: () => {} };
  const channel = channelId;
  const held = createHeldLines();
  /** Messages that wait for their turn, by how urgent they are. */
  const asked = new Set<Priority>();
  let stopTimer = () => {};
  let isStopped = false;

  async function post(priority: Priority): Promise<void> {
    let part: Part | undefined;
    const compose = () => {
      part = held.next(clock.now());
      asked.delete(priority);
      return part.message;
    };
    const isWanted = () => !held.isEmpty();
    const patience = Number.POSITIVE_INFINITY;
    try {
      const how = { priority, patience, repeatable: true, isWanted };
      await channels.post(channel, compose, how);
      if (part) held.remove(part);
    } catch (error) {
      const missing = held.missing();
      log.error(
        { err: error, ...missing },
        `${name} did not get some lines: is the bot invited there?`,
      );
      // What is wrong with the message stays wrong; a channel that cannot be written to may change.
      if (part && isBadMessage(error)) held.remove(part);
      stopTimer();
      if (!isStopped) stopTimer = clock.after(AGAIN, ask);
      return;
    } finally {
      asked.delete(priority);
    }
    ask();
  }

  /** Sees to it that the most urgent line has a message that waits for its turn. */
  function ask(): void {
    const priority = held.mostUrgent();
    if (priority === undefined || asked.has(priority)) return;
    asked.add(priority);
    void count(post(priority));
  }

  return {
    add(line) {
      held.add({ ...line, at: clock.now() });
      ask();
    },
    stop() {
      isStopped = true;
      stopTimer();
      ask();
    },
  };
}
