import type { Clock } from '../clock.ts';
import { type Check, type Finding, failed } from './finding.ts';
import type { Services } from './services.ts';

/** How long a check may take, in milliseconds. */
const LIMIT = 12_000;

/** How long all of them may take: those that begin late, after the others. */
export const LONGEST = 2 * LIMIT;

/** A check, and what it found. */
export type Result = { check: Check; findings: Finding[] };

/** Runs the checks side by side. Each has its time, and none can end the others. */
export async function runChecks(checks: readonly Check[], services: Services): Promise<Result[]> {
  const run = (some: readonly Check[]) =>
    Promise.all(some.map(async (check) => ({ check, findings: await runOne(check, services) })));
  const early = await run(checks.filter(({ isLate }) => !isLate));
  const late = await run(checks.filter(({ isLate }) => isLate));
  return [...early, ...late].sort((a, b) => checks.indexOf(a.check) - checks.indexOf(b.check));
}

async function runOne(check: Check, services: Services): Promise<Finding[]> {
  const tooLong = limitOf(check, services.clock);
  try {
    return await Promise.race([check.run(services), tooLong.findings]);
  } catch (error) {
    return [
      failed(check.name, `could not be checked (${nameOf(error)})`, {
        remedy: 'Run the doctor again. If it says the same, report a bug.',
      }),
    ];
  } finally {
    tooLong.stop();
  }
}

function limitOf({ name }: Check, clock: Clock) {
  let stop = () => {};
  const findings = new Promise<Finding[]>((resolve) => {
    stop = clock.after(LIMIT, () =>
      resolve([
        failed(name, `no answer within ${LIMIT / 1000} s`, {
          remedy: 'Check what is between this machine and it: firewall, proxy, DNS.',
        }),
      ]),
    );
  });
  return { findings, stop };
}

/** Not its message, which may quote anything. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? `${error.name} ${error.code}` : error.name;
}
