import type { SocketModeReceiver } from '@slack/bolt';
import type { Clock } from '../clock.ts';

/** Slack waits no longer: https://docs.slack.dev/apis/events-api/using-socket-mode#acknowledge */
const PATIENCE = 3000;

/** Follows what came through a socket until it is acknowledged. */
export function followAcknowledgements(
  client: Pick<SocketModeReceiver['client'], 'on'>,
  clock: Clock,
) {
  /** When each envelope came that is not acknowledged. */
  const open = new Map<string, number>();
  let stopWaiting: (() => void) | undefined;

  const isOver = (at: number) => clock.elapsed() - at >= PATIENCE;

  client.on('slack_event', ({ envelope_id }: { envelope_id: string }) => {
    for (const [id, at] of open) if (isOver(at)) open.delete(id);
    open.set(envelope_id, clock.elapsed());
  });
  client.on('outgoing_message', ({ envelope_id }: { envelope_id: string }) => {
    open.delete(envelope_id);
    if (open.size === 0) stopWaiting?.();
  });

  return {
    /** Runs it once everything that came is acknowledged, after three seconds at the latest. */
    afterAll(run: () => void): void {
      if ([...open.values()].every(isOver)) {
        run();
        return;
      }
      const stopTimer = clock.after(PATIENCE, () => stopWaiting?.());
      stopWaiting = () => {
        stopTimer();
        stopWaiting = undefined;
        // The client emits this before it sends.
        queueMicrotask(run);
      };
    },
  };
}
