import type { GuardServices } from '../services.ts';
import { createErasing, type Erasure, note, type OnScreen, type Shown } from './erasing.ts';
import * as view from './view.ts';

export type { Shown } from './erasing.ts';

export type ShownSecrets = ReturnType<typeof createShownSecrets>;

/**
 * Knows which messages show a secret, though not the secrets themselves, and erases each when it
 * expires or is stopped.
 */
export function createShownSecrets(services: GuardServices) {
  const { clock, stops } = services;
  const shown = new Map<string, OnScreen>();
  let isStopping = false;
  const { erase, forget, first, hideAgain, done } = createErasing(
    services,
    shown,
    () => isStopping,
  );

  return {
    /** Sends a secret with `send`, unless nobody would be left to erase it. */
    async show(one: Shown, send: () => Promise<void>): Promise<void> {
      // SecurID may have taken a while. If the store is unavailable
      // now, the watch below finds out soon.
      const found = await stops.for(one.userId).catch(() => undefined);
      const why = isStopping ? 'restart' : found;
      if (why) {
        await note(one, why);
        return one.reply(view.erased(one.change, one.name, why), { replace: true });
      }
      const wait = one.erasesBy - clock.elapsed();
      const sent = send();
      const sentAt = clock.elapsed();
      const erasing = (why: Erasure) => erase(one.id, why);
      const stopTimer = clock.after(wait, () =>
        erasing(one.outlives ? 'shown long enough' : 'expired'),
      );
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
      // Remembered before it has arrived, because Slack may
      // deliver a message that it does not confirm.
      shown.set(one.id, onScreen);
      try {
        await sent;
      } finally {
        onScreen.isSettled = true;
      }
    },
    /** The secret's message has been replaced. False if it had been erased or hidden before. */
    async wasHidden(id: string): Promise<boolean> {
      const mine = forget(id);
      if (mine && !mine.isSettled) hideAgain(id, mine);
      if (mine && mine.failures > 0) return true;
      return first(id).catch(() => mine !== undefined);
    },
    /** Erases all secrets before the process ends. */
    async eraseAll(): Promise<void> {
      isStopping = true;
      for (const id of shown.keys()) erase(id, 'restart');
      await done();
    },
  };
}
