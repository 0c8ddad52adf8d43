import type { Log } from '../../../log.ts';
import { SecurIDError } from '../../../securid/index.ts';
import type { Channels } from '../../../slack/channel.ts';
import { deliveryOf } from '../../../slack/delivery.ts';
import { see, seeFor } from '../../../troubleshooting.ts';
import type { Claims } from './claims.ts';
import type { Posting, ScheduledPost, Turn } from './scheduled-post.ts';

/** A refused post is retried at the next attempt, maybe by another instance. */
const OWN_TIME = { priority: 'summary', patience: 0 } as const;

type Wiring = {
  scheduled: ScheduledPost;
  turn: Turn;
  claims: Claims;
  channels: Channels;
  channel: string;
  log: Log;
};

export function createAttempt({ scheduled, turn, claims, channels, channel, log }: Wiring) {
  /**
   * @throws Slack's error, if the post may be retried
   */
  async function post({ message, onFallback }: Posting): Promise<void> {
    await scheduled.begins(turn);
    try {
      await channels.post(channel, message, { onFallback, ...OWN_TIME });
    } catch (error) {
      return await judge(error);
    }
    await scheduled.posted(turn);
    log.info(`posted to SECURID_LICENSE_CHANNEL: ${scheduled.name}`);
  }

  async function judge(error: unknown): Promise<void> {
    const delivery = deliveryOf(error);
    if (delivery === 'unknown') {
      log.error(
        { err: error, see: see('the-license-summary-was-not-posted') },
        `unknown whether Slack accepted a message: ${scheduled.name}`,
      );
      return;
    }
    const failure = error instanceof Error ? error.message : 'unknown';
    const final = delivery === 'not invited';
    await scheduled.refused(turn, failure, { final });
    if (final) {
      log.error(
        { err: error, see: seeFor(error, 'a-channel-does-not-accept-messages') },
        `SECURID_LICENSE_CHANNEL did not get a message: invite the bot there (${scheduled.name})`,
      );
      return;
    }
    await claims.giveBack();
    throw error;
  }

  return {
    /**
     * @returns whether nothing is left to do
     * @throws SecurID's or Slack's error, if the post may be retried
     */
    async attempt(): Promise<boolean> {
      if (await claims.isSaidElsewhere()) return true;
      if (!(await claims.takeTurn())) {
        log.info(`another instance has begun: ${scheduled.name}`);
        return false;
      }
      const posting = await scheduled.message(turn);
      if (!(await claims.takeSaid())) return true;
      if (posting) await post(posting);
      else log.info(`nothing to post: ${scheduled.name}`);
      return true;
    },

    /**
     * @returns whether an apology was posted instead; if not, the post can still be made up for
     */
    async giveUp(error: unknown): Promise<boolean> {
      log.error(
        { err: error, see: see('the-license-summary-was-not-posted') },
        `gave up this time: ${scheduled.name}`,
      );
      if (!(error instanceof SecurIDError) || !scheduled.apology) return false;
      try {
        if (!(await claims.takeSaid())) return true;
        await scheduled.refused(turn, error.code, { final: true });
        await channels.post(channel, scheduled.apology(turn), OWN_TIME);
        return true;
      } catch (error) {
        log.error({ err: error }, 'the asker could not be told of the failure');
        return false;
      }
    },
  };
}
