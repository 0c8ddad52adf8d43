import {
  App,
  type BlockAction,
  type Receiver,
  type SlashCommand,
  type ViewSubmitAction,
} from '@slack/bolt';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Arrival } from './arrival.ts';
import { boltLogger } from './logger.ts';
import { createReplays } from './replays.ts';
import type { SlackSettings } from './settings.ts';

/** Handles Slack's requests. Called after the acknowledgement, except `submit`, which makes it. */
export type Handlers = {
  /** The slash command, as `manifest.yml` registers it. */
  slashCommand: string;
  command(command: SlashCommand, arrival: Arrival): Promise<void>;
  press(body: BlockAction, arrival: Arrival): Promise<void>;
  /** The errors in a modal, by `block_id`, and what to run after the acknowledgement. */
  submit(body: ViewSubmitAction): Promise<{
    errors?: Record<string, string>;
    go(arrival: Arrival): Promise<void>;
  }>;
  /** How long Slack waited for its answer, in milliseconds. */
  acknowledged(ms: number): void;
};

type Wiring = {
  slack: SlackSettings;
  receiver: Receiver;
  handlers: Handlers;
  /** Counts work that continues after the acknowledgement. */
  count: (work: Promise<unknown>) => Promise<void>;
  clock: Clock;
  log: Log;
};

/** Bolt, its middleware, and what it hands over. */
export function createBolt(wiring: Wiring): App {
  const { slack, receiver, handlers, count, clock, log } = wiring;
  const app = new App({
    receiver,
    logger: boltLogger(log),
    clientOptions: { slackApiUrl: slack.apiUrl },
    convoStore: false,
    // Keeps Bolt from calling auth.test, at the start and before each acknowledgement.
    authorize: async () => ({ botToken: slack.botToken }),
  });
  const replays = createReplays(clock);

  /** Acknowledges everything first. A replay gets no second answer. */
  app.use(async ({ body, context, next, ...rest }) => {
    context.receivedAt = clock.elapsed();
    const key = keyOf(body);
    if (key === undefined) return count(next());
    if (await replays.isFirst(key)) {
      return count(next()).finally(() => replays.ended(key, false));
    }
    log.warn('a request that came twice is not answered again');
    if ('ack' in rest && typeof rest.ack === 'function') await rest.ack();
  });

  /** If the acknowledgement fails, Slack sends the request again. */
  async function acknowledge(body: object, ack: () => Promise<void>): Promise<void> {
    await ack();
    replays.ended(keyOf(body) ?? '', true);
  }

  /** Call right after acknowledging. */
  function acknowledged(context: Record<string, unknown>): Arrival {
    const arrival = { receivedAt: Number(context.receivedAt), acknowledgedAt: clock.elapsed() };
    handlers.acknowledged(arrival.acknowledgedAt - arrival.receivedAt);
    return arrival;
  }

  app.command(handlers.slashCommand, async ({ ack, command, context }) => {
    await acknowledge(command, ack);
    await handlers.command(command, acknowledged(context));
  });
  app.action<BlockAction>(/.*/s, async ({ ack, body, context }) => {
    await acknowledge(body, ack);
    await handlers.press(body, acknowledged(context));
  });
  app.view<ViewSubmitAction>(/.*/s, async ({ ack, body, context }) => {
    const { errors, go } = await handlers.submit(body);
    await acknowledge(body, () => (errors ? ack({ response_action: 'errors', errors }) : ack()));
    await go(acknowledged(context));
  });
  app.error(async (error) => log.error({ err: error }, 'Bolt could not handle a request'));

  return app;
}

/** What each request has of its own. */
const keyOf = (body: object): string | undefined =>
  'trigger_id' in body && typeof body.trigger_id === 'string' ? body.trigger_id : undefined;
