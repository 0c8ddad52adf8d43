import type { Asker, Role } from '../../desk/roles.ts';
import { UNKNOWN, untoldFor } from '../gate/gate.ts';
import type { Refusal, RuleName } from '../gate/rules.ts';
import type { GuardServices } from '../services.ts';
import { STOPS, type Why } from '../switches/stops.ts';

/** Nothing was sent, since by then it was not allowed any more. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`stopped: ${refusal.rule}`);
    this.refusal = refusal;
  }
}

type Waiting = {
  /** SecurID user id of the person concerned. */
  userId: string;
  agent: Asker;
  /** The second person, where there was one. */
  approver: Asker | undefined;
  /** Puts the intent on disk. */
  record(): Promise<void>;
};

export type Turn = {
  /** What the client asks each time before it sends: a stop or a lost role ends it, then it is recorded. */
  atTurn(): Promise<void>;
  /** Rejects with Stopped as soon as a stop ends what still waits for its first turn. */
  stopped: Promise<never>;
  isRecorded(): boolean;
  /** Which rule an error is about, if it is about one: also one that could not be told in time. */
  refusalIn(error: unknown): Refusal | undefined;
  /** False as long as it is certain that nothing was sent. */
  mayBeSent(): boolean;
  /** Whoever waited has left: nothing is recorded or sent from here on. */
  end(): void;
};

/** Longer than that nobody else should wait for a turn. */
const TOLD_WITHIN = 3000;

const LOST: Record<'agent' | 'approver', [RuleName, string]> = {
  agent: ['the agent’s role', 'Only the help desk may issue registration codes.'],
  approver: ['the approver’s role', 'Whoever approved it is no longer an approver.'],
};

/** A change that waits for its turn. */
export function createTurn({ stops, roles, clock }: GuardServices, waiting: Waiting): Turn {
  const { userId, agent, approver, record } = waiting;
  let phase: 'waits' | 'at its turn' | 'ended' = 'waits';
  let recorded = false;
  let mayBeSent = false;
  let isAsking = false;

  async function lost(asker: Asker, role: Role & keyof typeof LOST): Promise<Refusal | undefined> {
    const access = await roles.of(asker, { fresh: true, role });
    const [rule, sentence] = LOST[role];
    if (access.roles.has(role)) return undefined;
    return access.lacks.has(role) ? { rule, sentence } : untoldFor(access.troubles?.[role]);
  }

  async function whyNot(): Promise<Refusal | undefined> {
    const [stop, ...gone] = await Promise.all([
      stops.for(userId),
      lost(agent, 'agent'),
      approver && lost(approver, 'approver'),
    ]);
    return stop ? STOPS[stop] : gone.find((one) => one !== undefined);
  }

  /** A rule that cannot be told, or not in time, refuses. */
  function answerInTime(): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      const stopWaiting = clock.after(TOLD_WITHIN, () => resolve(UNKNOWN));
      whyNot()
        .then(resolve, () => resolve(UNKNOWN))
        .finally(stopWaiting);
    });
  }

  const hasEnded = () => phase === 'ended';
  const { promise: stopped, reject } = withRejection();
  const stopWatching = stops.watch({
    userId,
    stopped(why: Why) {
      if (phase !== 'waits') return;
      phase = 'ended';
      reject(new Stopped(STOPS[why]));
    },
  });

  return {
    stopped,
    async atTurn() {
      mayBeSent = false;
      if (phase === 'waits') phase = 'at its turn';
      if (hasEnded()) throw new Stopped(UNKNOWN);
      isAsking = true;
      const refusal = await answerInTime();
      isAsking = false;
      if (refusal) throw new Stopped(refusal);
      // What is recorded now would find nobody left to record how it ended.
      if (hasEnded()) throw new Stopped(UNKNOWN);
      if (!recorded) await record();
      recorded = true;
      mayBeSent = true;
    },
    isRecorded: () => recorded,
    refusalIn(error) {
      if (error instanceof Stopped) return error.refusal;
      return isAsking ? UNKNOWN : undefined;
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
