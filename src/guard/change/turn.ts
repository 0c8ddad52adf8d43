import { type Refusal, untold } from '../gate/refusal.ts';
import { refusalOfStop } from '../gate/rules.ts';
import type { WaitingChange } from '../gate/sources.ts';
import type { GuardServices } from '../services.ts';
import type { Why } from '../switches/stops.ts';
import type { GuardedChange } from './guarded.ts';

/** Nothing was sent, because the change was no longer allowed. */
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
  /** Writes the intent to disk. */
  record(): Promise<void>;
};

export type Turn = {
  /**
   * The client calls it before each attempt. Throws if a switch or a lost role stops the change;
   * otherwise records the intent.
   */
  atTurn(): Promise<void>;
  /**
   * Rejects with `Stopped` as soon as a switch stops a change that
   * is still waiting for its first turn.
   */
  stopped: Promise<never>;
  isRecorded(): boolean;
  /** The rule behind an error, if any, including a rule that could not be checked in time. */
  refusalIn(error: unknown): Refusal | undefined;
  /** False as long as certainly nothing was sent. */
  mayBeSent(): boolean;
  /** The caller has left: from here on nothing is recorded or sent. */
  end(): void;
};

/** How long the checks may take while others are waiting for their turn, in milliseconds. */
const TOLD_WITHIN = 3000;

/** A change waiting for its turn. */
export function createTurn({ stops, gate, clock }: GuardServices, waiting: Waiting): Turn {
  const { change, userId, record } = waiting;
  const unknown = untold(change.words);
  let phase: 'waits' | 'at its turn' | 'ended' = 'waits';
  let recorded = false;
  let mayBeSent = false;
  let isAsking = false;
  /** Set if a switch stops the change during the check. */
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
  // It may be rejected before anybody awaits it.
  promise.catch(() => {});
  return { promise, reject };
}
