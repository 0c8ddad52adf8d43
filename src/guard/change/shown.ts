import type { Message } from '../../slack/blocks.ts';
import { LIMITS } from '../../slack/limits.ts';
import { type PostOptions, type Reply, ReplyError } from '../../slack/reply.ts';
import * as view from '../form/view.ts';
import type { GuardServices } from '../services.ts';
import type { Why } from '../switches/stops.ts';
import type { Change } from './change.ts';

export type Shown = {
  /** The incident number of what it came of. */
  id: string;
  change: Change;
  /** SecurID user id of whom it is for. */
  userId: string;
  name: string;
  reply: Reply;
  /** On the clock that nobody sets. */
  erasesBy: number;
  /** Into the audit trail. */
  note: (event: 'expired' | 'erased', reason?: string) => Promise<unknown>;
};

export type ShownSecrets = ReturnType<typeof createShownSecrets>;

/**
 * The console's codes live five minutes, which cannot be changed. With what the form and an approval may
 * take before, that is within the half hour in which Slack lets a message be replaced.
 * @see https://community.securid.com/s/article/How-to-extend-expire-in-setting-for-registration-code-during-MFA-enrollment
 */
const USUAL_LIFETIME = 5 * 60_000;

/** No secret lives longer: what RSA says beyond that is a mistake, or its clock is not ours. */
const LONGEST_LIFETIME = 60 * 60_000;

/** How long the message that has the secret may be told by others to be gone. */
const REMEMBERED = LIMITS.responseUrlLifetime;

/** A message that Slack did not confirm in time has come by then, unless it never comes. */
const COME = 6000;

/** When an expired secret is taken from the screen once more, after Slack did not let it be: in milliseconds. */
const LATER = [10_000, 60_000];

const REASONS: Record<Exclude<Erasure, 'expired'>, string | undefined> = {
  restart: undefined,
  untold: 'nobody could tell whether it was stopped',
  lockdown: 'lockdown',
  'on hold': 'reported',
};

const isStop = (why: Erasure): why is Why => why === 'lockdown' || why === 'on hold';

type OnScreen = Shown & {
  sent: Promise<void>;
  sentAt: number;
  /** Slack took it or not; until then it may still be sent again. */
  isSettled: boolean;
  /** How often it could not be erased. Only the first instance that tries goes on with it. */
  failures: number;
  stop: () => void;
};

/** Why a secret goes from the screen: its time has come, it is stopped, or nobody is left to erase it. */
type Erasure = 'expired' | 'restart' | 'untold' | Why;

/**
 * Knows which messages show a secret, though not the secrets, and erases each when its time has come, or when
 * it is stopped.
 */
export function createShownSecrets({ clock, log, store, stops }: GuardServices) {
  const shown = new Map<string, OnScreen>();
  /** What is under way. */
  const work = new Set<Promise<void>>();
  let stopped = false;

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
      const mayCome = await come(one);
      // A store that cannot tell must not keep a secret on a screen, nor may it keep one that is stopped.
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

  const note = (one: Shown, why: Erasure) =>
    why === 'expired' ? one.note('expired') : one.note('erased', REASONS[why]);

  async function eraseLater(id: string, one: OnScreen, why: Erasure): Promise<void> {
    const wait = LATER[one.failures];
    if (wait === undefined) return;
    const stop = clock.after(wait, () => track(erase(id, why)));
    shown.set(id, { ...one, failures: one.failures + 1, stop });
    if (stopped) await erase(id, 'restart');
  }

  /** What is sent after a secret must not come before it. Answers whether it may come even so. */
  async function come({ sent, sentAt }: OnScreen): Promise<boolean> {
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

  /** A secret that was still being sent when it was hidden has come back behind that. */
  async function hideAgain(id: string, one: OnScreen): Promise<void> {
    try {
      await come(one);
      await replace(one, view.hidden(one.change, one.name));
    } catch (error) {
      log.error({ err: error, incident: id }, `${one.change.words.thing} could not be erased`);
    }
  }

  /** True for whoever takes a secret from the screen first, however many instances there are. */
  const first = (id: string) => store.add(`erased code ${id}`, '', REMEMBERED);

  return {
    /**
     * When the secret expires: when RSA says, unless that is over or too far away to be believed; then after
     * the usual time. The message goes by then, and after the usual time at the latest.
     */
    expiry(expirationDate: Date | undefined): { expiresAt: Date; erasesBy: number } {
      const now = clock.now();
      const usual = now + USUAL_LIFETIME;
      const told = expirationDate?.getTime() ?? Number.NaN;
      const at = told > now && told <= now + LONGEST_LIFETIME ? told : usual;
      return {
        expiresAt: new Date(at),
        erasesBy: clock.elapsed() + Math.min(at, usual) - now,
      };
    },
    /** Sends a secret with `send`, unless nobody would be left to erase it. */
    async show(one: Shown, send: () => Promise<void>): Promise<void> {
      // SecurID may have taken a while. If the store cannot tell now, the watch below soon can.
      const found = await stops.for(one.userId).catch(() => undefined);
      const why = stopped ? 'restart' : found;
      if (why) {
        await note(one, why);
        return one.reply(view.erased(one.change, one.name, why), { replace: true });
      }
      const wait = one.erasesBy - clock.elapsed();
      const sent = send();
      const sentAt = clock.elapsed();
      const erasing = (why: Erasure) => track(erase(one.id, why));
      const stopTimer = clock.after(wait, () => erasing('expired'));
      const stopWatching = stops.watch({
        userId: one.userId,
        stopped: erasing,
        untold: () => erasing('untold'),
      });
      const stop = () => {
        stopTimer();
        stopWatching();
      };
      const onScreen: OnScreen = { ...one, sent, sentAt, isSettled: false, failures: 0, stop };
      // Before it has arrived: a message that Slack does not confirm may have arrived all the same.
      shown.set(one.id, onScreen);
      try {
        await sent;
      } finally {
        onScreen.isSettled = true;
      }
    },
    /** Its message was replaced by other means. False if it was replaced before. */
    async wasHidden(id: string): Promise<boolean> {
      const mine = forget(id);
      if (mine && !mine.isSettled) track(hideAgain(id, mine));
      if (mine && mine.failures > 0) return true;
      return first(id).catch(() => mine !== undefined);
    },
    /** Before the process ends nobody would be left to erase them. */
    async eraseAll(): Promise<void> {
      stopped = true;
      for (const id of shown.keys()) track(erase(id, 'restart'));
      await Promise.all(work);
    },
  };
}
