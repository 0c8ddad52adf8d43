import type { Row } from '../../audit/index.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Channels } from '../../slack/channel.ts';
import { createDigest, type Line } from '../../slack/digest.ts';
import * as view from './view.ts';

type Wiring = {
  channels: Channels;
  channel: string | undefined;
  clock: Clock;
  log: Log;
  /** The app waits for what is counted before it stops. */
  count: (work: Promise<unknown>) => Promise<void>;
};

export type AuditChannel = {
  /** Tells of a row that a security officer wants to see as it happens. Never throws. */
  tell(row: Row): void;
  /** Tells something else. Never throws. */
  add(line: Line): void;
  /** Names in the log what the channel did not get. */
  stop(): void;
};

/** The channel reads of what happens; what comes faster than Slack takes it is gathered. */
export function createAuditChannel({ channel, log, ...wiring }: Wiring): AuditChannel {
  if (!channel) return { tell: () => {}, add: () => {}, stop: () => {} };
  const digest = createDigest({
    ...wiring,
    channelId: channel,
    onFailure(error, missing) {
      log.error(
        { err: error, ...missing },
        'AUDIT_CHANNEL did not get some rows: is the bot invited there?',
      );
    },
  });
  return {
    tell(row) {
      const line = view.line(row);
      if (line) digest.add(line);
    },
    add: digest.add,
    stop: digest.stop,
  };
}
