import type { Call } from '../../desk/operation.ts';
import type { Message } from '../../slack/blocks.ts';
import { seeFor } from '../../troubleshooting.ts';
import type { GuardServices } from '../services.ts';

/** Nobody is waiting for it, and twice is better than never. */
const PATIENT = { priority: 'order', patience: 10 * 60_000, repeatable: true } as const;

/** Posts to the channels. The audit channel shows the audit row instead, if there is one. */
export function announce(
  { securityChannel, auditChannel, approval, slack: { channels } }: GuardServices,
  { log }: Call,
  message: Message,
  isRecorded: boolean,
): void {
  const told = new Set([securityChannel, approval.channel, auditChannel]);
  if (isRecorded) told.delete(auditChannel);
  for (const channel of told) {
    if (!channel) continue;
    void channels.post(channel, message, PATIENT).catch((error) => {
      log.error(
        { err: error, channel, see: seeFor(error, 'a-channel-does-not-accept-messages') },
        'could not announce a lockdown in a channel',
      );
    });
  }
}
