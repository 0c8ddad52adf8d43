import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

/** What is wrong, in words without secrets, and where the remedy stands. */
type Wrong = { says: string; see: string };

/** Resolves to true if fine; false or a failure if not. Or to words that say why not, without secrets. */
export type Check = () => Promise<boolean | string>;

/** Checks that are listed only if they fail. */
type Watch = {
  /** Checks what is unknown. */
  check(): Promise<void>;
  /** What is wrong and why, by name. */
  troubles(): Record<string, Wrong>;
};

export type Readiness = {
  ready: boolean;
  checks: Record<string, 'ok' | 'failed'>;
  /** Exposes ok, failed or our own words, never the error's text. */
  reasons?: Record<string, string>;
  /** Where the remedies stand. */
  see?: Record<string, string>;
};

/** Timeout of a check, in milliseconds. */
const CHECK_TIMEOUT = 2000;

/** How long an answer is reused, so that probes do not flood Slack and the tenant. */
const REMEMBERED = 5000;

type Options = {
  /** False while starting and stopping; then nothing is checked. */
  isRunning: () => boolean;
  checks: Record<string, Check>;
  watch: Watch;
  clock: Clock;
  /** Called once when a check fails, and when it passes again. */
  log: Log;
};

/** Runs all checks at once. A check that takes too long has failed. */
export function createReadiness({ isRunning, checks, watch, clock, log }: Options) {
  const named = Object.entries(checks);
  const remembered = createCache<string, ReturnType<Check>>({
    max: named.length,
    lifetime: REMEMBERED,
    clock,
  });

  const failures = new Map<string, string>();

  function failed(name: string, error: unknown): false {
    const why = String(error);
    if (failures.get(name) !== why)
      log.warn({ check: name, err: error }, 'a check of /readyz failed');
    failures.set(name, why);
    return false;
  }

  function answered(name: string, answer: boolean | string): boolean | string {
    if (answer === true && failures.delete(name))
      log.info({ check: name }, 'a check of /readyz passes again');
    return answer;
  }

  function ask(name: string, check: Check): ReturnType<Check> {
    const known = remembered.get(name);
    if (known) return known;
    const answer = check().then(
      (said) => answered(name, said),
      (error) => failed(name, error),
    );
    remembered.set(name, answer);
    return answer;
  }

  /** Whether this process takes requests, whatever else is away. */
  function running(): Readiness {
    const ready = isRunning();
    return { ready, checks: { running: ready ? 'ok' : 'failed' } };
  }

  async function all(): Promise<Readiness> {
    if (!isRunning()) return running();
    const [, ...found] = await Promise.all([
      within(CHECK_TIMEOUT, clock, watch.check(), undefined),
      ...named.map(async ([name, check]) => {
        const answer = await within(CHECK_TIMEOUT, clock, ask(name, check), false);
        return [name, answer] as const;
      }),
    ]);
    const troubles = Object.entries(watch.troubles());
    const answers = [...found, ...troubles.map(([name, { says }]) => [name, says] as const)];
    const places = troubles.map(([name, { see }]) => [name, see] as const);
    const reasons = answers.flatMap(([name, answer]) =>
      typeof answer === 'string' ? [[name, answer] as const] : [],
    );
    return {
      ready: answers.every(([, answer]) => answer === true),
      checks: Object.fromEntries(
        answers.map(([name, answer]) => [name, answer === true ? 'ok' : 'failed']),
      ),
      ...(reasons.length > 0 && { reasons: Object.fromEntries(reasons) }),
      ...(places.length > 0 && { see: Object.fromEntries(places) }),
    };
  }

  return { all, running };
}

async function within<T>(ms: number, clock: Clock, answer: Promise<T>, otherwise: T): Promise<T> {
  let stopWaiting = () => {};
  const tooLong = new Promise<T>((resolve) => {
    stopWaiting = clock.after(ms, () => resolve(otherwise));
  });
  const told = await Promise.race([answer, tooLong]);
  stopWaiting();
  return told;
}
