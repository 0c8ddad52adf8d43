import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';
import { networkTroubleIn, troubleWords } from '../http/trouble.ts';
import type { Log } from '../log.ts';
import { type Symptom, see, seeFor } from '../troubleshooting.ts';

/** What is wrong, in words without secrets, and where the remedy stands. */
type Wrong = { says: string; see: string };

/** Resolves to true if fine; false or a failure if not. Or says what is wrong. */
type Ask = () => Promise<boolean | Wrong>;

/** What is asked, and what it most likely means if it fails. */
export type Check = { ask: Ask; failing: Symptom };

/** A check that is not fine; without words, nothing is known that may be shown. */
type Failed = { says?: string; see: string };

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
  const remembered = createCache<string, Promise<true | Failed>>({
    max: named.length,
    lifetime: REMEMBERED,
    clock,
  });

  const failures = new Map<string, string>();

  function failed(name: string, failing: Symptom, error: unknown): Failed {
    const why = String(error);
    const place = { see: seeFor(error, failing) };
    if (failures.get(name) !== why)
      log.warn({ check: name, err: error, ...place }, 'a check of /readyz failed');
    failures.set(name, why);
    const trouble = networkTroubleIn(error);
    return { ...place, ...(trouble && { says: troubleWords(trouble) }) };
  }

  function answered(name: string, failing: Symptom, answer: boolean | Wrong): true | Failed {
    if (answer === false) return { see: see(failing) };
    if (answer === true && failures.delete(name))
      log.info({ check: name }, 'a check of /readyz passes again');
    return answer;
  }

  function ask(name: string, check: Check): Promise<true | Failed> {
    const known = remembered.get(name);
    if (known) return known;
    const answer = check.ask().then(
      (said) => answered(name, check.failing, said),
      (error) => failed(name, check.failing, error),
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
        const late = { see: see(check.failing) };
        const answer = await within(CHECK_TIMEOUT, clock, ask(name, check), late);
        return [name, answer] as const;
      }),
    ]);
    return summary([...found, ...Object.entries(watch.troubles())]);
  }

  return { all, running };
}

function summary(answers: (readonly [name: string, answer: true | Failed])[]): Readiness {
  const wrong = answers.flatMap(([name, answer]) => (answer === true ? [] : [{ name, ...answer }]));
  const reasons = wrong.flatMap(({ name, says }) => (says === undefined ? [] : [[name, says]]));
  return {
    ready: wrong.length === 0,
    checks: Object.fromEntries(
      answers.map(([name, answer]) => [name, answer === true ? 'ok' : 'failed']),
    ),
    ...(reasons.length > 0 && { reasons: Object.fromEntries(reasons) }),
    ...(wrong.length > 0 && { see: Object.fromEntries(wrong.map(({ name, see }) => [name, see])) }),
  };
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
