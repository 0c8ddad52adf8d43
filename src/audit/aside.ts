import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { isSame, type Look } from './file.ts';

/** Why nothing is written here: whoever does not know where the chain ends must not go on with it. */
export type Why = 'cannot be read' | 'another has it' | 'not as left';

/** How often a process that does not write looks whether it may. */
const LOOK = 2000;
/**
 * In how many looks the file has to stay as it is, where the one who wrote to it cannot be asked. Longer
 * than a change takes from its intent to its outcome.
 */
const QUIET = 15;

type Wiring = {
  clock: Clock;
  log: Log;
  look: () => Promise<Look>;
  /** Runs it once everything that waits is through. */
  inTurn: (run: () => Promise<void>) => unknown;
  /** Goes on with the trail, if it may. Never throws. */
  takeOver: () => Promise<void>;
};

/** Lets a process wait for the end of another that writes the trail. */
export function createAside({ clock, log, look, inTurn, takeOver }: Wiring) {
  let why: Why | undefined;
  let stopLooking = () => {};

  /** @param seen the file as it was at the last look, and in how many looks it has been so */
  function lookLater(seen: Promise<Look>, quiet: number): void {
    stopLooking = clock.after(LOOK, () =>
      inTurn(async () => {
        const now = await look();
        const stays = isSame(await seen, now) ? quiet + 1 : 0;
        if (why === 'another has it' || stays >= QUIET) await takeOver();
        if (why) lookLater(Promise.resolve(now), stays);
      }),
    );
  }

  return {
    why: () => why,
    cannotRead(): void {
      why = 'cannot be read';
    },
    step(reason: 'another has it' | 'not as left'): void {
      if (why === undefined) log.error(SAID[reason]);
      why = reason;
      lookLater(look(), 0);
    },
    /** From here on this process writes. */
    end(): void {
      stopLooking();
      why = undefined;
    },
    stop: () => stopLooking(),
  };
}

const SAID = {
  'another has it':
    'another process writes this audit trail: no change is made here until it has ended',
  'not as left':
    'the audit trail is not as this process left it: no change is made here until nobody else has touched it for half a minute',
};
