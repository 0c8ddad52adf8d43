import type { Clock } from '../clock.ts';
import type { People } from './people.ts';
import { type Trouble, troubleOf } from './trouble.ts';

/** How long the app is assumed to stay in a workspace. */
const GOOD_FOR = 5 * 60_000;

type Wiring = {
  people: Pick<People, 'workspace' | 'workspaces'>;
  /** The ids in `SECURID_WORKSPACES`. */
  wanted: readonly string[];
  clock: Clock;
};

/** Whether the app is installed in the workspaces whose people may use it. */
export function createWorkspaceChecks({ people, wanted, clock }: Wiring) {
  let askedAt = Number.NEGATIVE_INFINITY;
  let found: string | undefined;
  let isTold = wanted.length === 0;
  const isUntold = () => !isTold || found !== undefined;

  return {
    isDue: () => wanted.length > 0 && (isUntold() || clock.elapsed() - askedAt >= GOOD_FOR),
    isUntold,
    /** What is wrong, in a sentence. */
    trouble: () => found,
    /** @returns what else is wrong */
    async look(): Promise<Trouble | undefined> {
      askedAt = clock.elapsed();
      try {
        const own = await people.workspace();
        const has = (await people.workspaces()).map(({ id }) => id);
        found = wrongWith(wanted, has, own.teamId);
        isTold = true;
        return undefined;
      } catch (error) {
        return troubleOf(error);
      }
    },
  };
}

function wrongWith(
  wanted: readonly string[],
  has: readonly string[],
  only: string | undefined,
): string | undefined {
  const strange = wanted.filter((id) => !has.includes(id));
  if (strange.length === 0) return undefined;
  const where =
    only === undefined
      ? `the app is not in ${strange.join(', ')}`
      : `the app is installed in ${only} alone, not in ${strange.join(', ')}`;
  const nobody = strange.length === wanted.length ? ', so nobody may use it' : '';
  return `SECURID_WORKSPACES: ${where}${nobody}`;
}
