import { type Refusal, untold } from '../gate/refusal.ts';
import { refusalOfStop } from '../gate/rules.ts';
import type { WaitingChange } from '../gate/sources.ts';
import type { GuardServices } from '../services.ts';
import type { Why } from '../switches/stops.ts';
import type { GuardedChange } from './guarded.ts';

/** Nothing was sent, because it was no longer allowed. */
class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`stopped: ${refusal.rule}`);
    this.refusal = refusal;
  }
}

type Waiting = WaitingChange & {
  change: GuardedChange;
  /** Puts the intent on disk. */
  record(): Promise<void>;
};

export type Turn = {
  /** Called by the client each time before it sends: a stop or a lost role ends it, then it is recorded. */
  atTurn(): Promise<void>;
  /** Rejects with Stopped as soon as a stop ends what still waits for its first turn. */
  stopped: Promise<never>;
  isRecorded(): boolean;
  /** The rule that an error is about, if any, including one that could not be checked in time. */
  refusalIn(error: unknown): Refusal | undefined;
  /** False as long as it is certain that nothing was sent. */
  mayBeSent(): boolean;
  /** The caller has left: nothing is recorded or sent from here on. */
  end(): void;
};

/** How long the checks may take while others wait for their turn. */
const TOLD_WITHIN = 3000;

/** A change that waits for its turn. */
export function createTurn({ stops, gate, clock }: GuardServices, waiting: Waiting): Turn {
  const { change, userId, record } = waiting;
  const unknown = untold(change.words);
  let phase: 'waits' | 'at its turn' | 'ended' = 'waits';
  let recorded = false;
  let mayBeSent = false;
  let isAsking = false;
  /** A switch stopped it while it was being checked. */
  let overtaken: Refusal | undefined;

  /** A rule that cannot be checked in time refuses. */
  function answerInTime(): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      const stopWaiting = clock.after(TOLD_WITHIN, () => resolve(unknown));
      void gate.atTurn(change, waiting).then(resolve).finally(stopWaiting);
    });
  }

  const hasEnded = () => phase === 'ended';
  const { promise: stopped, reject } = withRejection();
  const stopWatching = stops.watch({
    userId,
    stopped(why: Why) {
      const refusal = refusalOfStop(change, why);
      if (!refusal) return;
      if (phase === 'at its turn') overtaken = refusal;
      if (phase !== 'waits') return;
      phase = 'ended';
      reject(new Stopped(refusal));
    },
  });

  return {
    stopped,
    async atTurn() {
      mayBeSent = false;
      if (phase === 'waits') phase = 'at its turn';
      if (hasEnded()) throw new Stopped(unknown);
      isAsking = true;
      const refusal = await answerInTime();
      isAsking = false;
      if (refusal ?? overtaken) throw new Stopped(refusal ?? overtaken ?? unknown);
      // Nobody would be left to record the outcome.
      if (hasEnded()) throw new Stopped(unknown);
      if (!recorded) await record();
      recorded = true;
      if (overtaken) throw new Stopped(overtaken);
      mayBeSent = true;
    },
    isRecorded: () => recorded,
    refusalIn(error) {
      if (error instanceof Stopped) return error.refusal;
      return isAsking ? unknown : undefined;
    },
    mayBeSent: () => mayBeSent,
    end() {
      phase = 'ended';
      stopWatching();
    },
  };
}

function withRejection(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  // It may have ended before anybody waited for it.
  promise.catch(() => {});
  return { promise, reject };
}
