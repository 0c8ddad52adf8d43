import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { see } from '../troubleshooting.ts';
import { isSame, type Look } from './file.ts';

/** Why a process does not write: it does not know where the chain ends. */
export type Why = 'cannot be read' | 'another has it' | 'not as left';

/** How often a process that may not write checks whether it may now. */
const LOOK = 2000;
/**
 * For how many checks the file must stay unchanged if its writer cannot be asked. Longer than a change takes
 * from intent to outcome.
 */
const QUIET = 15;

type Wiring = {
  clock: Clock;
  log: Log;
  look: () => Promise<Look>;
  /** Runs it after everything that waits. */
  inTurn: (run: () => Promise<void>) => unknown;
  /** Takes over the trail if it may. Never throws. */
  takeOver: () => Promise<void>;
};

/** Waits until the process that writes the trail ends. */
export function createAside({ clock, log, look, inTurn, takeOver }: Wiring) {
  let why: Why | undefined;
  let stopLooking = () => {};

  /** @param seen the file as last seen, and for how many checks it has been unchanged */
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
      if (why === undefined) {
        log.error({ see: see('another-process-writes-the-audit-trail') }, SAID[reason]);
      }
      why = reason;
      lookLater(look(), 0);
    },
    /** From here on, this process writes. */
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
    'the audit trail is not as this process left it: no change is made here until it has been left alone for half a minute',
};
