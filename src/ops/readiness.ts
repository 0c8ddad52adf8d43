import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';

/** Resolves to true when all is well; false and a failure mean the same. */
export type Check = () => Promise<boolean>;

export type Readiness = {
  ready: boolean;
  /** By name: nothing else of a check leaves the program. */
  checks: Record<string, 'ok' | 'failed'>;
};

/** Whoever asks wants to know soon. */
const PATIENCE = 2000;

/** However often it is asked, Slack and the tenant are asked no more often. */
const REMEMBERED = 5000;

type Options = {
  /** False while the program starts and while it stops: then nothing is checked. */
  isRunning: () => boolean;
  checks: Record<string, Check>;
  clock: Clock;
};

/** Asks all checks at once. What takes too long has failed. */
export function createReadiness({ isRunning, checks, clock }: Options) {
  const named = Object.entries(checks);
  const answers = createCache<string, Promise<boolean>>({
    max: named.length,
    lifetime: REMEMBERED,
    clock,
  });

  function ask(name: string, check: Check): Promise<boolean> {
    const known = answers.get(name);
    if (known) return known;
    const answer = check().catch(() => false);
    answers.set(name, answer);
    return answer;
  }

  return async (): Promise<Readiness> => {
    if (!isRunning()) return { ready: false, checks: { running: 'failed' } };
    const outcomes = await Promise.all(
      named.map(async ([name, check]) => {
        const isWell = await within(PATIENCE, clock, ask(name, check));
        return [name, isWell ? 'ok' : 'failed'] as const;
      }),
    );
    return {
      ready: outcomes.every(([, outcome]) => outcome === 'ok'),
      checks: Object.fromEntries(outcomes),
    };
  };
}

async function within(ms: number, clock: Clock, answer: Promise<boolean>): Promise<boolean> {
  let stopWaiting = () => {};
  const tooLong = new Promise<false>((resolve) => {
    stopWaiting = clock.after(ms, () => resolve(false));
  });
  const isWell = await Promise.race([answer, tooLong]);
  stopWaiting();
  return isWell;
}
