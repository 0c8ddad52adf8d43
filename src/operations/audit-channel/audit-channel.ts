import type { Row } from '../../audit/index.ts';
import type { Log } from '../../log.ts';
import type { Channels } from '../../slack/channel.ts';
import * as view from './view.ts';

type Wiring = { channels: Channels; channel: string | undefined; log: Log };

/** Tells a channel of each row that a security officer wants to see as it happens. Never throws. */
export function createAuditChannel({
  channels,
  channel,
  log,
}: Wiring): (row: Row) => Promise<void> {
  return async (row) => {
    const message = channel ? view.line(row) : undefined;
    if (!channel || !message) return;
    try {
      await channels.post(channel, message);
    } catch (error) {
      log.error(
        { err: error, incident: row.incident },
        'AUDIT_CHANNEL did not get a row: is the bot invited there?',
      );
    }
  };
}
