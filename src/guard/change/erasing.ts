import type { Clock } from '../../clock.ts';
import type { Message } from '../../slack/blocks.ts';
import { LIMITS } from '../../slack/limits.ts';
import { type PostOptions, type Reply, ReplyError } from '../../slack/reply.ts';
import type { GuardServices } from '../services.ts';
import type { Why } from '../switches/stops.ts';
import type { Change } from './change.ts';
import * as view from './view.ts';

export type Shown = {
  /** The incident number of the change. */
  id: string;
  change: Change;
  /** SecurID user id of the user. */
  userId: string;
  name: string;
  reply: Reply;
  /** By `clock.elapsed()`. */
  erasesBy: number;
  /** It is still valid then. */
  outlives: boolean;
  /** Writes to the audit trail. */
  note: (event: 'expired' | 'erased', reason?: string) => Promise<unknown>;
};

/** How long other instances can see that a secret was erased. */
const REMEMBERED = LIMITS.responseUrlLifetime;

/** A message that Slack did not confirm arrives within this time or never. In milliseconds. */
const COME = 6000;

/** When to retry if Slack refused to erase a secret, in milliseconds. */
const LATER = [10_000, 60_000];

const REASONS: Record<Exclude<Erasure, 'expired'>, string | undefined> = {
  'shown long enough': 'it was shown long enough',
  restart: undefined,
  untold: 'SecurID Desk could not check whether it was stopped',
  lockdown: 'lockdown',
  'on hold': 'reported',
};

const isStop = (why: Erasure): why is Why => why === 'lockdown' || why === 'on hold';

export type OnScreen = Shown & {
  sent: Promise<void>;
  sentAt: number;
  /** Sending has ended, successfully or not. Until then it may be retried. */
  isSettled: boolean;
  /** How often erasing has failed. Only the instance that tried first goes on trying. */
  failures: number;
  stop: () => void;
};

/**
 * Why a secret is erased: it has expired, or it lives on but was shown long enough, the process stops, nobody can tell whether it was
 * stopped, or it was stopped.
 */
export type Erasure = 'expired' | 'shown long enough' | 'restart' | 'untold' | Why;

/** Erases secrets in the background, once among all instances. */
export function createErasing(
  { clock, log, store }: Pick<GuardServices, 'clock' | 'log' | 'store'>,
  shown: Map<string, OnScreen>,
  isStopping: () => boolean,
) {
  const work = new Set<Promise<void>>();

  function track(one: Promise<void>): void {
    work.add(one);
    void one.finally(() => work.delete(one));
  }

  function forget(id: string) {
    const one = shown.get(id);
    one?.stop();
    shown.delete(id);
    return one;
  }

  async function erase(id: string, why: Erasure): Promise<void> {
    const one = forget(id);
    if (!one) return;
    try {
      const mayCome = await come(one, clock);
      // A secret must not stay on a screen because the store is unavailable.
      const isAsked = one.failures === 0 && why !== 'untold';
      if (isAsked && !(await first(id).catch(() => true)) && !isStop(why)) return;
      const isLast = why === 'restart' || LATER[one.failures] === undefined;
      await replace(one, view.erased(one.change, one.name, why), isLast ? {} : { attempts: 1 });
      await note(one, why);
      log.info({ incident: id }, `${one.change.words.thing} erased`);
      if (mayCome) log.warn({ incident: id }, 'a message that Slack never confirmed may come late');
    } catch (error) {
      log.error({ err: error, incident: id }, `${one.change.words.thing} could not be erased`);
      const isOver = error instanceof ReplyError && error.usedUp;
      if (why !== 'restart' && !isOver) await eraseLater(id, one, why);
    }
  }

  async function eraseLater(id: string, one: OnScreen, why: Erasure): Promise<void> {
    const wait = LATER[one.failures];
    if (wait === undefined) return;
    const stop = clock.after(wait, () => track(erase(id, why)));
    shown.set(id, { ...one, failures: one.failures + 1, stop });
    if (isStopping()) await erase(id, 'restart');
  }

  /** Hides a secret whose message may still arrive after it was hidden. */
  async function hideAgain(id: string, one: OnScreen): Promise<void> {
    try {
      await come(one, clock);
      await replace(one, view.hidden(one.change, one.name));
    } catch (error) {
      log.error({ err: error, incident: id }, `${one.change.words.thing} could not be erased`);
    }
  }

  /** True for the instance that erases it first. */
  const first = (id: string) => store.add(`erased code ${id}`, '', REMEMBERED);

  return {
    forget,
    first,
    erase: (id: string, why: Erasure) => track(erase(id, why)),
    hideAgain: (id: string, one: OnScreen) => track(hideAgain(id, one)),
    /** Resolves when nothing is under way. */
    done: async () => void (await Promise.all(work)),
  };
}

/** Records in the audit trail why a secret was erased. */
export const note = (one: Shown, why: Erasure) =>
  why === 'expired' ? one.note('expired') : one.note('erased', REASONS[why]);

/** Waits until the secret has arrived or should have. Returns whether it may still arrive. */
async function come({ sent, sentAt }: OnScreen, clock: Clock): Promise<boolean> {
  const mayCome = await sent.then(
    () => false,
    (error) => error instanceof ReplyError && error.mayCome,
  );
  const wait = sentAt + COME - clock.elapsed();
  if (mayCome && wait > 0) await new Promise<void>((resolve) => clock.after(wait, resolve));
  return mayCome;
}

const replace = ({ reply }: OnScreen, message: Message, options: PostOptions = {}) =>
  reply(message, { replace: true, repeatable: true, ...options });
