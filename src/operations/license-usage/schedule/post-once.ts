import type { Clock } from '../../../clock.ts';
import { newIncident } from '../../../desk/failures.ts';
import type { Log } from '../../../log.ts';
import { SecurIDError } from '../../../securid/index.ts';
import type { Channels } from '../../../slack/channel.ts';
import { deliveryOf } from '../../../slack/delivery.ts';
import type { Store } from '../../../store/index.ts';
import type { Posting, ScheduledPost, Turn } from './scheduled-post.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** After how long what failed, or what another instance had begun, is looked at again. */
const PAUSE = 10 * MINUTE;
/** How long it is tried. */
const TRY_FOR = 6 * 60 * MINUTE;
/** For how long one instance tries by itself: another may at the next look. */
const LEASE = PAUSE - MINUTE / 2;
/** Longer than anything is made up. */
const REMEMBERED = 7 * DAY;

/** What is refused is tried at the next look, maybe by another instance. */
const OWN_TIME = { priority: 'summary', patience: 0 } as const;

type Wiring = {
  store: Store;
  channels: Channels;
  channel: string;
  clock: Clock;
  log: Log;
  /** The app waits for what is counted before it stops. */
  count: (work: Promise<unknown>) => Promise<void>;
};

/**
 * Makes a scheduled post once for all instances. Two keys see to that; whoever adds a key first has it. `turn` is
 * who tries now; it runs out, so that another takes over from an instance that died. `said` is taken in
 * the moment before the message is sent and given back only when Slack certainly refused it, so that a
 * process that ends in between leaves at worst a message that did not go out, and never a second one.
 * @returns how to begin; that returns how to end it between two attempts
 */
export function createPostOnce({ store, channels, channel, clock, log: appLog, count }: Wiring) {
  return (scheduled: ScheduledPost, dueAt: number): (() => void) => {
    const turn: Turn = { due: new Date(dueAt).toISOString(), incident: newIncident() };
    const log = appLog.child({ incident: turn.incident, due: turn.due, channel });
    const turnKey = `${scheduled.name} ${turn.due} turn`;
    const saidKey = `${scheduled.name} ${turn.due} said`;
    const patientUntil = clock.elapsed() + TRY_FOR;
    let stopWaiting = () => {};
    let stopped = false;

    /** An answer of the store's may have been lost after it took the value. */
    async function claim(key: string, lifetime: number): Promise<boolean> {
      if (await store.add(key, turn.incident, lifetime)) return true;
      return (await store.get(key)) === turn.incident;
    }

    /** @returns whether nothing is left to do */
    async function attempt(): Promise<boolean> {
      const said = await store.get(saidKey);
      if (said !== undefined && said !== turn.incident) return true;
      if (!(await claim(turnKey, LEASE))) {
        log.info(`another instance has begun: ${scheduled.name}`);
        return false;
      }
      const posting = await scheduled.message(turn);
      if (!(await claim(saidKey, REMEMBERED))) return true;
      if (posting) await post(posting);
      else log.info(`nothing to post: ${scheduled.name}`);
      return true;
    }

    /** @throws what Slack said, when it may be tried again */
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
        log.error({ err: error }, `unknown whether Slack took a message: ${scheduled.name}`);
        return;
      }
      const failure = error instanceof Error ? error.message : 'unknown';
      const final = delivery === 'not invited';
      await scheduled.refused(turn, failure, { final });
      if (final) {
        log.error(
          { err: error },
          `SECURID_LICENSE_CHANNEL did not get a message: invite the bot there (${scheduled.name})`,
        );
        return;
      }
      await store.remove(saidKey).catch(() => {});
      throw error;
    }

    /** @returns whether something was said in its place; else it can still be made up */
    async function giveUp(error: unknown): Promise<boolean> {
      log.error({ err: error }, `given up for this time: ${scheduled.name}`);
      if (!(error instanceof SecurIDError) || !scheduled.apology) return false;
      try {
        if (!(await claim(saidKey, REMEMBERED))) return true;
        await scheduled.refused(turn, error.code, { final: true });
        await channels.post(channel, scheduled.apology(turn), OWN_TIME);
        return true;
      } catch (error) {
        log.error({ err: error }, 'the asker could not be told of the failure');
        return false;
      }
    }

    async function go(): Promise<void> {
      let said = false;
      try {
        said = await attempt();
      } catch (error) {
        if (clock.elapsed() >= patientUntil) {
          if (await giveUp(error)) repeat();
          return;
        }
        log.warn({ err: error }, `tried again in ten minutes: ${scheduled.name}`);
      }
      if (said) return repeat();
      if (!stopped) stopWaiting = clock.after(PAUSE, () => void count(go()));
    }

    /** A Redis that lost its data hears again that it is done, for as long as it could be made up. */
    function repeat(): void {
      if (stopped || clock.now() - dueAt >= DAY) return;
      stopWaiting = clock.after(MINUTE, () => {
        // The store itself says when it is away.
        store.add(saidKey, turn.incident, REMEMBERED).catch(() => {});
        repeat();
      });
    }

    void count(go());
    return () => {
      stopped = true;
      stopWaiting();
    };
  };
}
