import { App, type BlockAction, type Receiver, type ViewSubmitAction } from '@slack/bolt';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { COMMAND } from './desk/command.ts';
import type { Arrival } from './desk/progress.ts';
import { boltLogger, type Log } from './log.ts';
import type { Metrics } from './monitoring/index.ts';
import type { createOperations } from './operations/index.ts';
import { createReplays } from './slack/replays.ts';

type Wiring = {
  slack: Config['slack'];
  receiver: Receiver;
  operations: ReturnType<typeof createOperations>;
  metrics: Metrics;
  /** Counts what goes on behind an acknowledgement. */
  count: (work: Promise<unknown>) => Promise<void>;
  clock: Clock;
  log: Log;
};

/** Bolt, its middleware, and what it hands to the operations. */
export function createBolt(wiring: Wiring): App {
  const { slack, receiver, operations, metrics, count, clock, log } = wiring;
  const app = new App({
    receiver,
    logger: boltLogger(log),
    clientOptions: { slackApiUrl: slack.apiUrl },
    convoStore: false,
    // With this Bolt never asks Slack who the token is, neither at start nor before an acknowledgement.
    authorize: async () => ({ botToken: slack.botToken }),
  });
  const isFirst = createReplays(clock);

  /** Acknowledged first, whatever comes; a replay of what was answered is not answered again. */
  app.use(async ({ body, context, next, ...rest }) => {
    context.receivedAt = clock.elapsed();
    if (
      !('trigger_id' in body) ||
      typeof body.trigger_id !== 'string' ||
      isFirst(body.trigger_id)
    ) {
      return count(next());
    }
    log.warn('a request that came twice is not answered again');
    if ('ack' in rest && typeof rest.ack === 'function') await rest.ack();
  });

  /** Slack has its answer. */
  function acknowledged(context: Record<string, unknown>): Arrival {
    const arrival = { receivedAt: Number(context.receivedAt), acknowledgedAt: clock.elapsed() };
    metrics.acknowledged(arrival.acknowledgedAt - arrival.receivedAt);
    return arrival;
  }

  app.command(COMMAND, async ({ ack, command, context }) => {
    await ack();
    await operations.command(command, acknowledged(context));
  });
  app.action<BlockAction>(/.*/s, async ({ ack, body, context }) => {
    await ack();
    await operations.press(body, acknowledged(context));
  });
  app.view<ViewSubmitAction>(/.*/s, async ({ ack, body, context }) => {
    const { errors, go } = await operations.submit(body);
    await (errors ? ack({ response_action: 'errors', errors }) : ack());
    await go(acknowledged(context));
  });
  app.error(async (error) => log.error({ err: error }, 'Bolt could not handle a request'));

  return app;
}
