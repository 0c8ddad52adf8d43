import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { seeFor } from '../troubleshooting.ts';
import type { Channels } from './channel.ts';
import type { Priority } from './channel-turns.ts';
import { isBadMessage } from './delivery.ts';
import { createHeldLines, type Line, type Part } from './held-lines.ts';

export type { Line } from './held-lines.ts';

export type Digest = {
  /** Adds a line, which is posted when the channel can take it. Never throws. */
  add(line: Line): void;
  /** Tries once more to post what is left. */
  stop(): void;
};

type Options = {
  channels: Channels;
  /** Without one the lines are dropped. */
  channelId: string | undefined;
  /** For the log: the channel's variable. */
  name: string;
  clock: Clock;
  log: Log;
  /** Counts work that the app waits for when it stops. */
  count: (work: Promise<unknown>) => Promise<void>;
};

/** Pause before a channel that the bot may not write to is tried again. */
const AGAIN = 5 * 60_000;

/**
 * Lines for one channel, gathered: one message at a time carries what waits, most urgent first. If more comes
 * than the channel can take, lines are counted rather than dropped.
 */
export function createDigest(options: Options): Digest {
  const { channels, channelId, name, clock, log, count } = options;
  if (channelId === undefined) return { add: () => {}, stop: () => {} };
  const channel = channelId;
  const held = createHeldLines();
  /** Messages that wait for their turn, by urgency. */
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
        { err: error, see: seeFor(error, 'a-channel-does-not-accept-messages'), ...missing },
        `${name} did not get some lines: is the bot invited there?`,
      );
      // A bad message stays bad; access to a channel may change.
      if (part && isBadMessage(error)) held.remove(part);
      stopTimer();
      if (!isStopped) stopTimer = clock.after(AGAIN, ask);
      return;
    } finally {
      asked.delete(priority);
    }
    ask();
  }

  /** Makes sure a message is waiting for the most urgent line. */
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
